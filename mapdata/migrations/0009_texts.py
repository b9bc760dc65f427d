"""Names, titles and texts, a column for each language, become texts in any number of languages."""

from django.db import migrations, models

from newsroom.migrations._texts import merging
from newsroom.texts.fields import InLanguage, TextsField

# Model, field, the longest text (None: any), the languages that had a column, and whether the Dutch one was required.
THREE, TWO = ["nl", "en", "uk"], ["nl", "en"]
TEXTS = [
    ("situationmap", "title", "title", 200, THREE, True),
    ("situationmap", "methodology", "how the map is made", None, TWO, False),
    ("view", "name", "name", 100, THREE, True),
    ("party", "name", "name", 100, THREE, True),
    ("region", "name", "name", 100, THREE, True),
    ("place", "name", "name", 150, THREE, True),
    ("event", "title", "title", 200, THREE, True),
    ("event", "text", "text", None, TWO, False),
    ("event", "place", "place", 100, THREE, True),
]


def merged(model: str, field: str, words: str, longest: int | None, languages: list[str], required: bool) -> list:
    own = {"max_length": longest} if longest else {"multiline": True}
    own |= {} if required else {"blank": True}
    # On the way back it is empty at first.
    empty = models.CharField(default="", max_length=longest) if longest else models.TextField(default="")
    return [
        migrations.AddField(model, field, TextsField(verbose_name=words, **own)),
        *([migrations.AlterField(model, f"{field}_nl", empty)] if required else []),
        merging(f"mapdata.{model}", field, languages),
        *(migrations.RemoveField(model, f"{field}_{language}") for language in languages),
    ]


class Migration(migrations.Migration):
    dependencies = [("mapdata", "0008_contributors")]

    operations = [
        migrations.AlterModelOptions(
            "situationmap",
            {
                "ordering": [InLanguage("title")],
                "verbose_name": "situation map",
                "verbose_name_plural": "situation maps",
            },
        ),
        migrations.AlterModelOptions(
            "party", {"ordering": [InLanguage("name")], "verbose_name": "party", "verbose_name_plural": "parties"}
        ),
        migrations.AlterModelOptions(
            "region",
            {"ordering": ["level", InLanguage("name")], "verbose_name": "region", "verbose_name_plural": "regions"},
        ),
        migrations.AlterModelOptions(
            "place",
            {"ordering": ["-population", InLanguage("name")], "verbose_name": "place", "verbose_name_plural": "places"},
        ),
        migrations.RemoveIndex("place", "mapdata_place_biggest"),
        # It has the name in every language now.
        migrations.AlterField("place", "folded", models.TextField(editable=False)),
        *(operation for text in TEXTS for operation in merged(*text)),
        migrations.AddIndex("place", models.Index(fields=["-population"], name="mapdata_place_largest")),
    ]

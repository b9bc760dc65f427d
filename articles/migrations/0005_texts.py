"""Names of sections and roles of people, a column for each language, become texts in any number of languages."""

from django.db import migrations, models

from newsroom.migrations._texts import merging
from newsroom.texts.fields import InLanguage, TextsField


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_contributors")]

    operations = [
        migrations.AlterModelOptions(
            "section",
            {"ordering": [InLanguage("name")], "verbose_name": "section", "verbose_name_plural": "sections"},
        ),
        migrations.AddField("person", "role", TextsField(blank=True, max_length=200, verbose_name="role")),
        migrations.AddField("section", "name", TextsField(max_length=100, verbose_name="name")),
        # On the way back it is empty at first.
        migrations.AlterField("section", "name_nl", models.CharField(default="", max_length=100)),
        merging("articles.person", "role", ["nl", "en"]),
        merging("articles.section", "name", ["nl", "en"]),
        migrations.RemoveField("person", "role_nl"),
        migrations.RemoveField("person", "role_en"),
        migrations.RemoveField("section", "name_nl"),
        migrations.RemoveField("section", "name_en"),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapdata", "0006_exports"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="carries",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="carried",
                to="mapdata.edition",
                verbose_name="carries forward",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="carries_revision",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="edition",
            name="carries_into",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
    ]

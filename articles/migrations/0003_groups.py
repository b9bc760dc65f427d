from django.db import migrations

from newsroom import roles


def make_groups(apps, schema_editor):
    roles.make_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    """Administrators see everybody's jobs."""

    dependencies = [
        ("articles", "0002_groups"),
        ("newsroom", "0002_jobs"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]

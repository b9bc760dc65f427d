from django.db import migrations

from newsroom import roles


def make_groups(apps, schema_editor):
    roles.make_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    """The roles again, with what was added to the desk since."""

    dependencies = [
        ("articles", "0002_groups"),
        ("mapdata", "0007_corrections"),
        ("newsroom", "0003_exports"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]

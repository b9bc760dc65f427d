from django.db import migrations

from newsroom import roles


def make_groups(apps, schema_editor):
    roles.make_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    """The four roles. It runs last of the three apps, when all that they refer to is there."""

    dependencies = [
        ("articles", "0001_initial"),
        ("mapdata", "0001_initial"),
        ("newsroom", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]

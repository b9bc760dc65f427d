from django.db import migrations, models

from newsroom.migrations import _contributors


def note_contributors(apps, schema_editor):
    _contributors.note_on_drafts(apps, "articles.Story")


class Migration(migrations.Migration):
    """Who changed the words of a draft. Published versions stay as they are: theirs was not noted."""

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('articles', '0003_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='story',
            name='contributors',
            field=models.JSONField(default=list, editable=False, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='story',
            name='unchecked',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='storyversion',
            name='contributors',
            field=models.JSONField(default=list, editable=False, verbose_name='changed by'),
        ),
        migrations.RunPython(note_contributors, migrations.RunPython.noop),
    ]

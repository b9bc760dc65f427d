from django.db import migrations, models

from newsroom.migrations import _contributors


def note_contributors(apps, schema_editor):
    _contributors.note_on_drafts(apps, "mapdata.Event")
    for draft in apps.get_model("mapdata", "Edition").objects.filter(published_at=None):
        drawn = draft.operations.order_by("id").values_list("by", flat=True)
        draft.contributors = list(dict.fromkeys([*_contributors.of_draft(apps, draft), *drawn]))
        draft.unchecked = draft.contributors
        draft.save(update_fields=["contributors", "unchecked"])


class Migration(migrations.Migration):
    """Who changed the words of a draft. Published versions stay as they are: theirs was not noted."""

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('mapdata', '0007_corrections'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='contributors',
            field=models.JSONField(default=list, editable=False, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='edition',
            name='unchecked',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='event',
            name='contributors',
            field=models.JSONField(default=list, editable=False, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='event',
            name='unchecked',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='eventversion',
            name='contributors',
            field=models.JSONField(default=list, editable=False, verbose_name='changed by'),
        ),
        migrations.RunPython(note_contributors, migrations.RunPython.noop),
    ]

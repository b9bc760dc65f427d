"""Jobs are known by where their function stands: those of imports stand in the admin's package of imports now."""

from django.db import migrations

MOVED = {
    "mapdata.wizard.jobs.look": "mapdata.admin.imports.jobs.look",
    "mapdata.wizard.jobs.make": "mapdata.admin.imports.jobs.make",
}


def follow(apps, moved: dict[str, str]) -> None:
    """The job that somebody waits for, and what the queue has of it."""
    for before, after in moved.items():
        apps.get_model("newsroom", "Job").objects.filter(kind=before).update(kind=after)
        apps.get_model("django_tasks_database", "DBTaskResult").objects.filter(task_path=before).update(task_path=after)


def forwards(apps, schema_editor) -> None:
    follow(apps, MOVED)


def backwards(apps, schema_editor) -> None:
    follow(apps, {after: before for before, after in MOVED.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("mapdata", "0009_texts"),
        ("newsroom", "0002_jobs"),
        ("django_tasks_database", "0001_initial"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]

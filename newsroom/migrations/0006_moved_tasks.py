"""Tasks are queued under where their function stands: those that make downloads stand in rooms of their own now."""

from django.db import migrations

MOVED = {
    "newsroom.downloads.make_all": "newsroom.downloads.download.make_all",
    "newsroom.downloads.make_one": "newsroom.downloads.download.make_one",
}
# What a task is asked to make is named in its arguments, in the same way.
RECIPES = {
    f"mapdata.downloads.{name}": f"mapdata.reading.downloads.{name}" for name in ("ground_of", "series", "events")
}


def rename(apps, moved: dict[str, str], recipes: dict[str, str]) -> None:
    tasks = apps.get_model("django_tasks_database", "DBTaskResult").objects
    for before, after in moved.items():
        for task in tasks.filter(task_path=before):
            task.task_path = after
            for argument in task.args_kwargs["args"]:
                if isinstance(argument, list) and argument:
                    argument[0] = recipes.get(argument[0], argument[0])
            task.save(update_fields=["task_path", "args_kwargs"])


def forwards(apps, schema_editor) -> None:
    rename(apps, MOVED, RECIPES)


def backwards(apps, schema_editor) -> None:
    rename(apps, *({after: before for before, after in names.items()} for names in (MOVED, RECIPES)))


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0004_account_events"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]

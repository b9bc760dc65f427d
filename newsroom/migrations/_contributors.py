"""For the migrations that bring `contributors`: who is known to have changed the drafts that there are."""

import json

ADDITION, CHANGE = 1, 2


def of_draft(apps, draft, since=None) -> list[int]:
    """Who began it, then whoever the admin's history names since the last version, in their order."""
    entries = apps.get_model("admin", "LogEntry").objects.filter(
        content_type__app_label=draft._meta.app_label,
        content_type__model=draft._meta.model_name,
        object_id=str(draft.pk),
        action_flag__in=[ADDITION, CHANGE],
    )
    if since:
        entries = entries.filter(action_time__gt=since)
    found = [draft.written_by_id]
    found += [entry.user_id for entry in entries.order_by("action_time") if changed_words(entry.change_message)]
    return list(dict.fromkeys(found))


def changed_words(message: str) -> bool:
    """Steps (submitted, published) have words of their own in the history; a save has a list of what it changed."""
    try:
        return bool(json.loads(message))
    except ValueError:
        return False


def note_on_drafts(apps, label: str) -> None:
    """On drafts that have versions beside them (stories, events)."""
    for draft in apps.get_model(label).objects.all():
        if draft.revision == draft.published_revision:
            continue
        newest = draft.versions.order_by("-number").first()
        draft.contributors = draft.unchecked = of_draft(apps, draft, newest and newest.published_at)
        draft.save(update_fields=["contributors", "unchecked"])

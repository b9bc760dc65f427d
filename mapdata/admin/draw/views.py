"""The page on which the ground of a draft edition is edited, and what its script asks for.

Everything can be asked by the page's form, with or without a script: a script sends the same form and wants JSON back
(`Accept: application/json`), and otherwise the answer is the page itself, or a redirect to it.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from mapdata.admin import pictures
from mapdata.admin.draw.answers import AreasSince, History, conflict_json, events_json, preview_json, step_json
from mapdata.admin.draw.changes_in_words import Words
from mapdata.admin.draw.forms import OperationForm, TurnForm, place_of
from mapdata.admin.draw.script_words import WORDS
from mapdata.admin.widgets import DRAW_MEDIA
from mapdata.drawing.legend import patterns_of
from mapdata.ground.moves import moved
from mapdata.ground.redrawing import CannotBeDone
from mapdata.models import Conflict, Edition, Operation, Place, Presence, drafting
from newsroom.publishing import Refused


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def addresses(desk: ModelAdmin) -> list[URLPattern]:
    views: list[tuple[str, Callable]] = [
        ("draw", partial(draw_view, desk)),
        ("operate", require_POST(partial(operate_view, desk))),
        ("state", require_safe(partial(state_view, desk))),
        ("outline", require_safe(partial(outline_view, desk))),
        ("events", require_safe(partial(events_view, desk))),
        ("places", require_safe(partial(places_view, desk))),
    ]
    return [path(f"<int:pk>/{name}/", _at_the_desk(desk, view), name=f"mapdata_edition_{name}") for name, view in views]


def _at_the_desk(desk: ModelAdmin, view: Callable) -> Callable:
    """Like `admin_view`; a script whose session is gone is told so, instead of being sent to a page to log in."""
    inner = desk.admin_site.admin_view(view, cacheable=True)

    @wraps(view)
    def outer(request, *args, **kwargs):
        if wants_json(request) and not desk.admin_site.has_permission(request):
            return JsonResponse({"login": reverse(f"{desk.admin_site.name}:login")}, status=401)
        response = inner(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    # What admin_view says of itself (that it checks the form's token) is true of this.
    outer.csrf_exempt = False
    return outer


def drawn(desk: ModelAdmin, request: HttpRequest, pk: int) -> Edition:
    """The edition, for who may see it."""
    edition = Edition.objects.filter(pk=pk).select_related("map").defer("content").first()
    if edition is None or not desk.has_view_permission(request, edition):
        raise Http404
    return edition


def draw_url(desk: ModelAdmin, edition: Edition) -> str:
    return reverse(f"{desk.admin_site.name}:mapdata_edition_draw", args=[quote(edition.pk)])


# The page


def draw_view(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    edition = drawn(desk, request, pk)
    if not desk.has_change_permission(request, edition):
        # Submitted or published in the meantime, or never theirs to change: the edition's page says which.
        return HttpResponseRedirect(desk.change_url(edition))
    Presence.note(edition, request.user)
    form = OperationForm(edition=edition, initial={"revision": edition.revision, "kind": Operation.Kind.REGION})
    return draw_page(desk, request, edition, form)


def draw_page(desk: ModelAdmin, request: HttpRequest, edition: Edition, form: OperationForm, **context) -> HttpResponse:
    base = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "original": edition,
        "title": _t("Edit the ground"),
        "subtitle": str(edition),
        "media": desk.media + DRAW_MEDIA,
        "form": form,
        "history": History.of(edition),
        "others": [presence.user for presence in Presence.objects.others(edition, request.user)],
        "change_url": desk.change_url(edition),
        "picture": desk.picture(edition),
        # The script draws what an operation makes of the ground: in patterns that may not be there yet.
        "patterns": patterns_of(pictures.every_style()),
        # The map is as large as it can be.
        "is_nav_sidebar_enabled": False,
        "draw": told(desk, request, edition),
    }
    status = 400 if form.is_bound and form.errors else 200
    return TemplateResponse(request, "admin/mapdata/edition/draw.html", base | context, status=status)


def told(desk: ModelAdmin, request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """What the page's script is told."""
    west, south, east, north = edition.map.bounds
    addresses = {
        name: reverse(f"{desk.admin_site.name}:mapdata_edition_{name}", args=[edition.pk])
        for name in ("areas", "outline", "events", "places", "operate", "state")
    }
    return addresses | {
        "base": reverse(f"{desk.admin_site.name}:mapdata_edition_base"),
        "bounds": [[south, west], [north, east]],
        "key": f"edition-{edition.pk}",
        "revision": edition.revision,
        "me": str(request.user),
        "snap_px": 12,
        "words": {name: str(word) for name, word in WORDS.items()},
    }


# Operations


def operate_view(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    edition = drawn(desk, request, pk)
    if not desk.has_change_permission(request, edition):
        if wants_json(request):
            closed = _t("This draft can no longer be changed: it was submitted, sent back or published.")
            return JsonResponse({"errors": {"__all__": [closed]}}, status=403)
        raise PermissionDenied
    Presence.note(edition, request.user)
    for kind in (Operation.Kind.UNDO, Operation.Kind.REDO):
        if request.POST.get("action") == kind or f"_{kind}" in request.POST:
            return turn(desk, request, edition, kind)
    preview = request.POST.get("preview") == "1" or "_preview" in request.POST
    form = OperationForm(request.POST, edition=edition, asks_preview=preview)
    if not form.is_valid():
        return refused_form(desk, request, edition, form)
    try:
        return show_preview(desk, request, edition, form) if preview else operate(desk, request, edition, form)
    except CannotBeDone as why:
        form.add_error(place_of(form), str(why))
    except Conflict as conflict:
        return conflicting(desk, request, edition, form, conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return refused_form(desk, request, edition, form)


def operate(desk: ModelAdmin, request: HttpRequest, edition: Edition, form: OperationForm) -> HttpResponse:
    cleaned = form.cleaned_data
    operation = drafting.operate(
        edition,
        request.user,
        form.chosen,
        form.change,
        key=cleaned["key"],
        seen=cleaned["revision"],
        sources=cleaned["sources"],
        note=cleaned["note"],
    )
    if operation is None:
        words = Words().flows([])
        if wants_json(request):
            return JsonResponse(answer(edition, cleaned["revision"], saved=True, step=None, words=words))
        desk.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(draw_url(desk, edition))
    return done(desk, request, edition, operation, cleaned["revision"])


def turn(desk: ModelAdmin, request: HttpRequest, edition: Edition, kind: str) -> HttpResponse:
    seen = request.POST.get("step") or request.POST.get(f"_{kind}")
    form = TurnForm({"key": request.POST.get("key"), "step": seen})
    form.is_valid()
    act = drafting.undo if kind == Operation.Kind.UNDO else drafting.redo
    try:
        operation = act(edition, request.user, form.cleaned_data.get("step"), form.cleaned_data.get("key"))
    except Refused as refusal:
        if not wants_json(request):
            desk.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(draw_url(desk, edition))
        if isinstance(refusal, Conflict):
            return conflicting(desk, request, edition, None, refusal)
        return JsonResponse({"errors": {"__all__": refusal.reasons}}, status=400)
    return done(desk, request, edition, operation, operation.revision - 1)


def done(
    desk: ModelAdmin, request: HttpRequest, edition: Edition, operation: Operation, seen: int | None
) -> HttpResponse:
    words = Words()
    said = words.flows(operation.moved)
    if operation.kind in {Operation.Kind.UNDO, Operation.Kind.REDO}:
        said = f"{operation.get_kind_display()}: {words.flows(operation.of.moved)}".capitalize()
    desk.log_change(request, edition, said)
    if not wants_json(request):
        desk.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(draw_url(desk, edition))
    return JsonResponse(
        answer(
            edition,
            seen,
            saved=True,
            step=step_json(operation, words),
            ground=pictures.geometry(operation.changed),
            words=said,
        )
    )


def show_preview(desk: ModelAdmin, request: HttpRequest, edition: Edition, form: OperationForm) -> HttpResponse:
    """What it would change, without doing it; of a front line both sides, so that one can be chosen."""
    areas = edition.ground_areas()
    said = preview_json(form, areas, lambda change: moved(areas, tuple(change(areas))))
    if wants_json(request):
        return JsonResponse({"saved": False, "revision": edition.revision, "step": None, **said})
    return draw_page(desk, request, edition, form, preview=said)


def refused_form(desk: ModelAdmin, request: HttpRequest, edition: Edition, form: OperationForm) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"errors": form.errors}, status=400)
    return draw_page(desk, request, edition, form)


def conflicting(
    desk: ModelAdmin, request: HttpRequest, edition: Edition, form: OperationForm | None, conflict: Conflict
) -> HttpResponse:
    """What was asked is not done; the answer shows what others did there."""
    said = conflict_json(conflict, Words())
    if form is not None and not wants_json(request):
        form.add_error(None, str(conflict))
        # What is shown now is the new picture: asked again, it is done on that.
        form.data = form.data.copy()
        form.data["revision"] = edition.revision
        return draw_page(desk, request, edition, form, conflict=said)
    seen = form.cleaned_data["revision"] if form else 0
    edition.refresh_from_db(fields=["revision"])
    return JsonResponse({"conflict": said, **answer(edition, seen)}, status=409)


def answer(edition: Edition, seen: int | None, **said) -> dict[str, Any]:
    """What every answer to a script has: the new revision, what is drawn otherwise since `seen`, the history."""
    return {
        "revision": edition.revision,
        "areas": AreasSince.since(edition, seen or 0).as_json(),
        **History.of(edition).as_json(),
        **said,
    }


# What the map shows besides


def state_view(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """What happened in the draft since a revision, and who else is at work in it."""
    edition = drawn(desk, request, pk)
    seen = request.GET.get("since", "")
    seen = int(seen) if seen.isdecimal() else edition.revision
    Presence.note(edition, request.user)
    since = edition.operations.filter(revision__gt=seen).select_related("by", "of").order_by("id")
    people = [
        {"name": str(presence.user), "since": presence.since.isoformat()}
        for presence in Presence.objects.others(edition, request.user)
    ]
    words = Words()
    return JsonResponse(
        answer(
            edition,
            seen,
            steps=[step_json(operation, words, with_ground=True) for operation in since],
            people=people,
            open=desk.has_change_permission(request, edition),
        )
    )


def outline_view(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The newest edition that readers have, to see what the draft changes."""
    edition = drawn(desk, request, pk)
    newest = Edition.objects.filter(map=edition.map).showing()
    return JsonResponse({"type": "FeatureCollection", "features": pictures.areas(newest) if newest else []})


def events_view(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    return JsonResponse(events_json(drawn(desk, request, pk)))


def places_view(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    drawn(desk, request, pk)
    found = Place.search(request.GET.get("q", ""), 12)
    return JsonResponse(
        {
            "places": [
                {"name": str(place), "detail": str(place.region or ""), "lat": place.lat, "lon": place.lon}
                for place in found
            ]
        }
    )

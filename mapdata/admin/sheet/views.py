"""The pages of the change sheet, and what is asked on them: a correction, its way into later editions."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from mapdata.admin.sheet.publishing import EditionProof
from mapdata.models import Edition, corrections
from mapdata.reading.change import in_km2
from newsroom.desk import PublishingAdmin
from newsroom.desk.missing import does_not_exist
from newsroom.publishing import Refused
from newsroom.templatetags.moments import written

# What a button of the sheet does.
Act = Callable[[PublishingAdmin, HttpRequest, Edition], HttpResponse]


def addresses(desk: PublishingAdmin) -> list[URLPattern]:
    views = {
        "sheet": sheet_view,
        "correct": partial(posted, name="correct", act=correct),
        "carry": partial(posted, name="carry", act=carry),
    }
    return [
        path(f"<path:object_id>/{name}/", desk.admin_site.admin_view(partial(view, desk)), name=desk.step_name(name))
        for name, view in views.items()
    ]


def sheet_view(desk: PublishingAdmin, request, object_id):
    obj = desk.asked(request, object_id, "sheet")
    if obj is None:
        return does_not_exist(desk, request, object_id)
    steps = desk.steps(request, obj)
    context = sheet_context(desk, request, obj, EditionProof(obj)) | {
        "submit_url": desk.step_url("submit", obj) if "submit" in steps else "",
        "publish_url": desk.step_url("publish", obj) if "publish" in steps else "",
    }
    return desk.step_page(request, obj, "sheet", _t("Change sheet"), context)


def sheet_context(desk: PublishingAdmin, request, obj: Edition, proof: EditionProof) -> dict:
    sheet = proof.sheet
    drafts = {draft.situation_at: desk.step_url("sheet", draft) for draft in corrections.carried_drafts(obj)}
    return {
        "sheet": sheet,
        "before_words": before_words(sheet.before, obj.map.zone),
        "carries_url": desk.step_url("sheet", obj.carries) if obj.carries else "",
        "carry_url": desk.step_url("carry", obj) if desk.may(request, "carry", obj) else "",
        "reach": [
            {
                "edition": later,
                "moment": written(later.situation_at, "exact", obj.map.zone),
                "km2": in_km2(km2),
                "draft_url": drafts.get(later.situation_at, ""),
            }
            for later, km2 in corrections.reach_km2(obj)
        ],
    }


def before_words(before: Edition | None, zone) -> str:
    if before is None:
        return ""
    moment = written(before.situation_at, "exact", zone)
    return _t("edition %(number)s: %(moment)s") % {"number": before.number, "moment": moment}


def posted(desk: PublishingAdmin, request, object_id, name: str, act: Act):
    """What `act` answers, of what has no page but a button."""
    obj = desk.asked(request, object_id, name)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return does_not_exist(desk, request, object_id) if obj is None else act(desk, request, obj)


def correct(desk: PublishingAdmin, request, obj: Edition):
    try:
        draft, begun = corrections.begin_correction(obj, request.user)
    except Refused as refusal:
        desk.message_user(request, str(refusal), messages.ERROR)
        return HttpResponseRedirect(desk.change_url(obj))
    words = _t("The correction has begun, with the ground as it was published. Change what was wrong.")
    if not begun:
        words = _t("A correction of this edition was begun already: this is it.")
    else:
        desk.log_addition(request, draft, _t("Begun as a correction of edition %(number)s.") % {"number": obj.number})
    desk.message_user(request, words, messages.SUCCESS if begun else messages.WARNING)
    return HttpResponseRedirect(desk.change_url(draft))


def carry(desk: PublishingAdmin, request, obj: Edition):
    chosen = {int(pk) for pk in request.POST.getlist("edition") if pk.isdecimal()}
    try:
        drafts = corrections.carry_forward(obj, request.user, chosen)
    except Refused as refusal:
        desk.message_user(request, str(refusal), messages.ERROR)
    else:
        words = _t("Carries forward the correction %(correction)s.") % {"correction": obj}
        for draft in drafts:
            desk.log_addition(request, draft, words)
        said = ngettext(
            "%(count)d draft was made, which brings this correction to a later edition.",
            "%(count)d drafts were made, which bring this correction to later editions.",
            len(drafts),
        )
        desk.message_user(request, said % {"count": len(drafts)}, messages.SUCCESS)
    return HttpResponseRedirect(desk.step_url("sheet", obj))


def may_correct(desk: PublishingAdmin, request, obj: Edition) -> bool:
    return obj.is_released and not obj.is_withdrawn and desk.may(request, "correct", obj)

"""The desk's pages for what takes long: one's own jobs, and how far each is."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import OperationalError
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.jobs.job import State
from newsroom.models import Job

RECENT = timedelta(days=3)
LENGTH = 5
LONGEST = 100
# What the badges of drafts mean, said of jobs.
BADGES = {
    State.WAITING: "draft",
    State.RUNNING: "scheduled",
    State.DONE: "published",
    State.FAILED: "withdrawn",
    State.CANCELLED: "draft",
}


def addresses(site: AdminSite) -> list[URLPattern]:
    own = site.admin_view
    return [
        path("jobs/", own(jobs_view), {"site": site}, name="jobs"),
        path("jobs/<int:pk>/", own(job_view), {"site": site}, name="job"),
        path("jobs/<int:pk>/state/", own(state_view), name="job_state"),
        path("jobs/<int:pk>/cancel/", own(cancel_view), name="job_cancel"),
    ]


def recent(user) -> list[Job]:
    """What somebody asked for lately, for the desk's first page."""
    return list(Job.objects.filter(asked_by=user, asked_at__gte=timezone.now() - RECENT)[:LENGTH])


@require_safe
def jobs_view(request, site: AdminSite) -> TemplateResponse:
    found = Job.objects.visible_to(request.user).select_related("asked_by")[:LONGEST]
    rows = [(job, BADGES[job.state]) for job in found]
    context = {**site.each_context(request), "title": _("Jobs"), "rows": rows}
    return TemplateResponse(request, "admin/jobs/list.html", context)


@require_safe
def job_view(request, pk: int, site: AdminSite) -> TemplateResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    context = {**site.each_context(request), "title": job.title, "subtitle": job.about, "job": job}
    return TemplateResponse(request, "admin/jobs/job.html", context | {"badge": BADGES[job.state]})


@require_safe
def state_view(request, pk: int) -> JsonResponse:
    """What the page's script asks for every second."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    said = {"state": job.state, "finished": job.is_finished, "done": job.done, "total": job.total}
    words = {"words": job.words, "measure": job.measure, "name": job.get_state_display()}
    return JsonResponse(said | words, headers={"Cache-Control": "no-store"})


@require_POST
def cancel_view(request, pk: int) -> HttpResponseRedirect:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if job.is_finished:
        messages.info(request, _("It had ended already."))
    else:
        cancel(request, job)
    return HttpResponseRedirect(job.page or reverse("admin:job", args=[pk]))


def cancel(request, job: Job) -> None:
    """Cancel a job, and say what that means."""
    try:
        job.cancel()
    except OperationalError:
        # SQLite has one writer, which is the job.
        messages.error(request, _("It is being saved at this very moment. Look again in a little while."))
    else:
        stopped, stopping = (
            _("Cancelled. Nothing of it was kept."),
            _("It stops at its next step. Nothing of it is kept."),
        )
        messages.success(request, stopped if job.is_finished else stopping)

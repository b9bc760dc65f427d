"""What a person asked for that takes long: it runs in the worker (`manage.py work`), and the desk shows how far it is.

A job is all or nothing and safe to repeat: where the worker is killed, the next one begins it again. So its function
first computes, telling `progress`, and then writes everything within `writing`, in whose transaction the job itself is
marked done.
"""

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from newsroom.jobs.heartbeat import beating
from newsroom.publishing import Refused

log = logging.getLogger(__name__)

# A running job is heard of every few seconds; one that was silent for this long has no worker any more.
LEASE = timedelta(seconds=20)
# A job that broke off this often ends its worker: it is not begun again.
MOST_ATTEMPTS = 3
WORDS = 300


class Cancelled(Exception):
    """Somebody asked to stop this job."""


class Lost(Exception):
    """Another worker has this job now."""


class Failed(Exception):
    """A job that cannot be done, and why, in words for whoever asked."""


def background(title: str, page: Callable[..., str] | None = None) -> Callable:
    """Makes `function(job, **arguments)` a task that `Job.start` takes; it returns what is kept as the job's result.

    Arguments and result are what JSON can hold. `result["url"]`, if there is one, is where to go when it is done;
    `page(**arguments)` is the page where it was asked, whatever becomes of it.
    """

    def decorate(function: Callable) -> Any:
        @functools.wraps(function)
        def run(job: int) -> None:
            if taken := Job.objects.take(job):
                taken.perform(function)

        run.title, run.page = title, page
        return task()(run)

    return decorate


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("job", "waiting")
    RUNNING = "running", pgettext_lazy("job", "running")
    DONE = "done", pgettext_lazy("job", "done")
    FAILED = "failed", pgettext_lazy("job", "failed")
    CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")


class JobQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JobQuerySet":
        """Who asked for a job sees it, and who looks after everybody's."""
        return self if user.has_perm("newsroom.view_job") else self.filter(asked_by=user)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[State.WAITING, State.RUNNING])

    def take(self, pk: int) -> "Job | None":
        """The job to work on; None where it was cancelled, or another worker was first."""
        now = timezone.now()
        waiting = self.filter(pk=pk, state=State.WAITING)
        taken = waiting.update(state=State.RUNNING, attempt=models.F("attempt") + 1, started_at=now, beat_at=now)
        return self.get(pk=pk) if taken else None

    def take_up(self) -> None:
        """Queue again what a worker left behind when it was killed. For a worker that has nothing else to do."""
        left = self.unfinished().filter(beat_at__lt=timezone.now() - LEASE)
        for job in left:
            if job.cancel_asked:
                job.finish_cancelled()
            elif job.task is None:
                job.fail(_t("This kind of job is not there any more."))
            elif job.state == State.RUNNING and job.broken_off + 1 >= MOST_ATTEMPTS:
                job.fail(_t("It broke off %(count)d times, so it is not begun again.") % {"count": MOST_ATTEMPTS})
            else:
                job.queue(broken_off=job.broken_off + (job.state == State.RUNNING))

    def forget(self, before: timedelta = timedelta(days=30)) -> None:
        """Remove what ended long ago, and what the queue remembers of it."""
        moment = timezone.now() - before
        self.exclude(state__in=[State.WAITING, State.RUNNING]).filter(finished_at__lt=moment).delete()
        DBTaskResult.objects.finished().filter(finished_at__lt=moment).delete()


class Job(models.Model):
    """Something under way. Its changes are conditional on its attempt: a worker that lost it changes nothing."""

    kind = models.CharField(_("kind"), max_length=200)
    about = models.CharField(_("subject"), max_length=200, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    beat_at = models.DateTimeField(_("last heard of"), default=timezone.now)
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    broken_off = models.PositiveSmallIntegerField(_("times broken off"), default=0)
    cancel_asked = models.BooleanField(_("is to stop"), default=False)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("of how many"), default=0)
    words = models.CharField(_("what it is doing"), max_length=WORDS, blank=True)
    result = models.JSONField(_("result"), null=True)
    error = models.TextField(_("what went wrong"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["state", "beat_at"], name="newsroom_job_left")]

    # Set while it runs: why it must stop, and how its progress gets to the database.
    stop: type[Exception] | None = None
    pulse = None

    def __str__(self) -> str:
        return f"{self.title}: {self.about}" if self.about else self.title

    @classmethod
    def start(cls, task, by, about: str = "", **arguments) -> "Job":
        """Ask for `task` (made by `background`), in the name of `by`; `about` says in a word what it is done to."""
        job = cls(kind=task.module_path, asked_by=by, about=about[:200], arguments=arguments)
        job.language = translation.get_language() or settings.LANGUAGE_CODE
        with transaction.atomic():
            job.save()
            task.enqueue(job.pk)
        return job

    @property
    def task(self) -> Callable | None:
        """None for a kind of an earlier release."""
        try:
            return import_string(self.kind).func
        except ImportError:
            return None

    @property
    def title(self) -> str:
        return str(self.task.title) if self.task else self.kind.rpartition(".")[2]

    @property
    def page(self) -> str:
        """Where it was asked; empty where that is no page of its own."""
        return self.task.page(**self.arguments) if self.task and self.task.page else ""

    @property
    def is_finished(self) -> bool:
        return self.state not in {State.WAITING, State.RUNNING}

    @property
    def measure(self) -> str:
        """How far it is, in words; empty where nobody knows of how many."""
        if not self.total:
            return ""
        numbers = {"done": number_format(self.done, force_grouping=True), "percent": 100 * self.done // self.total}
        numbers["total"] = number_format(self.total, force_grouping=True)
        return _t("%(done)s of %(total)s (%(percent)d%%)") % numbers

    @property
    def url(self) -> str:
        """Where to go when it is done; empty where there is nothing to see."""
        return (self.result or {}).get("url", "")

    def _mine(self) -> models.QuerySet:
        return Job.objects.filter(pk=self.pk, attempt=self.attempt, state=State.RUNNING)

    def progress(self, done: int, total: int = 0, words: str = "") -> None:
        """Say how far it is (`total` 0: nobody knows) and, if that changed, what it is doing now. Cheap.

        Raises `Cancelled` when somebody asked to stop, `Lost` when another worker has it.
        """
        self.done, self.total = int(done), int(total)
        self.words = words[:WORDS] or self.words
        if self.pulse:
            self.pulse.hear()
        if self.stop:
            raise self.stop

    def tell(self) -> None:
        """Write that it is alive and how far it is; hear whether it is to stop."""
        told = self._mine().update(beat_at=timezone.now(), done=self.done, total=self.total, words=self.words)
        if not told:
            self.stop = Lost
        elif self._mine().filter(cancel_asked=True).exists():
            self.stop = Cancelled

    @contextmanager
    def writing(self) -> Iterator[dict]:
        """All that the job writes, in one transaction that also marks it done; yields the result, to be filled."""
        # While SQLite's one writer is the job, nobody hears of it: so its last words are written now.
        self.tell()
        if self.stop:
            raise self.stop
        with transaction.atomic():
            result: dict = {}
            yield result
            self._end(State.DONE, result=result)

    def _end(self, state: State, **fields) -> None:
        """Raises where the job is somebody else's, or is to stop: what was written with it is rolled back."""
        mine = self._mine()
        if state == State.DONE:
            mine = mine.filter(cancel_asked=False)
        if not mine.update(state=state, finished_at=timezone.now(), done=self.done, total=self.total, **fields):
            raise Cancelled if self._mine().exists() else Lost
        self.state = state

    def perform(self, function: Callable) -> None:
        """Do it, and write down how it ended; whatever goes wrong with it is the job's, not the worker's."""
        with translation.override(self.language):
            try:
                with beating(self):
                    result = function(self, **self.arguments)
                    if not self.is_finished:
                        self._end(State.DONE, result=result)
            except Cancelled:
                self.finish_cancelled()
            except Lost:
                log.warning("Job %s was taken over by another worker.", self.pk)
            except SystemExit:
                # The worker is told to stop: the next one begins the job again.
                self.queue()
                raise
            except (Failed, Refused) as why:
                self.fail(str(why))
            except Exception:
                log.exception("Job %s (%s) failed.", self.pk, self.kind)
                words = _t("Something went wrong that nobody foresaw. The log has it as job %(number)s.")
                self.fail(words % {"number": self.pk})

    def finish_cancelled(self) -> None:
        self._mine().update(state=State.CANCELLED, finished_at=timezone.now())

    def fail(self, words: str) -> None:
        mine = Job.objects.unfinished().filter(pk=self.pk, attempt=self.attempt)
        mine.update(state=State.FAILED, finished_at=timezone.now(), error=words)

    def queue(self, **fields) -> None:
        """Back to the queue: the worker stops, or was killed. Being there twice does no harm: it is taken once."""
        same = Job.objects.filter(pk=self.pk, attempt=self.attempt, state=self.state)
        with transaction.atomic():
            if same.update(state=State.WAITING, beat_at=timezone.now(), done=0, total=0, words="", **fields):
                import_string(self.kind).enqueue(self.pk)

    def cancel(self) -> None:
        """Ask to stop. What waits is cancelled at once; what runs stops at its next step, and nothing of it stays."""
        waiting = Job.objects.filter(pk=self.pk, state=State.WAITING)
        if not waiting.update(state=State.CANCELLED, cancel_asked=True, finished_at=timezone.now()):
            Job.objects.filter(pk=self.pk, state=State.RUNNING).update(cancel_asked=True)
        self.refresh_from_db()


# What a worker does once a day.
_DAILY: list[Callable] = [Job.objects.forget]


def daily(function: Callable) -> Callable:
    """Registers what is to be done once a day, such as removing what nobody came back for."""
    _DAILY.append(function)
    return function


def tend() -> None:
    """Do all of them; one that fails does not keep the others, or the worker, from theirs."""
    for function in _DAILY:
        try:
            function()
        except Exception:
            log.exception("The daily %s failed.", function.__qualname__)

"""What takes long: how it begins, ends, and is shown. Here jobs run where they are asked for; see test_worker.py."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from newsroom.jobs.job import MOST_ATTEMPTS, State, tend
from newsroom.models import Job, Source
from tests import some_jobs
from tests.makers import make_user

QUEUED = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

pytestmark = pytest.mark.usefixtures("english")


class JobTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_user(groups=["reporter"])

    def start(self, task, **arguments) -> Job:
        job = Job.start(task, self.user, **arguments)
        job.refresh_from_db()
        return job

    def queued(self, task, **arguments) -> Job:
        """A job that no worker has seen yet."""
        with self.settings(TASKS=QUEUED):
            return Job.start(task, self.user, **arguments)

    def test_a_job_does_its_work_and_says_where_to_find_it(self):
        job = self.start(some_jobs.add, about="NOS", publisher="NOS")
        self.assertEqual((job.state, job.url), (State.DONE, "/admin/newsroom/source/"))
        self.assertEqual(str(job), "Adding a source: NOS")
        self.assertIsNotNone(job.finished_at)
        self.assertTrue(Source.objects.filter(publisher="NOS").exists())

    def test_what_a_job_returns_is_its_result(self):
        self.assertEqual(self.start(some_jobs.look).result, {"sources": 0})

    def test_a_job_that_cannot_be_done_says_why_and_leaves_nothing(self):
        job = self.start(some_jobs.refuse)
        self.assertEqual((job.state, job.error), (State.FAILED, "There are sources enough."))
        self.assertFalse(Source.objects.exists())

    def test_a_job_that_breaks_down_says_so_and_the_log_says_how(self):
        with self.assertLogs("newsroom.jobs", "ERROR") as log:
            job = self.start(some_jobs.stumble)
        self.assertEqual(job.state, State.FAILED)
        self.assertIn(f"job {job.pk}", job.error)
        self.assertNotIn("secret", job.error)
        self.assertIn("ZeroDivisionError: secret", log.output[0])
        self.assertFalse(Source.objects.exists())

    def test_a_job_speaks_the_language_of_who_asked(self):
        with translation.override("en"):
            job = self.queued(some_jobs.speak)
        with translation.override("nl"):
            some_jobs.speak.call(job.pk)
        self.assertEqual(Job.objects.get().result, {"language": "en"})

    def test_cancelling_while_it_writes_takes_back_what_it_wrote(self):
        job = self.start(some_jobs.be_cancelled)
        self.assertEqual(job.state, State.CANCELLED)
        self.assertFalse(Source.objects.exists())

    def test_cancelling_while_it_counts_stops_it_at_its_next_step(self):
        job = self.queued(some_jobs.add, publisher="NOS")
        Job.objects.update(cancel_asked=True)
        some_jobs.add.call(job.pk)
        self.assertEqual(Job.objects.get().state, State.CANCELLED)
        self.assertFalse(Source.objects.exists())

    def test_what_waits_is_cancelled_at_once_and_never_begun(self):
        job = self.queued(some_jobs.add, publisher="NOS")
        job.cancel()
        self.assertEqual(job.state, State.CANCELLED)
        some_jobs.add.call(job.pk)
        self.assertEqual(Job.objects.get().state, State.CANCELLED)
        self.assertFalse(Source.objects.exists())

    def test_a_worker_that_lost_a_job_writes_nothing(self):
        with self.assertLogs("newsroom.jobs", "WARNING"):
            job = self.start(some_jobs.be_overtaken)
        # What the other worker has taken goes back with the rest here, which shares its transaction.
        self.assertEqual(job.state, State.RUNNING)
        self.assertFalse(Source.objects.exists())

    def test_a_job_in_the_queue_twice_is_done_once(self):
        job = self.queued(some_jobs.add, publisher="NOS")
        for _again in range(2):
            some_jobs.add.call(job.pk)
        self.assertEqual(Source.objects.count(), 1)


class LeftBehindTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_user(groups=["reporter"])

    def left(self, since: timedelta, **fields) -> Job:
        """A job of which nothing was heard for that long."""
        with self.settings(TASKS=QUEUED):
            job = Job.start(some_jobs.look, self.user)
        DBTaskResult.objects.all().delete()
        fields = {"state": State.RUNNING, "attempt": 1, "beat_at": timezone.now() - since} | fields
        Job.objects.filter(pk=job.pk).update(**fields)
        return job

    def taken_up(self, job: Job) -> Job:
        with self.settings(TASKS=QUEUED):
            Job.objects.take_up()
        job.refresh_from_db()
        return job

    def test_a_job_whose_worker_is_silent_is_queued_again(self):
        job = self.taken_up(self.left(timedelta(minutes=1)))
        self.assertEqual((job.state, job.broken_off), (State.WAITING, 1))
        self.assertEqual(DBTaskResult.objects.ready().count(), 1)

    def test_a_job_that_was_heard_of_is_left_alone(self):
        job = self.taken_up(self.left(timedelta(seconds=5)))
        self.assertEqual(job.state, State.RUNNING)
        self.assertFalse(DBTaskResult.objects.exists())

    def test_a_job_that_waits_and_is_not_in_the_queue_any_more_is_queued_again(self):
        job = self.taken_up(self.left(timedelta(minutes=1), state=State.WAITING))
        self.assertEqual((job.state, job.broken_off), (State.WAITING, 0))
        self.assertEqual(DBTaskResult.objects.ready().count(), 1)

    def test_a_job_that_ends_its_worker_again_and_again_is_given_up(self):
        job = self.taken_up(self.left(timedelta(minutes=1), broken_off=MOST_ATTEMPTS - 1))
        self.assertEqual(job.state, State.FAILED)
        self.assertIn("broke off", job.error)

    def test_a_job_of_an_earlier_release_does_not_end_the_worker(self):
        for state in (State.RUNNING, State.WAITING):
            job = self.taken_up(self.left(timedelta(minutes=1), state=state, kind="newsroom.gone.make_tea"))
            self.assertEqual(job.state, State.FAILED)

    def test_a_job_that_was_to_stop_when_its_worker_was_killed_is_cancelled(self):
        self.assertEqual(self.taken_up(self.left(timedelta(minutes=1), cancel_asked=True)).state, State.CANCELLED)

    def test_what_ended_long_ago_is_forgotten_and_the_rest_is_not(self):
        old = self.left(timedelta(0), state=State.DONE, finished_at=timezone.now() - timedelta(days=31))
        new = self.left(timedelta(0), state=State.DONE, finished_at=timezone.now())
        open_ = self.left(timedelta(days=40))
        tend()
        self.assertEqual(set(Job.objects.all()), {new, open_})
        self.assertNotIn(old, Job.objects.all())


class DeskTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user, cls.other = make_user(groups=["reporter"]), make_user(groups=["editor"])
        cls.administrator = make_user(groups=["administrator"])
        with cls().settings(TASKS=QUEUED):
            cls.job = Job.start(some_jobs.add, cls.user, about="NOS", publisher="NOS")

    def setUp(self):
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        self.client.force_login(self.user)

    def get(self, name: str):
        return self.client.get(reverse(f"admin:{name}", args=[self.job.pk] if name != "jobs" else []))

    def test_who_asked_sees_how_far_it_is_and_may_cancel_it(self):
        Job.objects.update(state=State.RUNNING, done=1200, total=4800, words="reading")
        page = self.get("job")
        self.assertContains(page, '<progress aria-label="Progress" max="4800" value="1200">')
        self.assertContains(page, "1,200 of 4,800 (25%)")
        self.assertContains(page, reverse("admin:job_cancel", args=[self.job.pk]))
        state = self.get("job_state").json()
        self.assertEqual((state["state"], state["done"], state["finished"]), ("running", 1200, False))
        self.assertContains(self.get("jobs"), "1,200 of 4,800 (25%)")

    def test_a_job_that_ended_says_how_and_leads_on(self):
        Job.objects.update(state=State.DONE, finished_at=timezone.now(), result={"url": "/admin/newsroom/source/"})
        self.assertContains(self.get("job"), '<a class="button" href="/admin/newsroom/source/">')
        Job.objects.update(state=State.FAILED, error="It is <b>no</b> map.", result=None)
        self.assertContains(self.get("job"), "It is &lt;b&gt;no&lt;/b&gt; map.")
        self.assertContains(self.get("jobs"), "It is &lt;b&gt;no&lt;/b&gt; map.")
        self.assertTrue(self.get("job_state").json()["finished"])

    def test_cancelling_at_the_desk(self):
        address = reverse("admin:job_cancel", args=[self.job.pk])
        self.assertEqual(self.client.get(address).status_code, 405)
        self.assertContains(self.client.post(address, follow=True), "Cancelled. Nothing of it was kept.")
        self.job.refresh_from_db()
        self.assertEqual(self.job.state, State.CANCELLED)
        self.assertContains(self.client.post(address, follow=True), "It had ended already.")

    def test_what_runs_is_asked_to_stop(self):
        Job.objects.update(state=State.RUNNING)
        page = self.client.post(reverse("admin:job_cancel", args=[self.job.pk]), follow=True)
        self.assertContains(page, "It stops at its next step.")
        self.assertTrue(Job.objects.get().cancel_asked)

    def test_nobody_else_sees_a_job_but_who_looks_after_all(self):
        for user, status in ((self.other, 404), (self.administrator, 200)):
            self.client.force_login(user)
            for name in ("job", "job_state"):
                self.assertEqual(self.get(name).status_code, status)
            self.assertEqual("NOS" in self.get("jobs").content.decode(), status == 200)
        self.client.force_login(self.other)
        self.assertEqual(self.client.post(reverse("admin:job_cancel", args=[self.job.pk])).status_code, 404)
        self.client.logout()
        for name in ("jobs", "job", "job_state"):
            self.assertIn("/login/", self.get(name).url)

    def test_ones_own_jobs_stand_on_the_first_page(self):
        self.assertContains(self.client.get("/admin/"), reverse("admin:job", args=[self.job.pk]))
        self.client.force_login(self.administrator)
        self.assertNotContains(self.client.get("/admin/"), reverse("admin:job", args=[self.job.pk]))

    def test_a_kind_of_an_earlier_release_is_still_listed(self):
        Job.objects.update(kind="newsroom.gone.make_tea")
        self.assertContains(self.get("jobs"), "make_tea")

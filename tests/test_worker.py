"""The worker as a process of its own: what it does with the queue, and what is left when it is stopped or killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from mapdata.admin.imports import jobs as wizard
from newsroom.jobs.job import LEASE, State
from newsroom.models import Job, Source
from tests import some_jobs
from tests.makers import make_import, make_user

ROOT = Path(__file__).resolve().parent.parent
QUEUED = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("english")]


def database_url() -> str:
    """Of the tests' own database."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    user = quote(said["USER"], safe="") + (f":{quote(said['PASSWORD'], safe='')}" if said["PASSWORD"] else "")
    return f"postgres://{user}@{said['HOST']}:{said['PORT']}/{said['NAME']}"


@contextmanager
def worker(tmp_path: Path, **variables: str):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DATABASE_URL": database_url()} | variables,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "It took too long."
        time.sleep(0.02)


@pytest.fixture
def start(transactional_db, settings):
    """Asks for a job that a worker will do."""
    settings.TASKS = QUEUED
    user = make_user()
    return lambda task, **arguments: Job.start(task, user, **arguments)


def is_in(job: Job, state: State) -> bool:
    job.refresh_from_db()
    return job.state == state


def test_a_worker_does_what_waits_one_after_the_other(start, tmp_path):
    one, bad, two = start(some_jobs.add, publisher="one"), start(some_jobs.stumble), start(some_jobs.look)
    with worker(tmp_path) as process:
        wait_until(lambda: is_in(two, State.DONE))
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert is_in(one, State.DONE)
    assert is_in(bad, State.FAILED)
    assert two.result == {"sources": 1}
    assert process.returncode == 0
    assert "ZeroDivisionError" in said


def test_progress_is_seen_while_it_works_and_cancelling_stops_it(start, tmp_path):
    job = start(some_jobs.add, publisher="long", steps=1000, pause=0.1)
    with worker(tmp_path):
        wait_until(lambda: is_in(job, State.RUNNING) and job.done > 0)
        assert job.total == 1000
        assert job.words.startswith("step")
        job.cancel()
        assert job.state == State.RUNNING
        wait_until(lambda: is_in(job, State.CANCELLED), seconds=10)
    assert not Source.objects.exists()


def test_a_job_whose_worker_was_killed_is_begun_again_by_the_next(start, tmp_path, monkeypatch):
    job = start(some_jobs.add, publisher="once", steps=30, pause=0.1)
    with worker(tmp_path) as first:
        wait_until(lambda: is_in(job, State.RUNNING))
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert is_in(job, State.RUNNING)
    assert not Source.objects.exists()
    with worker(tmp_path):
        wait_until(lambda: is_in(job, State.DONE), seconds=LEASE.total_seconds() + 40)
    assert (job.attempt, job.broken_off) == (2, 1)
    assert Source.objects.filter(publisher="once").count() == 1


def test_an_import_whose_worker_was_killed_is_looked_at_by_the_next(start, tmp_path, settings):
    rows = "".join(f"Inslag {n},2022-04-08,{47 + n / 90_000},{37 + n % 90 / 90}\n" for n in range(30_000))
    file = ContentFile(f"title,date,lat,lon\n{rows}".encode(), "events")
    upload = make_import(kind="events", name="events.csv", file=file)
    files = {"DATA_DIR": str(settings.DATA_DIR)}
    upload.begin(wizard.look, upload.by)
    with worker(tmp_path, **files) as first:
        wait_until(lambda: is_in(upload.job, State.RUNNING))
        first.kill()
    # As if the lease had run out.
    Job.objects.update(beat_at=timezone.now() - 2 * LEASE)
    upload.refresh_from_db()
    assert upload.found is None
    with worker(tmp_path, **files):
        wait_until(lambda: is_in(upload.job, State.DONE))
    upload.refresh_from_db()
    assert upload.plan["imported"] == 30_000


def test_a_worker_that_is_told_to_stop_puts_its_job_back(start, tmp_path):
    job = start(some_jobs.add, publisher="once", steps=300, pause=0.1)
    with worker(tmp_path) as first:
        wait_until(lambda: is_in(job, State.RUNNING) and job.done > 0)
        first.terminate()
        assert first.wait(timeout=10) == 0
    assert is_in(job, State.WAITING)
    Job.objects.update(arguments={"publisher": "once"})
    with worker(tmp_path):
        wait_until(lambda: is_in(job, State.DONE))
    assert (job.attempt, job.broken_off) == (2, 0)


def test_a_worker_waits_for_a_database_that_is_not_there_yet(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    said = process.stderr.readline()
    process.terminate()
    process.communicate(timeout=20)
    assert "The worker waits for the database" in said
    assert process.returncode == 0

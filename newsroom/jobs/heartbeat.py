"""How a running job keeps in touch with the database: on a thread and a connection of its own.

A long computation or an open transaction then hinders neither the progress that people see, nor the sign of life by
which other workers know that the job has one.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connections
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two looks, when there is something new
QUIET = 4.0  # and when there is nothing new


@contextmanager
def beating(job) -> Iterator[None]:
    """While a job runs. Where it runs within the request that asked for it, as in tests, it writes by itself."""
    if not isinstance(task_backends["default"], DatabaseBackend):
        job.pulse = Breath(job)
        yield
        return
    job.pulse = Pulse(job)
    job.pulse.start()
    try:
        yield
    finally:
        job.pulse.ended.set()
        job.pulse.join()


class Breath:
    """Progress written by the job's own thread, at most once in a while."""

    def __init__(self, job):
        self.job, self.last = job, 0.0

    def hear(self) -> None:
        if time.monotonic() - self.last >= EVERY:
            self.last = time.monotonic()
            self.job.tell()


class Pulse(Thread):
    def __init__(self, job):
        super().__init__(name=f"pulse of job {job.pk}", daemon=True)
        self.job, self.ended = job, Event()

    def hear(self) -> None:
        """Nothing: what there is to hear, the thread has set on the job."""

    def run(self) -> None:
        told, last = None, 0.0
        try:
            while not self.ended.wait(EVERY):
                now = (self.job.done, self.job.total, self.job.words)
                if now == told and time.monotonic() - last < QUIET:
                    continue
                try:
                    self.job.tell()
                except DatabaseError:
                    # SQLite has one writer, and that may be the job itself: then nobody else can take it either.
                    log.debug("Job %s could not be heard of.", self.job.pk, exc_info=True)
                told, last = now, time.monotonic()
        finally:
            connections.close_all()

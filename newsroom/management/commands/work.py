"""The worker: it does the jobs that people asked for (newsroom/jobs/job.py), one at a time."""

import logging
import os
import resource
import signal
import sys
import time

from django.conf import settings
from django.core.management import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils.autoreload import run_with_reloader
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from newsroom.jobs.job import tend
from newsroom.models import Job

log = logging.getLogger(__name__)

POLL = 1.0
# Where the database cannot be reached, or has not been made yet.
TROUBLED = 5.0
DAY = 24 * 60 * 60
# What a large file took is given back by beginning again: whoever started the worker starts it anew.
MOST_MEMORY = 250_000_000


class Queue(Worker):
    """The library's worker, told to do what is in the queue and come back."""

    def __init__(self):
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )

    def shutdown(self, signum, frame) -> None:
        """At once, in the middle of a job too: that goes back to the queue."""
        self.running = False
        sys.exit(0)


class Command(BaseCommand):
    help = "Do the background jobs (imports, exports) as they come, until told to stop."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--beside", type=int, help="The process that started this one: without it, there is nothing to work for."
        )

    def handle(self, *args, beside: int | None, **options) -> None:
        self.queue, self.beside = Queue(), beside
        # Linux counts to a process what the one that started it had at most: that says nothing of this one.
        self.most_memory = max(MOST_MEMORY, peak_memory())
        self.queue.configure_signals()
        # Readers come first.
        os.nice(10)
        if settings.DEBUG:
            # Not a process within a process: whoever started this one starts it again when code has changed.
            os.environ["RUN_MAIN"] = "true"
            run_with_reloader(self.work_and_end)
        else:
            self.work()

    def work_and_end(self) -> None:
        """On a thread of the reloader, which would go on without it."""
        self.work()
        os.kill(os.getpid(), signal.SIGTERM)

    def work(self) -> None:
        tended = -DAY
        while self.queue.running and self.is_wanted():
            close_old_connections()
            try:
                self.do_what_waits()
                if time.monotonic() - tended >= DAY:
                    tended = time.monotonic()
                    tend()
                pause = POLL
            except DatabaseError as error:
                log.warning("The worker waits for the database: %s", str(error).strip().splitlines()[0])
                pause = TROUBLED
            if peak_memory() > self.most_memory:
                return
            time.sleep(pause)

    def do_what_waits(self) -> None:
        """Only reads where nothing waits: taking something from the queue locks the database for writing."""
        if DBTaskResult.objects.ready().exists():
            self.queue.run()
        else:
            Job.objects.take_up()

    def is_wanted(self) -> bool:
        return self.beside is None or os.getppid() == self.beside


def peak_memory() -> int:
    """Bytes that this process had at most; Linux counts in kB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

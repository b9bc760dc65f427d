"""Everything between an empty folder and a served site: what `make run` and the container run."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.urls import reverse

from newsroom import environment
from newsroom.accounts import DEMO_PASSWORD
from newsroom.serving import static_files

# Any number: who else starts this site on the same database waits for the same one.
MIGRATION_LOCK = 20220406


class Command(BaseCommand):
    help = "Prepare what is not prepared yet (database, static files, demo) and serve the site."
    # `manage.py check` is for who changes the code; here it would only cost time.
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--only-static", action="store_true", help="Collect the static files and stop.")
        parser.add_argument("--only-prepare", action="store_true", help="Prepare everything and stop.")

    def handle(self, *args, only_static: bool, only_prepare: bool, **options) -> None:
        if only_static:
            self.collect()
            return
        self.host = environment.text("HOST", "127.0.0.1")
        self.port = environment.number("PORT", 8000, least=1, most=65535)
        self.workers = environment.number("WORKERS", 1, least=1, most=256)
        self.threads = environment.number("THREADS", 4, least=1, most=256)
        self.with_worker = environment.flag("WORKER", True)
        if not only_prepare:
            self.ask_for_the_port()
        self.prepare_database()
        if not settings.DEBUG:
            self.collect()
        self.load_demo()
        if not only_prepare:
            self.welcome()
            self.serve()

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def ask_for_the_port(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except socket.gaierror:
                raise CommandError(f"HOST={self.host} is not an address of this machine.") from None
            except OSError as error:
                raise CommandError(
                    f"{self.host}:{self.port} cannot be served ({error.strerror}): stop what runs there, "
                    f"or choose another port: make run PORT={min(self.port + 1, 65535)}"
                ) from None

    def prepare_database(self) -> None:
        try:
            connection.ensure_connection()
            if not self.pending_migrations():
                return
            with one_at_a_time():
                if pending := self.pending_migrations():
                    self.migrate(pending)
        except DatabaseError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database cannot be used: {reason}. Is DATABASE_URL right?") from error

    def pending_migrations(self) -> int:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def migrate(self, pending: int) -> None:
        if not connection.introspection.table_names():
            self.fresh.touch()
        self.say(f"Preparing the database ({pending} steps)")
        call_command("migrate", interactive=False, verbosity=0)

    def collect(self) -> None:
        if not static_files.is_collected():
            self.say("Collecting and compressing styles, scripts and pictures")
            static_files.collect()

    @property
    def fresh(self) -> Path:
        """There from before the database's first migration until the demo is in it: loading may be broken off."""
        return settings.DATA_DIR / "fresh-database"

    @property
    def has_demo(self) -> Path:
        return settings.DATA_DIR / "demo-loaded"

    def load_demo(self) -> None:
        if not self.fresh.exists():
            return
        if environment.flag("DEMO", not settings.PRODUCTION):
            self.say("Loading the demo newsroom (DEMO=no leaves it out)")
            call_command("load_demo", stdout=self.stdout)
            self.has_demo.touch()
        self.fresh.unlink()

    def welcome(self) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(
            self.host, f"[{self.host}]" if ":" in self.host else self.host
        )
        address = f"http://{host}:{self.port}"
        self.say("")
        self.say(f"  Readers      {address}/")
        self.say(f"  Newsroom     {address}{reverse('admin:index')}")
        self.say(f"  Log in with  {self.how_to_log_in()}")
        self.say("  Stop with    Ctrl-C")
        self.say("")

    def how_to_log_in(self) -> str:
        people = get_user_model().objects.filter(is_active=True, is_staff=True)
        if not people.exists():
            return f"an account that you make: {os.path.relpath(sys.executable)} manage.py createsuperuser"
        if names := self.people_of_the_demo(people):
            return f"{', '.join(names)} (the demo's people); password {DEMO_PASSWORD}"
        return "your own account"

    def people_of_the_demo(self, people: QuerySet) -> list[str]:
        """Those who came with the demo and whom its password, which production refuses, still lets in."""
        if settings.PRODUCTION or not self.has_demo.exists():
            return []
        loaded = datetime.fromtimestamp(self.has_demo.stat().st_mtime, UTC)
        made = people.filter(date_joined__lte=loaded).order_by("id")[:8]
        # Half a second each, and the time is the hash function's, which lets other threads run.
        with ThreadPoolExecutor() as threads:
            fits = list(threads.map(lambda person: check_password(DEMO_PASSWORD, person.password), made))
        return [person.get_username() for person, fit in zip(made, fits, strict=True) if fit]

    def serve(self) -> None:
        """Become the server: it gets this process, and with it Ctrl-C."""
        connection.close()
        os.chdir(settings.BASE_DIR)
        if self.with_worker:
            # This process will be the server, whose end the keeper of the worker sees.
            subprocess.Popen(
                [sys.executable, "-m", "newsroom.jobs.worker_keeper", str(os.getpid())], stdin=subprocess.DEVNULL
            )
        if settings.DEBUG:
            command = ["manage.py", "runserver", f"{bracketed(self.host)}:{self.port}"]
        else:
            command = ["-m", "granian", *self.granian_options(), "newsroom.web_process:application"]
            # Linux's C library would keep memory apart for each thread, which are never at work at once here: 15 MB.
            os.environ.setdefault("MALLOC_ARENA_MAX", "1")
        os.execv(sys.executable, [sys.executable, *command])

    def granian_options(self) -> list[str]:
        options = {
            "interface": "wsgi",
            "host": self.host,
            "port": self.port,
            "workers": self.workers,
            "blocking-threads": self.threads,
            # Requests that are under way get this long when the server stops.
            "workers-kill-timeout": 10,
            "log-level": "warning",
        }
        pairs = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        return [*pairs, "--no-ws", "--respawn-failed-workers"]


def bracketed(host: str) -> str:
    """A host as it stands in a URL, where an IPv6 address needs brackets."""
    return f"[{host}]" if ":" in host else host


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of several processes that start together, one migrates and the others wait. SQLite has one machine, and locks."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])

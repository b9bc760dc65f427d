"""All checks and tests, on SQLite and PostgreSQL, in a real browser: what `make test` runs.

    python -m tools.run_tests [--quick | --thorough] [arguments for pytest]

Every test runs on SQLite; on PostgreSQL run those that a database can decide (tests/marks.py). Quick is what takes
under a minute on SQLite, for while one works; thorough tries more inputs, others each time, and on PostgreSQL all
browser tests too.

With arguments (of `make test` and `make thorough`) those tests alone are run, in one process, without the checks.

It uses the PostgreSQL and the Chromium that are there, and installs them where it can. Where it cannot, it runs what
does not need them and says what was left out; with CI in the environment, whatever is left out is a failure.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests import chromium
from tools import cluster

ROOT = Path(__file__).resolve().parent.parent
NOTHING_COLLECTED = 5
# More would wait for each other: each has a browser, a site and a database of its own.
PROCESSES = ["--numprocesses=auto", "--maxprocesses=8", "--dist=loadscope", "--no-loadscope-reorder"]
QUICK = "not browser and not slow"
DATABASE_DECIDES = "database or both_engines"


@dataclass
class Run:
    """What was done, how long it took and how it ended, to be told at the end."""

    lines: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    failed: bool = False

    def part(self, name: str, work: Callable[[], int]) -> None:
        say(name)
        begun = time.monotonic()
        status = work()
        seconds = time.monotonic() - begun
        self.failed = self.failed or status != 0
        self.lines.append(f"{'passed' if status == 0 else 'FAILED'}  {seconds:6.1f} s  {name}")

    def leave_out(self, what: str) -> None:
        self.left_out.append(what)
        self.failed = self.failed or in_ci()


def say(text: str) -> None:
    print(f"\n=== {text}", flush=True)


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def given_database() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else ""


def has_postgresql() -> bool:
    return bool(given_database() or cluster.find())


def works(*command: str) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def has_chromium() -> bool:
    executable = chromium.find()
    return bool(executable) and works(executable, "--version")


def can_drive_it() -> bool:
    """Whether Playwright's own program runs: small Debian images lack a library that it links to."""
    return works(sys.executable, "-m", "playwright", "--version")


def as_root() -> list[str] | None:
    """What comes before a command that root must run; None where that is not possible without asking."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and works("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return None


def install_missing() -> None:
    """With apt-get, as root or with a sudo that does not ask."""
    missing = [] if has_postgresql() else ["postgresql"]
    if not has_chromium():
        missing.append("chromium" if "ID=debian" in os_release() else "chromium-browser")
    if not can_drive_it():
        missing.append("libatomic1")
    if not missing or not shutil.which("apt-get") or (before := as_root()) is None:
        return
    say(f"Installing with apt-get: {' '.join(missing)}")
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
        if not apt_get([*before, *environment, "apt-get", *words]):
            return


def apt_get(command: list[str]) -> bool:
    """Runs it, showing of its many lines those that tell how far it is; all of them when it fails."""
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            lines.append(line)
            if line.startswith(("Need to get", "Setting up postgresql", "Setting up chromium")):
                print("  " + line, end="", flush=True)
    if process.returncode:
        print("".join(lines[-15:]), flush=True)
    return process.returncode == 0


def os_release() -> str:
    path = Path("/etc/os-release")
    return path.read_text() if path.exists() else ""


def pytest(database: str, chosen: str, arguments: list[str]) -> Callable[[], int]:
    """Runs the tests with the marks that are chosen, of those that the arguments name."""
    command = [sys.executable, "-m", "pytest", *(["-m", chosen] if chosen else []), *arguments]

    def run() -> int:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        if database:
            environment["DATABASE_URL"] = database
        status = subprocess.run(command, env=environment).returncode
        # Somebody who asks for a few tests may well ask for none; the whole suite is never empty.
        return 0 if status == NOTHING_COLLECTED and arguments and not in_ci() else status

    return run


def both(*marks: str) -> str:
    return " and ".join(f"({mark})" for mark in marks if mark)


def browser_or_not(run: Run) -> str:
    """What to choose of the tests on account of the browser: all, or those without one, and why is said."""
    if not has_chromium():
        run.leave_out("the browser tests: there is no Chromium (install it, or name it: CHROMIUM=/path/to/it)")
        return "not browser"
    if not can_drive_it():
        run.leave_out("the browser tests: Playwright does not run here (.venv/bin/python -m playwright says why)")
        return "not browser"
    return ""


def run_quick() -> Run:
    run = Run()
    run.part(
        "Tests without a browser, but for the slow ones, on SQLite",
        pytest("", both(QUICK), [*PROCESSES, "--hypothesis-profile=quick"]),
    )
    return run


def run_all(arguments: list[str], thorough: bool = False) -> Run:
    run = Run()
    install_missing()
    runnable = browser_or_not(run)
    options = arguments or PROCESSES
    if thorough:
        options = [*options, "--hypothesis-profile=thorough"]
    with ExitStack() as stack, ThreadPoolExecutor(1) as beside:
        database, programs = given_database(), cluster.find()
        starting = None
        if not database and programs:
            starting = beside.submit(lambda: stack.enter_context(cluster.running(programs)))
        if not arguments:
            run.part("Checks", lambda: subprocess.run(["make", "--no-print-directory", "check"]).returncode)
        run.part("Tests on SQLite", pytest("", both(runnable), options))
        try:
            database = database or (starting.result() if starting else "")
        except cluster.ClusterError as error:
            run.leave_out(f"the tests on PostgreSQL: {error}")
        else:
            if database:
                chosen = both(runnable, "not pure" if thorough else DATABASE_DECIDES)
                run.part("Tests on PostgreSQL", pytest(database, chosen, options))
            else:
                run.leave_out(
                    "the tests on PostgreSQL: there is no server (install it, or name a database: DATABASE_URL=)"
                )
    return run


def stopped(number: int, frame: object) -> None:
    """Like Ctrl-C: the way out passes every `finally`, which stops the database."""
    raise KeyboardInterrupt


def main() -> int:
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGHUP, stopped)
    begun = time.monotonic()
    mode, arguments = "", sys.argv[1:]
    if arguments and arguments[0] in {"--quick", "--thorough"}:
        mode, *arguments = arguments
    try:
        run = run_quick() if mode == "--quick" else run_all(arguments, thorough=mode == "--thorough")
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
        return 130
    say(f"{time.monotonic() - begun:.0f} s in all")
    print("\n".join(run.lines))
    for what in run.left_out:
        print(f"LEFT OUT: {what}")
    if run.left_out and in_ci():
        print("In CI nothing may be left out: this is a failure.")
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())

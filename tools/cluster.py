"""A PostgreSQL server for one test run: made in a temporary folder, on a free port of this machine, gone afterwards."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Where the server's programs lie when they are not in PATH: Debian and Ubuntu, Fedora, Homebrew, Postgres.app.
FOLDERS = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
]
# Nothing here outlives the run, so nothing needs to reach the disk.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1"


class ClusterError(Exception):
    """The server could not be made or started; says why in one line."""


def find() -> Path | None:
    """The folder with initdb and pg_ctl: of PATH, or of the newest server that is installed."""
    installed = [folder for pattern in FOLDERS for folder in Path("/").glob(pattern[1:])]
    installed.sort(key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))], reverse=True)
    if in_path := shutil.which("initdb"):
        installed.insert(0, Path(in_path).resolve().parent)
    return next((folder for folder in installed if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def account() -> dict:
    """As whom the server's programs run, as arguments of `subprocess.run`. They refuse to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _run(command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **account()
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise ClusterError(f"{Path(command[0]).name} failed: {lines[-1]}")


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """A server that runs; its DATABASE_URL. However the block ends, the server is stopped and its folder removed."""
    folder = Path(tempfile.mkdtemp(prefix="newsroom-postgresql-"))
    data, port = folder / "data", free_port()
    try:
        if identity := account():
            os.chown(folder, identity["user"], identity["group"])
        initdb = ["--auth=trust", "--username=newsroom", "--encoding=UTF8", "--locale=C", "--no-sync", "-D", data]
        _run([programs / "initdb", *initdb], folder)
        start = ["-w", "-D", data, "-l", folder / "log", "-o", f"{OPTIONS} -p {port} -k {folder}"]
        _run([programs / "pg_ctl", "start", *start], folder)
        yield f"postgres://newsroom@127.0.0.1:{port}/newsroom"
    finally:
        if (data / "postmaster.pid").exists():
            stop = [programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data]
            subprocess.run(stop, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **account())
        shutil.rmtree(folder, ignore_errors=True)

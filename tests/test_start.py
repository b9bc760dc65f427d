"""The way from an empty folder to a served site, in processes of its own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.cluster import free_port

ROOT = Path(__file__).resolve().parent.parent


pytestmark = pytest.mark.slow


def environ(folder: Path, **variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DEMO": "no"} | variables


@contextmanager
def site(folder: Path, **variables: str):
    """`manage.py start`, once it answers: its process and its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start"],
        cwd=ROOT,
        env=environ(folder, PORT=str(port), **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        # Not killed: its workers would be left.
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def wait_for(address: str, process: subprocess.Popen, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            pytest.fail(f"{address} answers {error.code}")
        except OSError:
            time.sleep(0.05)
    process.terminate()
    pytest.fail(f"The site did not start: {process.communicate()[0]}")


def test_it_serves_from_nothing_and_again_without_doing_it_all_again(tmp_path):
    with site(tmp_path) as (process, address):
        with urllib.request.urlopen(f"{address}/admin/login/") as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Preparing the database" in said
    assert address in said
    assert "createsuperuser" in said
    assert "Traceback" not in said

    begun = time.monotonic()
    with site(tmp_path) as (process, address):
        # Three seconds is what a quiet machine is held to.
        assert time.monotonic() - begun < 10
        process.terminate()
        said, _ = process.communicate(timeout=20)
    assert "Preparing" not in said
    assert "Collecting" not in said


def test_a_port_in_use_is_told_in_one_line(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = subprocess.run(
            [sys.executable, "manage.py", "start"],
            cwd=ROOT,
            env=environ(tmp_path, PORT=str(port)),
            capture_output=True,
            text=True,
        )
    assert process.returncode == 1
    assert len(process.stderr.strip().splitlines()) == 1
    assert f"PORT={port + 1}" in process.stderr


def test_a_database_that_cannot_be_made_is_told_in_one_line(tmp_path):
    process = subprocess.run(
        [sys.executable, "manage.py", "start"],
        cwd=ROOT,
        env=environ(tmp_path, PORT=str(free_port()), DATABASE_URL="sqlite:////nowhere/at/all.sqlite3"),
        capture_output=True,
        text=True,
    )
    assert process.returncode == 1
    assert len(process.stderr.strip().splitlines()) == 1


def test_the_demo_comes_into_a_new_database_even_when_loading_it_was_broken_off(tmp_path):
    command = [sys.executable, "manage.py", "start", "--only-prepare"]
    # A bad value stops it after the migrations: stands for any way to break off.
    first = subprocess.run(command, cwd=ROOT, env=environ(tmp_path, DEMO="perhaps"), capture_output=True, text=True)
    assert first.returncode != 0
    second = subprocess.run(command, cwd=ROOT, env=environ(tmp_path, DEMO="yes"), capture_output=True, text=True)
    assert second.returncode == 0, second.stderr
    third = subprocess.run(command, cwd=ROOT, env=environ(tmp_path, DEMO="yes"), capture_output=True, text=True)
    assert "Loading the demo" in second.stdout
    assert "Loading the demo" not in third.stdout
    with sqlite3.connect(tmp_path / "newsroom.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM articles_storyversion").fetchone()[0] > 0


def test_a_newsroom_that_began_empty_gets_no_demo_later(tmp_path):
    command = [sys.executable, "manage.py", "start", "--only-prepare"]
    subprocess.run(command, cwd=ROOT, env=environ(tmp_path, DEMO="no"), check=True, capture_output=True)
    later = subprocess.run(command, cwd=ROOT, env=environ(tmp_path, DEMO="yes"), capture_output=True, text=True)
    assert later.returncode == 0
    assert "demo" not in later.stdout


def workers_of(server: int) -> list[int]:
    """The worker processes that the keeper beside a server started."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in found.splitlines()]
    keepers = {
        pid for pid, parent, command in rows if int(parent) == server and "newsroom.jobs.worker_keeper" in command
    }
    return [int(pid) for pid, parent, command in rows if parent in keepers and "manage.py work" in command]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(true, seconds: float = 20):
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.1)
    return found


def test_a_worker_runs_beside_the_server_comes_back_when_it_dies_and_ends_with_it(tmp_path):
    with site(tmp_path) as (process, _address):
        [first] = until(lambda: workers_of(process.pid))
        os.kill(first, signal.SIGKILL)
        [second] = until(lambda: [pid for pid in workers_of(process.pid) if pid != first])
        process.terminate()
        process.communicate(timeout=20)
        until(lambda: not is_alive(second))


def test_without_a_worker_none_is_started(tmp_path):
    with site(tmp_path, WORKER="no") as (process, _address):
        time.sleep(3)
        assert workers_of(process.pid) == []

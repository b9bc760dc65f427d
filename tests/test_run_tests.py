"""`make test` on machines that lack something, without any of it being run."""

import socket
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import pytest

from tools import cluster, run_tests


@pytest.fixture
def machine(monkeypatch):
    """A machine with nothing on it, where every part that is run passes; tells which were run with what."""
    for name in ("CI", "DATABASE_URL", "CHROMIUM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(run_tests, "has_chromium", lambda: False)
    monkeypatch.setattr(run_tests, "can_drive_it", lambda: False)
    monkeypatch.setattr(cluster, "find", lambda: None)
    monkeypatch.setattr(run_tests, "as_root", lambda: None)
    ran = mock.Mock(return_value=mock.Mock(returncode=0))
    monkeypatch.setattr(run_tests.subprocess, "run", ran)
    return ran


def commands(ran: mock.Mock) -> list[str]:
    return [" ".join(map(str, call.args[0])) for call in ran.call_args_list]


def test_what_needs_neither_browser_nor_postgresql_is_run_and_the_rest_is_said(machine):
    run = run_tests.run_all([])
    assert not run.failed
    assert len(run.left_out) == 2
    assert any("not browser" in command for command in commands(machine))
    assert [line.split("  ")[-1] for line in run.lines] == ["Checks", "Tests on SQLite"]


def test_in_ci_what_is_left_out_is_a_failure(machine, monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert run_tests.run_all([]).failed


def test_a_database_that_is_named_is_used(machine, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db/name")
    run = run_tests.run_all([])
    assert run.lines[-1].endswith("Tests on PostgreSQL")
    environments = [call.kwargs["env"] for call in machine.call_args_list if "env" in call.kwargs]
    assert [environment.get("DATABASE_URL") for environment in environments] == [None, "postgres://me@db/name"]


def test_a_server_that_does_not_start_is_said_and_the_rest_is_run(machine, monkeypatch):
    monkeypatch.setattr(cluster, "find", lambda: Path("/usr/bin"))
    monkeypatch.setattr(cluster, "running", mock.Mock(side_effect=cluster.ClusterError("initdb failed: no room")))
    run = run_tests.run_all([])
    assert "no room" in " ".join(run.left_out)
    assert not run.failed


def test_it_says_what_it_will_install(machine, monkeypatch, capsys):
    monkeypatch.setattr(run_tests, "as_root", lambda: ["sudo", "-n"])
    monkeypatch.setattr(run_tests.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(run_tests, "os_release", lambda: "ID=debian\n")
    installed = mock.Mock(return_value=True)
    monkeypatch.setattr(run_tests, "apt_get", installed)
    run_tests.install_missing()
    assert "postgresql chromium libatomic1" in capsys.readouterr().out
    assert installed.call_args.args[0][:2] == ["sudo", "-n"]
    assert installed.call_args.args[0][-3:] == ["postgresql", "chromium", "libatomic1"]


def test_postgresql_runs_what_a_database_can_decide_and_sqlite_everything(machine, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db/name")
    monkeypatch.setattr(run_tests, "has_chromium", lambda: True)
    monkeypatch.setattr(run_tests, "can_drive_it", lambda: True)
    run_tests.run_all([])
    on_sqlite, on_postgresql = commands(machine)[-2:]
    assert "-m pytest --numprocesses" in on_sqlite
    assert "-m pytest -m (database or both_engines) --numprocesses" in on_postgresql


def test_without_a_browser_postgresql_runs_the_rest_of_it(machine, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db/name")
    run_tests.run_all([])
    assert "-m (not browser) and (database or both_engines)" in commands(machine)[-1]


def test_what_is_asked_for_by_name_is_run_in_one_process_without_the_checks(machine):
    run = run_tests.run_all(["tests/test_known.py", "-x"])
    assert commands(machine)[-1].endswith("-m pytest -m (not browser) tests/test_known.py -x")
    assert [line.split("  ")[-1] for line in run.lines] == ["Tests on SQLite"]


def test_thorough_tries_other_inputs_and_all_that_has_a_database_on_both(machine, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db/name")
    run_tests.run_all([], thorough=True)
    on_sqlite, on_postgresql = commands(machine)[-2:]
    assert on_sqlite.endswith("--hypothesis-profile=thorough")
    assert on_postgresql.endswith("--hypothesis-profile=thorough")
    assert "(not pure)" in on_postgresql


def test_quick_needs_neither_browser_nor_postgresql(machine):
    run = run_tests.run_quick()
    assert not run.left_out
    assert "-m (not browser and not slow) --numprocesses" in commands(machine)[-1]


def test_a_part_that_fails_fails_the_run(machine):
    machine.return_value.returncode = 1
    run = run_tests.run_all([])
    assert run.failed
    assert run.lines[0].startswith("FAILED")


@pytest.mark.skipif(cluster.find() is None, reason="there is no PostgreSQL server")
def test_a_cluster_is_gone_afterwards_however_its_block_ends(monkeypatch):
    made = []
    make = cluster.tempfile.mkdtemp
    monkeypatch.setattr(cluster.tempfile, "mkdtemp", lambda **options: made.append(make(**options)) or made[-1])

    def broken_off() -> None:
        with cluster.running(cluster.find()) as url:
            made.append(urlsplit(url).port)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    folder, port = made
    assert not Path(folder).exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0

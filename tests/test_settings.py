"""What an administrator sets, and what happens when it is wrong: one line, no traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from newsroom import environment
from newsroom.settings import origin
from tools.cluster import free_port

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "PRODUCTION": "1",
    "ALLOWED_HOSTS": "news.example.org",
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
}


def started(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess:
    """A process of the site with nothing in its environment but these variables."""
    clean = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=clean | variables, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PRODUCTION": "maybe"}, "PRODUCTION"),
        ({"PRODUCTION": "1", "DEBUG": "1"}, "DEBUG"),
        ({"PRODUCTION": "1", "ALLOWED_HOSTS": "news.example.org"}, "SECRET_KEY"),
        (PRODUCTION | {"SECRET_KEY": "short"}, "SECRET_KEY"),
        (PRODUCTION | {"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS"),
        (PRODUCTION | {"CSRF_TRUSTED_ORIGINS": "desk.example.org"}, "CSRF_TRUSTED_ORIGINS"),
        ({"DATA_DIR": "/dev/null/folder"}, "DATA_DIR"),
        ({"PICTURE_MAX_BYTES": "plenty"}, "PICTURE_MAX_BYTES"),
        ({"TILE_URL": "https://tiles.example.org; script-src *"}, "TILE_URL"),
        ({"CONTENT_LANGUAGES": "Nederlands, Arabisch"}, "CONTENT_LANGUAGES"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_line_that_names_it(tmp_path, variables, named):
    process = started(tmp_path, "check", **variables)
    assert process.returncode != 0
    lines = process.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"Configuration: {named}")


def test_a_database_that_is_not_there_stops_the_start_with_one_line(tmp_path):
    process = started(
        tmp_path, "start", PORT=str(free_port()), DATABASE_URL="postgres://nobody:secret@127.0.0.1:1/nothing"
    )
    assert process.returncode != 0
    lines = process.stderr.strip().splitlines()
    assert len(lines) == 1
    assert "DATABASE_URL" in lines[0]
    assert "secret" not in lines[0]


def test_production_passes_the_deployment_checks(tmp_path):
    strict = PRODUCTION | {"SECURE_HSTS_INCLUDE_SUBDOMAINS": "1", "SECURE_HSTS_PRELOAD": "1"}
    process = started(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **strict)
    assert process.returncode == 0, process.stderr


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    started(tmp_path, "check")
    key = (tmp_path / "secret-key").read_text()
    started(tmp_path, "check")
    assert len(key) >= 50
    assert (tmp_path / "secret-key").read_text() == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (environment.flag, "perhaps"),
        (lambda name: environment.number(name, 1, least=1, most=9), "10"),
        (lambda name: environment.number(name, 1, least=1), "0"),
        (lambda name: environment.number(name, 1), "-1"),
        (lambda name: environment.number(name, 1), "1.5"),
        (lambda name: environment.number(name, 1), "²"),
        (lambda name: environment.time_zone(name, "UTC"), "Europe/Nowhere"),
        (lambda name: environment.time_zone(name, "UTC"), "../../etc/passwd"),
        (lambda name: environment.log_level(name, "INFO"), "loud"),
        (lambda name: environment.database(name, ""), "mysql://host/name"),
        (lambda name: environment.database(name, ""), "postgres://user:p/w@host:5432/name"),
        (lambda name: environment.database(name, ""), "postgres://user@host"),
        (lambda name: environment.cache(name, ""), "memcached://host"),
        (lambda name: environment.cache(name, ""), "file://relative"),
        (lambda name: environment.languages(name, "nl"), "nl,en,nl"),
        (lambda name: environment.languages(name, "nl"), "nl;ar"),
        (lambda name: environment.languages(name, "nl"), ","),
        (environment.web_addresses, "javascript:alert(1)"),
        (environment.web_addresses, "https://[half"),
    ],
)
def test_what_cannot_be_used_is_refused(monkeypatch, function, value):
    monkeypatch.setenv("A_VARIABLE", value)
    with pytest.raises(SystemExit, match="A_VARIABLE"):
        function("A_VARIABLE")


def test_a_refused_database_url_does_not_repeat_the_password(monkeypatch):
    monkeypatch.setenv("A_VARIABLE", "postgres://user:secret/word@host:5432/name")
    with pytest.raises(SystemExit) as refusal:
        environment.database("A_VARIABLE", "")
    assert "secret" not in str(refusal.value)


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("A_VARIABLE", " ")
    assert environment.flag("A_VARIABLE", True) is True
    assert environment.number("A_VARIABLE", 7) == 7
    assert environment.words("A_VARIABLE", "a, b") == ["a", "b"]


def test_languages_are_codes_in_small_letters(monkeypatch):
    monkeypatch.setenv("A_VARIABLE", "AR, en,pt-BR")
    assert environment.languages("A_VARIABLE", "nl") == ["ar", "en", "pt-br"]


def test_the_content_security_policy_names_the_tiles_host_only():
    assert origin("https://tiles.example.org/osm/{z}/{x}/{y}.png") == "https://tiles.example.org"
    assert origin("https://{s}.example.org:8443/{z}.png") == "https://*.example.org:8443"


def test_every_variable_stands_in_the_documentation():
    files = [ROOT / "newsroom" / "settings.py", ROOT / "newsroom" / "management" / "commands" / "start.py"]
    code = "".join(file.read_text() for file in files)
    read = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', code))
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE))
    assert len(read) > 20
    assert table - {"PYTHON"} == read


@pytest.mark.django_db
def test_the_migrations_are_those_of_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

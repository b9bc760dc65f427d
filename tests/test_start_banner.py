"""What `manage.py start` says of how to log in: a password only where it opens something, and whose it is."""

from datetime import timedelta
from io import StringIO

import pytest
from django.test import override_settings
from django.utils import timezone

from newsroom.accounts import DEMO_PASSWORD
from newsroom.management.commands.start import Command
from tests.makers import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def banner(tmp_path):
    """A function that says it; the demo was loaded at the moment of asking for this."""
    (tmp_path / "demo-loaded").touch()

    def how_to_log_in(**variables) -> str:
        with override_settings(**{"DATA_DIR": tmp_path, "PRODUCTION": False} | variables):
            return Command(stdout=StringIO()).how_to_log_in()

    return how_to_log_in


def make_person_of_the_demo(name: str, password: str = DEMO_PASSWORD):
    person = make_user(name, is_staff=True, date_joined=timezone.now() - timedelta(days=1))
    person.set_password(password)
    person.save()
    return person


def test_the_people_of_the_demo_are_named_with_their_password(banner):
    make_person_of_the_demo("verslaggever")
    assert banner() == f"verslaggever (the demo's people); password {DEMO_PASSWORD}"


def test_an_account_that_somebody_made_later_is_not_one_of_the_demo_s(banner):
    make_person_of_the_demo("verslaggever")
    make_user("vera", is_staff=True)
    assert "vera" not in banner()


def test_an_account_made_later_with_the_password_of_the_demo_is_not_one_of_the_demo_s(banner):
    person = make_person_of_the_demo("vera")
    person.date_joined = timezone.now() + timedelta(minutes=1)
    person.save()
    assert banner() == "your own account"


def test_whoever_of_the_demo_has_a_password_of_their_own_is_not_named(banner):
    make_person_of_the_demo("verslaggever")
    make_person_of_the_demo("eindredacteur", "een-eigen-wachtwoord")
    assert "eindredacteur" not in banner()


def test_no_password_is_said_when_none_of_them_has_it_any_more(banner):
    make_person_of_the_demo("verslaggever", "een-eigen-wachtwoord")
    assert banner() == "your own account"


def test_production_refuses_the_password_so_it_is_not_said(banner):
    make_person_of_the_demo("verslaggever")
    assert banner(PRODUCTION=True) == "your own account"

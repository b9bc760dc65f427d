"""What is within somebody's own network, however it is spelled; and what is not."""

from unittest import mock

import pytest

from newsroom import hosts

OWN = """localhost a.localhost 127.0.0.1 10.1.2.3 192.168.0.1 172.16.0.9 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1
    240.0.0.1 2130706433 0x7f000001 0177.0.0.1 127.1 0xA.1 1.2.3.4.5 99999999999 foo.0x1
    ::1 :: fe80::1%eth0 fc00::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1
    １２７.0.0.1 127。0。0。1 ①.1.1.300 wiki wiki. printer.local cms.internal nas.lan krant.corp x.home.arpa site.test
    %31.com a\\b.com a_b..nl"""
EVERYBODYS = """nos.nl nos.nl. NOS.NL www.example.org 8.8.8.8 134744072 2606:4700::1111 ::ffff:8.8.8.8
    münchen.de новини.укр xn--80ak6aa92e.com local.nl internal.nl 3dm.nl"""


@pytest.fixture(autouse=True)
def names():
    """No name is looked up; what a name leads to the test says."""
    found = {"intranet.krant.nl": ["10.0.0.7"], "beide.krant.nl": ["8.8.8.8", "fe80::1%eth0"], "nos.nl": ["8.8.8.8"]}
    with mock.patch.object(hosts, "resolve", lambda name: found.get(name, [])):
        yield


@pytest.mark.parametrize("host", OWN.split())
def test_within_a_network(host):
    assert hosts.is_internal(host)


@pytest.mark.parametrize("host", EVERYBODYS.split())
def test_everybodys(host):
    assert not hosts.is_internal(host)


def test_a_name_like_others_that_leads_into_the_network_lies_within_it():
    assert hosts.is_internal("intranet.krant.nl")
    assert hosts.is_internal("beide.krant.nl")

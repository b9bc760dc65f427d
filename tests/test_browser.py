"""The browser fixtures themselves: what goes wrong on a page is seen, and fails the test."""

import pytest
from playwright.sync_api import expect

from tests.browsing import expect_trouble, fail_on_trouble, not_the_pages_own, press


def test_a_page_is_opened_and_nothing_is_wrong(page):
    page.goto("/admin/login/")
    expect(page.locator("form")).to_be_visible()
    assert page.trouble == []


def test_trouble_is_seen_and_fails_the_test(page):
    page.goto("/admin/login/")
    page.evaluate("fetch('/static/nothing-here.txt')")
    page.evaluate("fetch('https://elsewhere.example/x').catch(() => null)")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.wait_for_timeout(300)
    for trouble in ("nothing-here.txt", "content security policy", r"script: .*broken"):
        with pytest.raises(pytest.fail.Exception, match=trouble):
            fail_on_trouble([page.context])
    expect_trouble(page, "nothing-here.txt 404")
    expect_trouble(page, "elsewhere.example")
    expect_trouble(page, "content security policy")
    with pytest.raises(pytest.fail.Exception, match=r"script: .*broken"):
        fail_on_trouble([page.context])
    expect_trouble(page, "script: .*broken")
    fail_on_trouble([page.context])


def test_trouble_in_a_window_that_the_page_opens_is_seen(page):
    page.goto("/admin/login/")
    with page.expect_popup() as opened:
        page.evaluate("window.open('/admin/login/')")
    opened.value.evaluate("setTimeout(() => { throw new Error('broken') })")
    opened.value.wait_for_timeout(200)
    expect_trouble(page, "broken")


def test_trouble_that_is_expected_and_does_not_come_fails_the_test(page):
    page.goto("/admin/login/")
    page.context.expected.append("no such thing")
    with pytest.raises(pytest.fail.Exception, match="did not come"):
        fail_on_trouble([page.context])
    page.context.expected.clear()


def test_what_a_tool_does_to_the_page_is_not_the_pages_trouble(page):
    page.goto("/admin/login/")
    with not_the_pages_own(page, "style"):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
        page.wait_for_timeout(200)
    assert page.trouble == []


def test_pressing_what_something_lies_over_is_refused(page):
    page.goto("/admin/login/")
    page.evaluate(
        """() => {
          const lid = document.body.appendChild(document.createElement("div"))
          Object.assign(lid.style, { position: "fixed", inset: "0" })
          lid.id = "lid"
        }"""
    )
    with pytest.raises(AssertionError, match="lid"):
        press(page.locator("[type=submit]"))
    page.evaluate("document.getElementById('lid').remove()")
    press(page.locator("#id_username"))
    assert page.evaluate("document.activeElement.id") == "id_username"


def test_a_page_can_be_opened_without_scripts(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/admin/login/")
    expect(page.locator("form")).to_be_visible()

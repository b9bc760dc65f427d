"""The browser fixtures themselves: what goes wrong on a page is seen."""

from playwright.sync_api import expect


def test_a_page_is_opened_and_nothing_is_wrong(page):
    page.goto("/admin/login/")
    expect(page.locator("form")).to_be_visible()
    assert page.trouble == []


def test_trouble_is_seen(page):
    page.goto("/admin/login/")
    page.evaluate("fetch('/static/nothing-here.txt')")
    page.evaluate("fetch('https://elsewhere.example/x').catch(() => null)")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.wait_for_timeout(300)
    trouble = "\n".join(page.trouble)
    assert "nothing-here.txt" in trouble
    assert "content security policy" in trouble
    assert "script: broken" in trouble


def test_a_page_can_be_opened_without_scripts(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/admin/login/")
    expect(page.locator("form")).to_be_visible()

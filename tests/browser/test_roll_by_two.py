"""Two officers tick the same roll call at once; one loses the connection, goes on, and comes back: nothing is lost."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.session_pages import meeting_in_session
from tests.browser.steps import CO_CHAIR, LANKA, MANAGER, OFFICER

Person = Callable[..., Page]
STATES, LAST = "[data-count=states]", "#roll-last"


def tick(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=name, exact=True).check()


def test_two_browsers_tick_at_once_and_one_goes_offline(person: Person) -> None:
    one, two = person(OFFICER, scripts=True), person(MANAGER, scripts=True, width=390)
    where = meeting_in_session(one, person(CO_CHAIR), person(LANKA), "Sample Meeting of two browsers")
    one.goto(f"{where}sessions/")
    one.get_by_role("link", name="Roll call").click()
    one.goto(f"{one.url}?show=all")
    two.goto(one.url)
    tick(one, "Australia", "Bangladesh")
    tick(two, "Indonesia", "Malaysia")
    for page in (one, two):
        expect(page.locator(STATES)).to_have_text("4", timeout=10_000)
        expect(page.get_by_role("checkbox", name="Malaysia", exact=True)).to_be_checked()
    two.context.set_offline(True)
    tick(two, "Thailand", "Nepal")
    two.get_by_role("checkbox", name="Indonesia", exact=True).uncheck()
    expect(two.locator("#roll-said")).to_have_text("3 ticks wait for the connection. Go on: nothing is lost.")
    tick(one, "Pakistan", "Thailand")
    expect(one.locator(STATES)).to_have_text("6")
    two.context.set_offline(False)
    expect(two.locator("#roll-said")).to_contain_text("3 ticks that waited were sent.", timeout=10_000)
    for page in (one, two):
        expect(page.locator(STATES)).to_have_text("6", timeout=10_000)
        expect(page.get_by_role("checkbox", name="Nepal", exact=True)).to_be_checked()
        expect(page.get_by_role("checkbox", name="Indonesia", exact=True)).not_to_be_checked()
    expect(one.locator(LAST)).to_contain_text("Last tick")
    expect(one.locator(LAST)).to_contain_text("by Manager")
    one.reload()
    expect(one.locator(STATES)).to_have_text("6")
    assert two.evaluate("document.documentElement.scrollWidth") <= 390

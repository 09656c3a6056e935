"""Journey of an agenda: an officer makes and publishes it, a delegate reads it on a phone; a late item is marked."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import LANKA, OFFICER

AGENDA = "/meetings/sample-workshop/agenda/"
Person = Callable[..., Page]


def add(page: Page, title: str) -> None:
    page.goto(f"{AGENDA}?add=day-1")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Minutes").fill("30")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def order(page: Page) -> list[str]:
    return [title.strip() for title in page.locator("li.slot h3").all_inner_texts()]


def test_an_agenda_from_the_first_item_to_a_late_one(person: Person) -> None:
    officer, delegate = person(OFFICER, scripts=True), person(LANKA, width=390)
    for title in ("Opening", "Reports", "Closing"):
        add(officer, title)
    officer.get_by_role("button", name="Move item 3 up").click()
    expect(officer.locator("li.slot h3").nth(1)).to_have_text("Closing")
    officer.get_by_role("link", name="Edit item 3", exact=True).focus()
    officer.keyboard.press("Alt+ArrowUp")
    expect(officer.locator("li.slot h3").nth(1)).to_have_text("Reports")
    assert order(officer) == ["Opening", "Reports", "Closing"]
    assert delegate.goto(AGENDA).status == 404  # type: ignore[union-attr]
    officer.get_by_role("button", name="Publish").click()
    expect(officer.get_by_text("Members and invited participants can read it now.")).to_be_visible()
    delegate.goto(AGENDA)
    assert order(delegate) == ["Opening", "Reports", "Closing"]
    assert delegate.evaluate("document.documentElement.scrollWidth") <= 390
    expect(delegate.get_by_role("link", name="Edit")).to_have_count(0)
    officer.get_by_role("button", name="Freeze").click()
    add(officer, "Urgent matter")
    delegate.reload()
    late = delegate.locator("li.slot", has_text="Urgent matter")
    expect(late.get_by_text("Late", exact=True)).to_be_visible()
    expect(late.locator(".no")).to_have_text("4")

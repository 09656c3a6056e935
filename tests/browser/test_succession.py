"""A successor's first hour: what the predecessor left, what was said before, and what is owed, then the first reply."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.invitations import invite, set_up
from tests.browser.pages import RUNNING
from tests.browser.steps import OFFICER, reply

Person = Callable[..., Page]
OLD, NEW = "focalpoint.mm@members.example", "successor.mm@members.example"
NOTE = "Ask the ministry of labour before you answer on returns: two days are enough."


def test_from_the_note_of_the_one_who_leaves_to_the_reply_of_the_one_who_comes(
    person: Person,
    mail_to: Callable[[str], str],
) -> None:
    old, officer, new = person(OLD), person(OFFICER), person(width=390)
    old.goto("/members/myanmar/")
    old.get_by_role("link", name="Write the note").click()
    old.get_by_label("Note", exact=True).fill(NOTE)
    old.get_by_role("button", name="Save the note").click()

    invite(officer, NEW, "Focal point", "Myanmar", replaces=True)
    set_up(new, mail_to(NEW), "Sample: Mr Successor")
    response = old.goto("/handover/myanmar/")
    assert response
    assert response.status == 404, "the one who left reads it no more"

    expect(new.get_by_role("heading", name="What you take over", level=1)).to_be_visible()
    expect(new.get_by_text(NOTE)).to_be_visible()
    owes = new.locator("section[aria-labelledby=owes]")
    expect(owes.locator(f"a[href='{RUNNING}']")).to_be_visible()
    expect(new.locator("section[aria-labelledby=before]")).to_contain_text("Focal point, Myanmar")
    new.get_by_role("button", name="I have read it").click()
    new.goto("/")
    expect(new.get_by_role("heading", name="What you take over")).to_have_count(0)
    new.goto(RUNNING)
    reply(new, "Endorse")
    new.goto("/handover/myanmar/")
    expect(new.get_by_role("heading", name="What you take over", level=1)).to_be_visible()
    expect(owes.locator(f"a[href='{RUNNING}']")).to_have_count(0)

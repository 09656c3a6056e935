"""Pages that exist only once something happened late (a corrigendum, a late reply, a letter): axe, both themes, both
widths."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.steps import (
    BANGKOK,
    CO_CHAIR,
    LANKA,
    MANAGER,
    OFFICER,
    choose,
    circulate,
    draft_file,
    wait_for_ending,
)
from tests.browser.test_axe import findings
from tests.browser.test_letter_journey import record_letter

Person = Callable[..., Page]


def looked_at(page: Page, heading: str) -> list[str]:
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    found = [f"{heading}: {one}" for theme in ("light", "dark, by the system") for one in findings(page, theme)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def ask_for_a_new_deadline(officer: Page, delegate: Page, where: str) -> None:
    officer.goto(f"{where}correct/")
    paragraph = officer.get_by_label("Paragraph", exact=True)
    paragraph.select_option(paragraph.locator("option", has_text="voluntary").get_attribute("value"))
    officer.get_by_label("The wrong words, as they stand").fill("voluntary")
    officer.get_by_label("How they should read").fill("non-obligatory")
    officer.get_by_label("Reason").fill("A slip of the pen.")
    officer.get_by_role("button", name=re.compile("^Correct and send")).click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("Draft with a slip")
    delegate.goto(where)
    delegate.get_by_role("link", name="ask for a new deadline").click()


def reply_late(delegate: Page, where: str) -> None:
    delegate.goto(where)
    delegate.get_by_text("Send a late reply").click()
    choose(delegate, "Endorse")
    delegate.get_by_role("button", name="Check and send").click()
    delegate.get_by_role("button", name=re.compile("^Send")).click()


def test_axe_finds_nothing_on_the_pages_of_what_came_late(person: Person, tmp_path: Path) -> None:
    officer, manager, chair, delegate = (
        person(email, scripts=True, bypass_csp=True) for email in (OFFICER, MANAGER, CO_CHAIR, LANKA)
    )
    running = circulate(officer, manager, draft_file(tmp_path, "txt"), "Draft with a slip", seconds=3600)
    ask_for_a_new_deadline(officer, delegate, running)
    found = looked_at(delegate, "new deadline")
    where = circulate(officer, manager, draft_file(tmp_path, "txt"), "Draft and what came late", seconds=10)
    received = dt.datetime.now(BANGKOK)
    wait_for_ending(officer, where, "Endorsed")
    reply_late(delegate, where)
    receipt = delegate.url
    chair.goto(receipt)
    chair.get_by_role("link", name="Take note of this late reply").click()
    found += looked_at(chair, "late reply")
    record_letter(officer, where, received)
    delegate.goto(officer.url)
    delegate.get_by_role("link", name="This is not our reply").click()
    found += looked_at(delegate, "not our reply")
    chair.goto(f"{where}decide/")
    found += looked_at(chair, "Decide")
    assert not found, "\n".join(found)

"""A letter that came in time and is recorded late: the co-chair sets the result aside, or confirms it."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import BANGKOK, CO_CHAIR, LANKA, MANAGER, OFFICER, circulate, draft_file, wait_for_ending

Person = Callable[..., Page]
EVIDENCE = "Sample: note verbale 12/2026, filed with this test."


def record_letter(officer: Page, where: str, received: dt.datetime) -> None:
    officer.goto(where)
    officer.get_by_role("link", name="Record a reply that came by letter or otherwise").click()
    expect(officer.get_by_text("the circulation waits for the co-chair, who decides whether it counts")).to_be_visible()
    officer.get_by_label("Whose reply").select_option(label="Sri Lanka")
    officer.get_by_label("How it came").select_option(label="By note verbale")
    officer.get_by_label("Received, day").fill(f"{received:%Y-%m-%d}")
    officer.get_by_label("Time in Bangkok").fill(f"{received:%H:%M}")
    officer.get_by_label("Evidence").fill(EVIDENCE)
    officer.locator(".choice", has=officer.get_by_text("Object", exact=True)).get_by_role("radio").check()
    officer.get_by_label("Reason", exact=True).fill("Our law does not permit paragraph 3.")
    officer.get_by_role("button", name="Record and tell the participant").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("Reply of Sri Lanka, recorded by the secretariat")


@pytest.mark.parametrize(
    ("width", "scripts", "way_out"),
    [(1280, True, "aside"), (390, False, "aside"), (1280, False, "confirm"), (390, True, "confirm")],
    ids=["wide scripts aside", "narrow plain aside", "wide plain confirm", "narrow scripts confirm"],
)
def test_letter_recorded_late_is_decided_by_the_co_chair(
    person: Person, tmp_path: Path, width: int, scripts: bool, way_out: str
) -> None:
    look = {"width": width, "scripts": scripts}
    officer, manager = person(OFFICER, **look), person(MANAGER, **look)
    chair, delegate = person(CO_CHAIR, **look), person(LANKA, **look)
    where = circulate(officer, manager, draft_file(tmp_path, "txt"), f"Draft and a letter, {way_out}", seconds=10)
    received = dt.datetime.now(BANGKOK)
    wait_for_ending(officer, where, "Endorsed")
    number = officer.locator("dl.facts .sym").first.inner_text()
    record_letter(officer, where, received)
    delegate.goto(where)
    expect(delegate.locator(".symline")).to_contain_text("Waiting for the co-chair")
    expect(delegate.locator("dl.facts")).to_contain_text("Under review by the co-chair")
    chair.goto(where)
    chair.get_by_role("link", name="Decide how this ends").click()
    for words in ("If you confirm: Endorsed", "If you set it aside: Silence broken"):
        expect(chair.get_by_role("heading", name=words)).to_be_visible()
    expect(chair.locator("main")).to_contain_text(EVIDENCE)
    assert chair.evaluate("document.documentElement.scrollWidth") <= width
    if way_out == "aside":
        chair.get_by_label("Why").fill("The note came in time.")
        chair.get_by_role("button", name=re.compile("^Set aside and send")).click()
    else:
        chair.get_by_role("button", name=re.compile("^Confirm and send")).click()
    word = "Silence broken" if way_out == "aside" else "Endorsed"
    for page in (chair, officer, delegate):
        page.goto(where)
        expect(page.locator(".symline")).to_contain_text(word)
    expect(officer.locator("dl.facts")).to_contain_text(number)
    delegate.get_by_role("link", name=re.compile("^Receipt")).first.click()
    counts = "that counts" if way_out == "aside" else "A co-chair left it out. No reply of Sri Lanka counts."
    expect(delegate.locator(".lede")).to_contain_text(counts)
    for kind, subject in (
        ("position.otherwise", "A reply was recorded in the name of Sri Lanka"),
        ("circulation.ended", f"{word}: draft"),
        ("circulation.ended", "Waiting for the co-chair: draft"),
    ):
        officer.goto(f"/outbox/?subject={where.split('/')[2]}&kind={kind}")
        expect(officer.get_by_text(re.compile(re.escape(subject))).first).to_be_visible()

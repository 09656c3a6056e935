"""The board follows what happens by itself, where scripts run; where they do not, the page is the same."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.steps import LANKA, MANAGER, OFFICER, circulate, draft_file, reply

Person = Callable[..., Page]


def test_board_follows_a_reply_and_keeps_focus_scroll_and_filter(person: Person, tmp_path: Path) -> None:
    officer, delegate = person(OFFICER, scripts=True), person(LANKA)
    where = circulate(officer, person(MANAGER), draft_file(tmp_path, "txt"), "Draft that is watched", seconds=180)
    faults: list[str] = []
    officer.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    officer.on("pageerror", lambda error: faults.append(str(error)))
    officer.set_viewport_size({"width": 1280, "height": 500})
    officer.goto(f"{where}?show=silent")
    said = officer.locator("#board-said")
    expect(said).to_have_text(re.compile(r"^0 of \d+ replied\.$"))
    officer.evaluate("window.stillHere = true; document.getElementById('board-said').stillHere = true")
    officer.locator("#show-doubt").focus()
    officer.evaluate("window.scrollTo(0, 240)")
    delegate.goto(where)
    reply(delegate, "Endorse")
    expect(said).to_have_text(re.compile(r"^1 of \d+ replied: 1 endorsed\.$"), timeout=15_000)
    assert officer.evaluate("window.stillHere === true"), "the page was not loaded again"
    assert officer.evaluate("document.getElementById('board-said').stillHere === true"), "the live region stayed"
    assert officer.evaluate("document.activeElement.id") == "show-doubt"
    assert officer.evaluate("window.scrollY") == 240
    expect(officer.locator("#show-silent")).to_have_attribute("aria-current", "true")
    expect(officer.locator("#cell-LK")).to_have_count(0)
    assert not faults, faults


def test_board_without_scripts_has_all_and_a_delegate_s_page_never_asks(person: Person) -> None:
    officer, delegate = person(OFFICER, width=390), person(LANKA, scripts=True)
    officer.goto("/circulations/sample-2026-3-v1/?show=silent&sort=time")
    expect(officer.get_by_role("status")).to_contain_text("replied")
    expect(officer.get_by_role("link", name=re.compile("^In doubt"))).to_be_visible()
    assert officer.evaluate("document.documentElement.scrollWidth") <= 390
    delegate.goto("/circulations/sample-2026-3-v1/")
    expect(delegate.locator("[hx-get], script")).to_have_count(0)

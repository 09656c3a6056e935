"""Hostile text typed into the portal's own forms, then opened by others in a browser: nothing of it runs.

With the content security policy put aside, so that the escaping alone is on trial; a second look proves the policy.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Portal
from tests.browser.steps import MANAGER, OFFICER, choose, circulate

Person = Callable[..., Page]
RUNS = "window.ran=(window.ran||0)+1"
HOSTILE = f"""'"><img src=x onerror="{RUNS}"><svg onload="{RUNS}"></svg><script>{RUNS}</script>{{{{ 7|add:7 }}}}"""
TRIED = """() => Promise.all([...document.images].map((one) => one.complete || new Promise((done) => {
    one.addEventListener("error", done); one.addEventListener("load", done); })))"""
"""Every picture was fetched or given up, so its handler had its chance."""
SPEAKER = "focalpoint.my@members.example"


@pytest.fixture
def looking(portal: Portal, browser: Browser, signed_in: Callable[[str], Any]) -> Any:
    contexts = []

    def look(email: str, *, bypass_csp: bool = True) -> Page:
        context = browser.new_context(
            base_url=portal.url, storage_state=signed_in(email) if email else None, bypass_csp=bypass_csp
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield look
    for context in contexts:
        context.close()


def has_run(page: Page) -> int:
    return int(page.evaluate("window.ran || 0"))


def test_what_members_and_officers_type_runs_for_nobody(person: Person, looking: Any, tmp_path: Path) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text(f"1. {HOSTILE}\n\n2. Again {HOSTILE}", encoding="utf-8")
    where = circulate(person(OFFICER), person(MANAGER), path, f"Hostile {HOSTILE}", seconds=600)
    speaker = person(SPEAKER)
    speaker.goto(where)
    choose(speaker, "Endorse with proposals")
    speaker.get_by_label("Your proposals").fill(HOSTILE)
    speaker.get_by_role("button", name="Check and send").click()
    speaker.get_by_role("button", name="Send: Endorse with proposals").click()
    expect(speaker.get_by_role("heading", name="Your reply is recorded")).to_be_visible()
    receipt = speaker.url
    seen = 0
    for email, addresses in {
        OFFICER: [where, receipt, "/", "/circulations/", "/documents/", "/outbox/", "/register/", f"{where}evidence/"],
        MANAGER: ["/", where],
        SPEAKER: ["/", where, receipt, "/inbox/", "/circulations/"],
    }.items():
        page = looking(email)
        for address in addresses:
            page.goto(address)
            page.wait_for_load_state("load")
            assert has_run(page) == 0, (email, address)
            assert "14}}" not in page.content(), (email, address)
            seen += "onerror" in page.locator("body").inner_text()
    assert seen >= 8, "too few pages show the text: that proves little"


def test_twin_the_same_text_without_escaping_runs_and_the_policy_stops_it(looking: Any) -> None:
    into = "(text) => { document.querySelector('main').insertAdjacentHTML('beforeend', text); }"
    bare, guarded = looking(""), looking("", bypass_csp=False)
    for page in (bare, guarded):
        page.goto("/meetings/")
        page.evaluate(into, HOSTILE)
        page.evaluate(TRIED)
    assert has_run(bare) > 0
    assert has_run(guarded) == 0

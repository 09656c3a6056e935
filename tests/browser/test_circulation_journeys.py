"""A circulation from its opening to its end, at both widths, with scripts and without: the steps are the same."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    LANKA,
    MANAGER,
    OFFICER,
    choose,
    circulate,
    draft_file,
    path_of,
    reply,
    set_terms,
    wait_for_ending,
)

Person = Callable[..., Page]
SECONDS = 20
"""From the terms over the approval to the reply, also on a machine that is busy."""
each_way = pytest.mark.parametrize(
    ("width", "scripts"),
    [(1280, False), (1280, True), (390, False), (390, True)],
    ids=["wide", "wide with scripts", "narrow", "narrow with scripts"],
)


def narrow_enough(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def certificate_of(page: Page) -> bytes:
    """The certificate as its link gives it."""
    with page.expect_download() as found:
        page.get_by_role("link", name="Certificate, PDF").click()
    return Path(found.value.path()).read_bytes()


@each_way
def test_from_the_opening_to_a_certificate(person: Person, tmp_path: Path, width: int, scripts: bool) -> None:
    how = {"width": width, "scripts": scripts}
    officer, manager, delegate = (person(one, **how) for one in (OFFICER, MANAGER, LANKA))
    title = f"Draft with a certificate {width} {scripts}"
    where = circulate(officer, manager, draft_file(tmp_path, "txt"), title, seconds=SECONDS)
    delegate.goto(where)
    narrow_enough(delegate, width)
    reply(delegate, "Endorse")
    wait_for_ending(officer, where, "Endorsed")
    narrow_enough(officer, width)
    assert certificate_of(officer).startswith(b"%PDF-1.7")
    delegate.goto(where)
    assert certificate_of(delegate).startswith(b"%PDF-1.7")


@each_way
def test_from_an_objection_over_a_new_version_to_the_endorsement(
    person: Person, tmp_path: Path, width: int, scripts: bool
) -> None:
    how = {"width": width, "scripts": scripts}
    officer, manager, delegate = (person(one, **how) for one in (OFFICER, MANAGER, LANKA))
    title = f"Draft that is written anew {width} {scripts}"
    where = circulate(officer, manager, draft_file(tmp_path, "txt"), title, seconds=90)
    delegate.goto(where)
    choose(delegate, "Object")
    delegate.get_by_label("Reason", exact=True).fill("Our law does not permit paragraph 3.")
    delegate.get_by_role("button", name="Check and send").click()
    delegate.get_by_role("button", name="Send: Object").click()
    expect(delegate.locator(".symline")).to_contain_text("Silence broken")
    officer.goto(where)
    expect(officer.locator("main")).to_contain_text("Our law does not permit paragraph 3.")
    again = new_version(officer, manager, tmp_path, title)
    assert again != where
    delegate.goto(again)
    narrow_enough(delegate, width)
    reply(delegate, "Endorse")
    wait_for_ending(officer, again, "Endorsed")
    expect(officer.get_by_role("link", name="Certificate, PDF")).to_be_visible()


def new_version(officer: Page, manager: Page, folder: Path, title: str) -> str:
    """Upload the next version, circulate it for some seconds; its path."""
    officer.goto("/documents/")
    officer.get_by_role("link", name=title).first.click()
    officer.get_by_role("link", name=re.compile("new version", re.IGNORECASE)).click()
    officer.get_by_label("File", exact=True).set_input_files(draft_file(folder))
    officer.get_by_role("button", name="Upload").click()
    officer.get_by_role("link", name="Prepare a circulation").click()
    set_terms(officer, body="Ad Hoc Group", seconds=SECONDS)
    officer.get_by_role("button", name="Save draft").click()
    officer.get_by_role("button", name="Ask for approval").click()
    where = path_of(officer.url)
    manager.goto(where)
    manager.get_by_role("link", name="Record the approval").click()
    manager.get_by_label("Which co-chair approved?").select_option(label="Australia")
    manager.get_by_label("How, and when").fill("Sample: by telephone today.")
    manager.get_by_role("button", name=re.compile("Open and send")).click()
    expect(manager.get_by_text("The circulation is open.")).to_be_visible()
    return where

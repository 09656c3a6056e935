"""An admin's day in Chromium, with the scripts of Django admin; the console is watched for what the policy refuses."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Portal, sign_in
from tests.browser.steps import ADMIN

Person = Callable[..., Page]
NAME, OTHER = "Sample Harbour State", "Sample Habour Land"


@pytest.fixture
def said() -> list[str]:
    """What the browser's console said that is an error."""
    return []


@pytest.fixture
def page(portal: Portal, person: Person, said: list[str]) -> Iterator[Page]:
    page = person(scripts=True, accept_downloads=True)
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, ADMIN, portal.password)
    yield page
    _delete(page)


def _delete(page: Page) -> None:
    """The other journeys count participants."""
    page.goto("/admin/members/participant/?q=Sample+Harbour")
    if page.get_by_role("link", name=NAME).count():
        page.get_by_role("link", name=NAME).click()
        page.get_by_role("link", name="Delete").click()
        page.get_by_role("button", name=re.compile("Yes")).click()
    expect(page.get_by_role("link", name=NAME)).to_have_count(0)


def _add(page: Page) -> None:
    page.get_by_role("link", name="Administration").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    page.locator("#content").get_by_role("link", name="Participants", exact=True).click()
    page.get_by_role("link", name=re.compile("Add participant", re.IGNORECASE)).click()
    page.get_by_label("Short name:").press_sequentially(NAME)
    expect(page.get_by_label("Slug:")).to_have_value("sample-harbour-state")
    page.get_by_label("Sort key:").fill("sample harbour state")
    page.get_by_label("Code:").fill("ZZ-SAMPLE")
    page.get_by_label("Kind:").select_option(label="State")
    page.get_by_role("button", name="Add another Standing").click()
    page.locator("#id_standings-0-standing").select_option(label="Member")
    page.locator("#id_standings-0-from_on").fill("2020-01-01")
    page.get_by_role("button", name="Add another Alias").click()
    page.locator("#id_aliases-0-name").fill(OTHER)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("was added successfully")


def _find(page: Page) -> None:
    page.goto("/admin/members/participant/")
    page.get_by_role("searchbox").or_(page.locator("#searchbar")).first.fill("Sample Harbour")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=NAME).click()


def _end_standing_and_correct_alias(page: Page) -> None:
    _find(page)
    page.locator("#id_standings-0-to_on").fill("2019-01-01")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The last day is before the first.")).to_be_visible()
    page.locator("#id_standings-0-to_on").fill("2024-12-31")
    page.get_by_role("button", name="Add another Standing").click()
    page.locator("#id_standings-1-standing").select_option(label="Observer")
    page.locator("#id_standings-1-from_on").fill("2025-01-01")
    page.locator("#id_aliases-0-name").fill("Sample Harbour Land")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("was changed successfully")


def _export(page: Page, kind: str) -> bytes:
    page.goto("/admin/members/participant/?q=Sample+Harbour")
    page.get_by_role("link", name="Export").click()
    expect(page.get_by_text(re.compile("^1 row, as search and filters"))).to_be_visible()
    page.get_by_label(re.compile(kind)).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    return Path(download.value.path()).read_bytes()


def test_an_admins_day(page: Page, said: list[str]) -> None:
    _add(page)
    _end_standing_and_correct_alias(page)

    _find(page)
    page.get_by_role("link", name="History").click()
    history = page.locator("table.history")
    for words in ("31 December 2024", OTHER, "Sample Harbour Land", ADMIN, "Standing changed", "Alias changed"):
        expect(history).to_contain_text(words)

    rows = list(csv.DictReader(io.StringIO(_export(page, "CSV").decode("utf-8-sig"))))
    assert [(row["code"], row["short name"], row["standing today"]) for row in rows] == [
        ("ZZ-SAMPLE", NAME, "Observer")
    ]
    heads, row = openpyxl.load_workbook(io.BytesIO(_export(page, "XLSX")))["List"].iter_rows(values_only=True)
    assert dict(zip(heads, row, strict=True))["code"] == "ZZ-SAMPLE"

    page.goto("/admin/audit/auditentry/?q=members.participant")
    expect(page.locator("#result_list")).to_contain_text("list.exported")
    page.goto("/members/sample-harbour-state/")
    expect(page.get_by_role("heading", name=NAME).first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Observer")
    assert not said


def test_no_admin_page_asks_for_what_the_policy_refuses(page: Page, said: list[str]) -> None:
    _add(page)
    for path in (
        "/admin/",
        "/admin/system/",
        "/admin/members/",
        "/admin/members/participant/",
        "/admin/members/participant/export/",
        "/admin/members/body/add/",
        "/admin/members/user/",
        "/admin/meetings/meeting/",
        "/admin/auditlog/logentry/",
        "/admin/endorsements/procedure/add/",
    ):
        assert page.goto(path), path
        expect(page.locator("#site-name")).to_contain_text("Bali Process: administration")
        assert not said, path


def test_a_body_gets_a_member_by_the_first_letters_of_its_name(page: Page, said: list[str]) -> None:
    _add(page)
    page.goto("/admin/members/body/?q=Ad+Hoc+Group")
    page.locator("#result_list th.field-name a").first.click()
    page.get_by_role("button", name="Add another Body membership").click()
    row = page.locator("tr.dynamic-memberships:not(.has_original)").last
    row.locator(".select2-selection").click()
    page.locator(".select2-search__field").last.fill("Sample Har")
    page.get_by_role("option", name=NAME).click()
    expect(row.locator(".select2-selection__rendered")).to_contain_text(NAME)
    assert not said

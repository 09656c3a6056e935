"""The portal's whole job, walked in Chromium without scripts against a portal started as `make run` starts it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    ADMIN,
    CO_CHAIR,
    LANKA,
    MALDIVES,
    MANAGER,
    OBSERVER,
    OFFICER,
    THAILAND,
    choose,
    circulate,
    draft_file,
    path_of,
    reply,
    set_terms,
    upload,
    wait_for_ending,
)

Person = Callable[..., Page]
RUNNING = "/circulations/sample-2026-3-v1/"


def test_public_finds_the_meeting_with_its_facts(person: Person) -> None:
    page = person()
    page.goto("/")
    expect(page.get_by_text("45 States, 4 organisations")).to_be_visible()
    expect(page.get_by_text("18 States, 9 organisations")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Meetings").click()
    page.get_by_label("Series").select_option(label="Ad Hoc Group Senior Officials")
    page.get_by_label("Year").select_option(label="2019")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Fourteenth Meeting of the Ad Hoc Group Senior Officials").click()
    facts = page.locator("dl.facts")
    for fact in ["24 July 2019", "Da Nang, Viet Nam", "Australia and Indonesia"]:
        expect(facts).to_contain_text(fact)
    attendance = page.locator("section", has=page.get_by_role("heading", name="Attendance", exact=True))
    for heading, count in [("Member", 16), ("Observer", 2)]:
        expect(attendance.get_by_role("heading", name=re.compile(f"{heading}.*{count}")).first).to_be_visible()
    for name in ["Canada", "United Kingdom", "Asia Dialogue on Forced Migration", "Viet Nam", "Lao"]:
        expect(attendance.get_by_text(name)).to_have_count(0 if name == "Lao" else attendance.get_by_text(name).count())
    outcomes = page.locator("section", has=page.get_by_role("heading", name="Outcomes", exact=True))
    proposals = outcomes.locator("dt", has_text="Endorsed with proposals").locator("xpath=..").locator("ol li")
    expect(proposals).to_have_count(4)


def test_draft_from_upload_to_endorsement(person: Person, tmp_path: Path) -> None:
    officer, manager, delegate = person(OFFICER), person(MANAGER), person(LANKA, width=390)
    title = "Draft that is endorsed with proposals"
    where = circulate(officer, manager, draft_file(tmp_path), title, seconds=25)

    delegate.goto("/")
    box = delegate.locator("li.box", has=delegate.get_by_role("link", name=title, exact=True))
    expect(box.get_by_text("in Bangkok")).to_be_visible()
    expect(box.get_by_text("in Colombo")).to_be_visible()
    box.get_by_role("link", name="Read and reply").click()
    expect(delegate.locator("#p3")).to_contain_text("Each State names a contact point.")
    reply(delegate, "Endorse with proposals", "Say which office the contact point is.", "Your proposals")
    expect(delegate.locator(".seal .sym").first).to_have_text(re.compile(r"^([0-9a-f]{4} ){15}[0-9a-f]{4}$"))
    first_head = delegate.locator(".seal .sym").first.inner_text()

    delegate.get_by_role("link", name="Send another reply").click()
    expect(delegate.get_by_label("Your proposals")).to_have_value("Say which office the contact point is.")
    reply(delegate, "Endorse with proposals", "Say which office, and in which language it answers.", "Your proposals")
    assert delegate.locator(".seal .sym").first.inner_text() != first_head

    manager.goto(where)
    expect(manager.locator(".cell", has_text="Sri Lanka")).to_contain_text("Endorsed with proposals")
    wait_for_ending(officer, where, "Endorsed with proposals")
    expect(officer.locator(".facts")).to_contain_text("SAMPLE/")
    delegate.goto(where)
    expect(delegate.locator(".symline")).to_contain_text("Endorsed with proposals")
    expect(delegate.get_by_role("heading", name="Result")).to_be_visible()
    expect(delegate.get_by_role("button", name="Check and send")).to_have_count(0)

    officer.goto(f"/outbox/?subject={where.split('/')[2]}&participant=LK")
    expect(officer.get_by_role("link", name=re.compile("Please reply .*by ")).first).to_be_visible()
    expect(officer.get_by_text("focalpoint.lk@members.example").first).to_be_visible()
    officer.goto("/register/")
    expect(officer.locator("tbody tr").first).to_be_visible()


def test_objection_breaks_silence(person: Person, tmp_path: Path) -> None:
    officer, manager, delegate, other = person(OFFICER), person(MANAGER), person(MALDIVES), person(THAILAND)
    where = circulate(officer, manager, draft_file(tmp_path, "txt"), "Draft that meets an objection", seconds=90)
    delegate.goto(where)
    choose(delegate, "Object")
    delegate.get_by_role("button", name="Check and send").click()
    expect(delegate).to_have_title(re.compile("^Error:"))
    expect(delegate.get_by_role("alert")).to_contain_text("Write the reason, or tick")
    delegate.get_by_label("Reason", exact=True).fill("Our law does not permit paragraph 3.")
    delegate.get_by_role("button", name="Check and send").click()
    expect(delegate.get_by_text("This breaks the silence at once.").first).to_be_visible()
    delegate.get_by_role("button", name="Send: Object").click()
    expect(delegate.locator(".symline")).to_contain_text("Silence broken")
    other.goto(where)
    expect(other.locator(".symline")).to_contain_text("Silence broken")
    expect(other.locator("main")).not_to_contain_text("Maldives")
    expect(other.locator("main")).not_to_contain_text("Our law does not permit")
    officer.goto(where)
    expect(officer.locator("main")).to_contain_text("Our law does not permit paragraph 3.")


def test_member_nobody_reached_makes_it_wait_for_the_co_chair(person: Person, tmp_path: Path) -> None:
    officer, manager = person(OFFICER), person(MANAGER)
    upload(officer, draft_file(tmp_path, "txt"), "Draft for all members")
    officer.get_by_role("link", name="Prepare a circulation").click()
    set_terms(officer, body="Ministerial Conference", seconds=600)
    officer.get_by_role("button", name="Save draft").click()
    expect(officer.get_by_text("Silence from an empty desk is not consent.")).to_be_visible()
    officer.get_by_role("link", name="Change").click()
    set_terms(officer, body="Ministerial Conference", seconds=12)
    officer.get_by_role("button", name="Save draft").click()
    officer.get_by_role("button", name="Ask for approval").click()
    where = path_of(officer.url)
    manager.goto(where)
    manager.get_by_role("link", name="Record the approval").click()
    manager.get_by_label("Which co-chair approved?").select_option(label="Australia")
    manager.get_by_label("How, and when").fill("Sample: by telephone today.")
    manager.get_by_role("button", name=re.compile("Open and send")).click()
    wait_for_ending(officer, where, "Waiting for the co-chair")
    expect(officer.locator(".tally")).to_contain_text("Not reached")
    expect(officer.locator(".lede")).to_contain_text("a co-chair decides how this ends")


def test_reply_after_the_deadline_is_kept_and_marked_late(person: Person, tmp_path: Path) -> None:
    officer, manager, delegate = person(OFFICER), person(MANAGER), person(LANKA)
    where = circulate(officer, manager, draft_file(tmp_path, "txt"), "Draft that closes", seconds=8)
    delegate.goto(where)
    choose(delegate, "Object")
    delegate.get_by_label("Reason", exact=True).fill("Too late, but mine.")
    wait_for_ending(officer, where, "Endorsed")
    delegate.get_by_role("button", name="Check and send").click()
    expect(delegate.get_by_text("The deadline has passed. Your reply will be kept and marked late")).to_be_visible()
    expect(delegate.locator("main")).to_contain_text("Too late, but mine.")
    delegate.get_by_role("button", name="Send: Object").click()
    expect(delegate.locator(".box").first).to_contain_text("Late")
    delegate.goto(where)
    expect(delegate.locator(".symline")).to_contain_text("Endorsed")


def test_double_click_sends_once(person: Person, tmp_path: Path) -> None:
    officer, manager, delegate = person(OFFICER), person(MANAGER), person(THAILAND, scripts=True)
    where = circulate(officer, manager, draft_file(tmp_path, "txt"), "Draft answered by a double click", seconds=120)
    delegate.goto(where)
    choose(delegate, "Endorse")
    delegate.get_by_role("button", name="Check and send").click()
    delegate.get_by_role("button", name="Send: Endorse").dblclick()
    expect(delegate.get_by_role("heading", name="Your reply is recorded")).to_be_visible()
    delegate.goto(where)
    expect(delegate.get_by_role("link", name=re.compile("^Receipt"))).to_have_count(1)


def test_co_chair_sees_the_board_and_observer_sees_no_draft(person: Person) -> None:
    chair, observer = person(CO_CHAIR), person(OBSERVER)
    chair.goto(RUNNING)
    expect(chair.locator(".board .cell")).to_have_count(19)
    observer.goto("/")
    expect(observer.get_by_text("All answered")).to_be_visible()
    response = observer.goto(RUNNING)
    assert response
    assert response.status == 404


def test_delegate_sees_no_count_while_it_runs(person: Person) -> None:
    page = person(LANKA)
    page.goto(RUNNING)
    expect(page.locator("main")).not_to_contain_text(re.compile(r"\d+ of 16"))
    expect(page.locator("main")).not_to_contain_text("India")


def test_admin_finds_the_directory_and_cannot_change_a_state(person: Person) -> None:
    page = person(ADMIN, scripts=True)
    page.goto("/admin/")
    page.get_by_role("link", name="Participants", exact=True).click()
    page.locator("#searchbar").fill("Vietnam")
    page.locator("#changelist-search [type=submit]").click()
    expect(page.locator("#result_list")).to_contain_text("Viet Nam")
    for name in ["Standings", "Bodies", "Users"]:
        page.goto("/admin/")
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("#result_list tbody tr").first).to_be_visible()
    page.goto("/admin/endorsements/circulation/")
    page.locator("#result_list tbody a").first.click()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [("officer@rso.example", "wrong", "do not go together"), ("nobody@rso.example", "wrong", "do not go together")],
)
def test_sign_in_with_a_wrong_password(person: Person, email: str, password: str, sentence: str) -> None:
    page = person()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.get_by_label("E-mail address")).to_have_value(email)


def test_prepare_with_bad_terms_says_so_at_the_field_and_keeps_what_was_typed(person: Person, tmp_path: Path) -> None:
    page = person(OFFICER)
    upload(page, draft_file(tmp_path, "txt"), "Draft with bad terms")
    page.get_by_role("link", name="Prepare a circulation").click()
    page.get_by_label("Your paragraph in the notice").fill("Kept.")
    set_terms(page, body="Ad Hoc Group", seconds=-3600)
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.locator("#id_day_error")).to_contain_text("passed already")
    expect(page.get_by_label("Your paragraph in the notice")).to_have_value("Kept.")
    page.get_by_label("Procedure").select_option(label="Silence procedure of the Ad Hoc Group")
    set_terms(page, body="Ad Hoc Group", seconds=3600)
    page.get_by_label("Procedure").select_option(label="Silence procedure of the Ad Hoc Group")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#id_day_error")).to_contain_text("10 working days")


def test_upload_of_a_wrong_file_says_so_and_keeps_what_was_typed(person: Person, tmp_path: Path) -> None:
    page = person(OFFICER)
    wrong = tmp_path / "picture.docx"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n0000")
    page.goto("/documents/upload/")
    page.get_by_label("Title").fill("Wrong file")
    page.get_by_label("Symbol").fill("TEST/WRONG")
    page.get_by_label("Kind of document").select_option(label="Paper")
    page.get_by_label("Body that owns it").select_option(label="Ad Hoc Group")
    page.get_by_label("File").set_input_files(wrong)
    page.get_by_role("button", name="Upload").click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_label("Title")).to_have_value("Wrong file")


def test_keyboard_alone_reaches_the_reply(person: Person) -> None:
    page = person(LANKA, scripts=True)
    page.goto(RUNNING)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[type=radio]:checked")).to_have_value("endorse_with_proposals")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your proposals")).to_be_focused()


def test_theme_is_kept_with_the_account(person: Person) -> None:
    page = person(MALDIVES)
    page.goto("/")
    page.get_by_role("button", name="Dark display").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto(RUNNING)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Light display").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")

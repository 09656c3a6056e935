"""A meeting from the one before it to the end of its last session, as people click and type it: planned, its agenda
edited, invited, answered, its list frozen, opened, its roll called, its outcomes noted, closed."""

import datetime as dt
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import BANGKOK, CO_CHAIR, OFFICER, path_of
from tests.meetings.test_letter_gate import GOOD_JPEG

Person = Callable[..., Page]
LETTER = {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": GOOD_JPEG}
MALAYSIA = "focalpoint.my@members.example"
BEFORE, TITLE = (f"{word} Ad Hoc Group Senior Officials’ Meeting" for word in ("Nineteenth", "Twentieth"))
TODAY = dt.datetime.now(BANGKOK).date()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).first.click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()


def plan_the_one_before(officer: Page) -> str:
    """A nineteenth meeting with an agenda of three items, tomorrow; its path."""
    officer.goto("/meetings/")
    follow(officer, "Plan a meeting")
    officer.get_by_label("Series").select_option(label="Ad Hoc Group Senior Officials")
    officer.get_by_label("Title").fill(BEFORE)
    officer.get_by_label("Ordinal").fill("19")
    officer.get_by_label("First day").fill((TODAY + dt.timedelta(days=1)).isoformat())
    press(officer, "Plan the meeting")
    where = path_of(officer.url)
    follow(officer, "Agenda")
    for title, minutes in (("Opening", "20"), ("Any other business", "15"), ("Reports of the working groups", "90")):
        follow(officer, "Add item")
        officer.get_by_label("Title").fill(title)
        officer.get_by_label("Minutes").fill(minutes)
        press(officer, re.compile("^Add$"))
        expect(officer.get_by_role("heading", name=title)).to_be_visible()
    return where


def plan_the_next(officer: Page, before: str) -> str:
    """The twentieth, as the form proposes it, in two days from 60 days ahead; its path."""
    officer.goto(before)
    follow(officer, "Plan the next one")
    expect(officer.get_by_text("3 lines, as a draft")).to_be_visible()
    expect(officer.get_by_label("Title")).to_have_value(TITLE)
    expect(officer.get_by_label("Ordinal")).to_have_value("20")
    first = TODAY + dt.timedelta(days=60)
    officer.get_by_label("First day").fill(first.isoformat())
    officer.get_by_label("Last day").fill((first - dt.timedelta(days=1)).isoformat())
    press(officer, "Plan the meeting")
    expect(officer.get_by_role("alert")).to_contain_text("Last day: The last day is before the first.")
    expect(officer.get_by_label("Title")).to_have_value(TITLE)
    officer.get_by_label("Last day").fill((first + dt.timedelta(days=1)).isoformat())
    officer.get_by_label("Place").fill("Kuala Lumpur")
    officer.get_by_label("Host country").select_option(label="Malaysia")
    press(officer, "Plan the meeting")
    expect(officer.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    return path_of(officer.url)


def titles(page: Page) -> list[str]:
    return [one.strip() for one in page.locator("li.slot h3").all_inner_texts()]


def edit_the_agenda(officer: Page, member: Page, where: str) -> None:
    """By a button, by a key, by the form; nobody outside sees it before it is published."""
    officer.goto(where)
    follow(officer, "Agenda")
    press(officer, "Move item 3 up")
    expect(officer.locator("li.slot h3").nth(1)).to_have_text("Reports of the working groups")
    officer.get_by_role("link", name="Edit item 3", exact=True).focus()
    officer.keyboard.press("Alt+ArrowRight")
    expect(officer.locator("ol.alpha li")).to_contain_text("Any other business")
    officer.get_by_role("link", name="Edit item 2 (a)", exact=True).focus()
    officer.keyboard.press("Alt+ArrowLeft")
    expect(officer.locator("li.slot h3").nth(2)).to_have_text("Any other business")
    follow(officer, re.compile("^Edit item 2$"))
    officer.get_by_label("Action").select_option(label="For endorsement")
    officer.get_by_label("Minutes").fill("0")
    press(officer, "Save item")
    expect(officer.get_by_role("alert")).to_contain_text("Write minutes from 1 to 600, or nothing.")
    officer.get_by_label("Minutes").fill("60")
    press(officer, "Save item")
    expect(officer.locator("li.slot").nth(1)).to_contain_text("For endorsement")
    assert member.goto(f"{where}agenda/").status == 404  # type: ignore[union-attr]
    press(officer, "Publish")
    member.goto(f"{where}agenda/")
    assert titles(member) == ["Opening", "Reports of the working groups", "Any other business"]


def invite(officer: Page, chair: Page, where: str) -> None:
    officer.goto(where)
    follow(officer, "Invitation and answers")
    follow(officer, "Prepare the invitation")
    officer.get_by_label("Registration until, day").fill((TODAY + dt.timedelta(days=30)).isoformat())
    officer.get_by_label("Canada").check()
    press(officer, "Save draft")
    press(officer, "Ask for approval")
    expect(officer.get_by_text("Approval is asked.")).to_be_visible()
    chair.goto("/")
    chair.get_by_role("link").filter(has_text=TITLE).first.click()
    if not chair.get_by_role("button", name=re.compile("^Approve and send")).count():
        follow(chair, re.compile("^Approve"))
    press(chair, re.compile(r"^Approve and send \d+ e-mails$"))
    expect(chair.get_by_text(re.compile("It went out on"))).to_be_visible()


def answer(member: Page, where: str) -> None:
    """The focal point on a phone: a person twice and a letter that is none are refused, what was typed stays."""
    member.goto(where)
    follow(member, "Delegation of Malaysia")
    member.get_by_label("We come").check()
    for number, name in ((1, "Ms Journey Sample"), (2, "Ms  journey sample")):
        member.get_by_label(f"Name of person {number}").fill(name)
    member.get_by_label("Role of person 2").select_option(label="Adviser")
    member.get_by_label("Nomination letter").set_input_files({**LETTER, "buffer": b"GIF89a no letter"})
    press(member, "Send the answer")
    expect(member.get_by_role("alert")).to_contain_text("neither a PDF nor a picture")
    expect(member.get_by_role("alert")).to_contain_text("Name of person 2")
    expect(member.get_by_label("Name of person 1")).to_have_value("Ms Journey Sample")
    member.get_by_label("Name of person 2").fill("สมหญิง Sample")
    member.get_by_label("Nomination letter").set_input_files(LETTER)
    press(member, "Send the answer")
    expect(member.get_by_role("link", name="Save the copy")).to_be_visible()


def record_another(officer: Page, where: str) -> None:
    officer.goto(f"{where}answers/")
    follow(officer, "Thailand")
    follow(officer, "Record an answer that came otherwise")
    officer.get_by_label("It comes").check()
    officer.get_by_label("Name of person 1").fill("Mr Letter Sample")
    officer.get_by_label("How it came").select_option(label="By note verbale")
    officer.get_by_label("Received, day").fill(TODAY.isoformat())
    officer.get_by_label("Time in Bangkok").fill("00:00")
    officer.get_by_label("Evidence").fill("Sample: note verbale 20/2026.")
    press(officer, "Record and tell Thailand")
    expect(officer.locator("main")).to_contain_text("Recorded by the secretariat.")


def make_final(officer: Page, where: str) -> None:
    """The agenda is frozen, the list final; each file of the list arrives."""
    officer.goto(f"{where}agenda/")
    press(officer, "Freeze")
    expect(officer.get_by_text("What was added later is marked late.")).to_be_visible()
    officer.goto(f"{where}answers/")
    follow(officer, "List of participants")
    press(officer, "Make the list final")
    expect(officer.get_by_text(re.compile("^Final, frozen on"))).to_be_visible()
    for name, ending in (
        ("PDF", "pdf"),
        ("Word", "docx"),
        ("Excel", "xlsx"),
        ("Badges", "pdf"),
        ("Name plates", "pdf"),
    ):
        with officer.expect_download() as got:
            officer.get_by_role("link", name=name, exact=True).click()
        assert got.value.suggested_filename.endswith(f".{ending}"), name
        assert got.value.path().stat().st_size > 1000, name


def call_the_roll(officer: Page, where: str) -> None:
    """A session with an end before its start is refused; then it is called, and the counts follow each tick."""
    officer.goto(where)
    follow(officer, "Sessions and roll call")
    officer.get_by_label("Title").fill("Morning of the first day")
    officer.get_by_label("Starts").fill("09:00")
    officer.get_by_label("Ends").fill("08:00")
    press(officer, "Add")
    expect(officer.get_by_role("alert")).to_contain_text("The end is before the start.")
    officer.get_by_label("Ends").fill("12:30")
    press(officer, "Add")
    press(officer, "Open the meeting")
    follow(officer, re.compile("^Roll call"))
    states = officer.locator("[data-count=states]")
    expect(states).to_have_text("0")
    officer.get_by_role("checkbox", name="Malaysia").check()
    officer.get_by_role("checkbox", name="Thailand").check()
    expect(states).to_have_text("2")
    officer.locator("li.tick", has_text="Malaysia").locator("summary").click()
    officer.get_by_label("Ms Journey Sample: otherwise").select_option(label="remote")
    expect(officer.locator("[data-mark]", has_text="remote")).to_be_visible()
    officer.reload()
    expect(officer.get_by_role("checkbox", name="Thailand")).to_be_checked()
    expect(states).to_have_text("2")


def run_and_close(officer: Page, where: str) -> None:
    officer.goto(f"{where}sessions/")
    follow(officer, "Run the meeting")
    press(officer, re.compile("^Take up 1. Opening"))
    press(officer, re.compile("^Done. Next: 2. Reports"))
    expect(officer.get_by_role("heading", level=1)).to_have_text("2. Reports of the working groups")
    press(officer, "Note the outcome")
    expect(officer.get_by_role("alert")).to_contain_text("Choose a verb.")
    officer.get_by_label("Did what").select_option(label="endorsed (decides)")
    officer.get_by_label("What", exact=True).fill("the reports of the working groups.")
    press(officer, "Note the outcome")
    expect(officer.locator("main")).to_contain_text("Members endorsed the reports of the working groups.")
    press(officer, re.compile("^Done. Next: 3. Any other"))
    press(officer, "Done")
    expect(officer.get_by_text("All items are done.")).to_be_visible()
    officer.goto(f"{where}sessions/")
    press(officer, "Close the meeting")
    expect(officer.get_by_text("The meeting is closed.").first).to_be_visible()
    press(officer, "Go back to in session")
    expect(officer.get_by_role("alert")).to_contain_text("Write why the meeting goes back.")


def test_a_meeting_from_the_one_before_to_its_end(person: Person) -> None:
    officer, chair = person(OFFICER, scripts=True), person(CO_CHAIR)
    member = person(MALAYSIA, width=390)
    where = plan_the_next(officer, plan_the_one_before(officer))
    edit_the_agenda(officer, member, where)
    invite(officer, chair, where)
    answer(member, where)
    record_another(officer, where)
    make_final(officer, where)
    call_the_roll(officer, where)
    run_and_close(officer, where)
    member.goto(f"{where}agenda/")
    assert member.evaluate("document.documentElement.scrollWidth") <= 390
    assert member.goto(f"{where}run/").status == 404  # type: ignore[union-attr]

"""A meeting in session, as people make it, and its pages: sessions, roll call, running; attendance over the years."""

import datetime as dt
import re

from playwright.sync_api import Page, expect

from tests.browser.spot import Spot, Stage, at
from tests.browser.steps import BANGKOK, CO_CHAIR, LANKA, OFFICER, path_of

IN_SESSION = "/meetings/sample-meeting-in-session/"
LONG = "Ms Anne-Marie von und zu Sample-Sampleberg de la Longue Rivière"


def meeting_in_session(officer: Page, chair: Page, member: Page, title: str = "Sample Meeting in session") -> str:
    """Planned, invited, answered by Sri Lanka, with three items, opened, the first of them taken up; its path."""
    first = dt.datetime.now(BANGKOK).date() + dt.timedelta(days=20)
    officer.goto("/meetings/plan/?series=ahg-som")
    officer.get_by_label("Title").fill(title)
    officer.get_by_label("First day").fill(first.isoformat())
    officer.get_by_role("button", name="Plan the meeting").click()
    where = path_of(officer.url)
    for item in ("Opening", "Reports", "Closing"):
        officer.goto(f"{where}agenda/?add=day-1")
        officer.get_by_label("Title").fill(item)
        officer.get_by_label("Minutes").fill("20")
        officer.get_by_role("button", name="Add", exact=True).click()
    officer.goto(f"{where}invitation/prepare/")
    officer.get_by_label("Registration until, day").fill((first - dt.timedelta(days=5)).isoformat())
    officer.get_by_role("button", name="Save draft").click()
    officer.get_by_role("button", name="Ask for approval").click()
    chair.goto(f"{where}invitation/approve/")
    chair.get_by_role("button", name=re.compile("^Approve and send")).click()
    expect(chair.get_by_text("It went out on")).to_be_visible()
    member.goto(f"{where}delegation/")
    member.get_by_label("We come").check()
    member.get_by_label("Name of person 1").fill(LONG)
    member.get_by_label("Name of person 2").fill("สมหญิง ตัวอย่าง")
    member.get_by_label("Role of person 2").select_option(label="Adviser")
    member.get_by_role("button", name="Send the answer").click()
    expect(member.get_by_text(f"Added: {LONG}")).to_be_visible()
    officer.goto(f"{where}sessions/")
    officer.get_by_role("button", name="Open the meeting").click()
    expect(officer.get_by_text("The meeting is in session.").first).to_be_visible()
    officer.get_by_role("link", name="Run the meeting").click()
    officer.get_by_role("button", name="Take up 1. Opening").first.click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("1. Opening")
    return where


def roll(page: Page, stage: Stage) -> None:
    page.goto(f"{IN_SESSION}sessions/")
    page.get_by_role("link", name=re.compile("^Roll call")).click()


def whole_roll(page: Page, stage: Stage) -> None:
    """Everyone, one marked remote."""
    roll(page, stage)
    page.get_by_role("link", name=re.compile("^All ")).click()
    card = page.locator("li.tick", has_text=LONG)
    if not card.locator("details[open]").count():
        card.locator("summary").click()
    page.get_by_label(f"{LONG}: otherwise").select_option(label="remote")


def add_session_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{IN_SESSION}sessions/")
    page.get_by_role("button", name="Add", exact=True).click()


def note_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{IN_SESSION}run/")
    page.get_by_role("button", name="Note the outcome").click()


SESSIONS = [
    Spot("sessions", OFFICER, at(f"{IN_SESSION}sessions/"), "Sessions"),
    Spot("sessions-error", OFFICER, add_session_wrongly, "Sessions"),
    Spot("roll", OFFICER, roll, "Roll call"),
    Spot("roll-all", OFFICER, whole_roll, "Roll call"),
    Spot("run-error", OFFICER, note_wrongly, "1. Opening"),
    Spot("run", OFFICER, at(f"{IN_SESSION}run/"), "1. Opening"),
    Spot("run-of-the-chair", CO_CHAIR, at(f"{IN_SESSION}run/"), "1. Opening"),
    Spot("heat", LANKA, at("/meetings/attendance/"), "Attendance over the years"),
]

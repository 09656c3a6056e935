"""Pages on which meetings are planned and prepared."""

from playwright.sync_api import Page

from tests.browser.meeting_pages import MEETING, TO_CALL
from tests.browser.spot import Spot, Stage, at
from tests.browser.steps import OFFICER


def plan_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/meetings/plan/")
    page.get_by_role("button", name="Plan the meeting").click()


def add_line_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{MEETING}checklist/")
    page.get_by_role("button", name="Add the line").click()


def record_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/meetings/record/")
    page.get_by_role("button", name="Record the meeting").click()


PLANNING = [
    Spot("record", OFFICER, at("/meetings/record/?series=ahg-som"), "Record a past meeting"),
    Spot("record-error", OFFICER, record_wrongly, "Record a past meeting"),
    Spot("plan", OFFICER, at("/meetings/plan/?series=ahg-som"), "Plan a meeting"),
    Spot("plan-error", OFFICER, plan_wrongly, "Plan a meeting"),
    Spot("plan-next", OFFICER, at(f"{MEETING}next/"), "Plan the next meeting"),
    Spot("meeting-change", OFFICER, at(f"{TO_CALL}change/"), "Change the meeting"),
    Spot("checklist", OFFICER, at(f"{MEETING}checklist/"), "Checklist"),
    Spot("checklist-error", OFFICER, add_line_wrongly, "Checklist"),
]

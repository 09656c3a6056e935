"""Pages of a meeting that is called: invitation, delegations, answers, papers, evidence."""

import datetime as dt

from playwright.sync_api import Page, expect

from tests.browser.spot import Spot, Stage, at
from tests.browser.steps import BANGKOK, CO_CHAIR, LANKA, MANAGER, OFFICER

AUSTRALIA = "focalpoint.au@members.example"
MEETING, TO_CALL = "/meetings/sample-ahg-som/", "/meetings/sample-workshop/"


def invitation_asked(officer: Page) -> None:
    """The invitation to the second meeting of the demonstration waits for approval."""
    officer.goto(f"{TO_CALL}invitation/prepare/")
    officer.get_by_label("Registration until, day").fill(
        (dt.datetime.now(BANGKOK).date() + dt.timedelta(days=30)).isoformat()
    )
    officer.get_by_label("Canada").check()
    officer.get_by_role("button", name="Save draft").click()
    officer.get_by_role("button", name="Ask for approval").click()
    expect(officer.get_by_text("Approval is asked.")).to_be_visible()


def prepare_invitation_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{TO_CALL}invitation/prepare/")
    page.get_by_label("Registration until, day").fill("2020-01-01")
    page.get_by_role("button", name="Save draft").click()


def approve_invitation_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{TO_CALL}invitation/approve/")
    page.get_by_role("button", name="Record and send").click()


def answer_wrongly(page: Page, stage: Stage) -> None:
    """A person without a role, and nobody who heads the delegation."""
    page.goto(f"{MEETING}delegation/LK/")
    page.get_by_label("We come").check()
    page.get_by_label("Name of person 2").fill("Ms G. Sample")
    page.get_by_role("button", name="Send the answer").click()


def ask_paper_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{MEETING}papers/")
    page.get_by_role("button", name="Ask for it").click()


def record_wrongly(page: Page, stage: Stage) -> None:
    """A letter that is none, and no word of how it came."""
    page.goto(f"{MEETING}delegation/LK/record/")
    page.get_by_label("It comes").check()
    page.get_by_label("Name of person 1").fill("Ms G. Sample")
    page.get_by_label("Nomination letter").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"PK no letter"}
    )
    page.get_by_role("button", name="Record and tell Sri Lanka").click()


def reopen_wrongly(page: Page, stage: Stage) -> None:
    """The list was frozen, and is to be taken back without a reason."""
    page.goto(f"{MEETING}participants/")
    if page.get_by_role("button", name="Make the list final").count():
        page.get_by_role("button", name="Make the list final").click()
    page.get_by_role("button", name="Take the final list back").click()


def read_information(page: Page, stage: Stage) -> None:
    page.goto(f"{MEETING}information/change/")
    page.get_by_label("Venue").fill("Sample Hall, second floor.\n\nDoors open at 08:00.")
    page.get_by_role("button", name="Save the note").click()


MEETINGS = [
    Spot("participants", OFFICER, at(f"{MEETING}participants/"), "List of participants"),
    Spot("participants-none", OFFICER, at(f"{TO_CALL}participants/"), "List of participants"),
    Spot("participants-final-error", OFFICER, reopen_wrongly, "List of participants"),
    Spot("delegation-record", OFFICER, at(f"{MEETING}delegation/AU/record/"), "Record an answer"),
    Spot("delegation-record-error", OFFICER, record_wrongly, "Record an answer"),
    Spot("information-change", OFFICER, at(f"{MEETING}information/change/"), "Information for participants"),
    Spot("information", OFFICER, read_information, "Information for participants"),
    Spot("meeting-read-by-office", OFFICER, at(MEETING), "Sample Meeting"),
    Spot("answers", OFFICER, at(f"{MEETING}answers/"), "Answers"),
    Spot("answers-none", OFFICER, at(f"{MEETING}answers/?show=late"), "Answers"),
    Spot("delegation-read-by-office", OFFICER, at(f"{MEETING}delegation/AU/"), "Delegation of Australia"),
    Spot("invitation-sent", OFFICER, at(f"{MEETING}invitation/"), "Invitation"),
    Spot("papers", OFFICER, at(f"{MEETING}papers/"), "Papers asked for"),
    Spot("papers-error", OFFICER, ask_paper_wrongly, "Papers asked for"),
    Spot("meeting-evidence", OFFICER, at(f"{MEETING}evidence/?show=all"), "Evidence of notice"),
    Spot("postpone", OFFICER, at(f"{MEETING}postpone/"), "Postpone the meeting"),
    Spot("cancel", OFFICER, at(f"{MEETING}cancel/"), "Cancel the meeting"),
    Spot("invitation-prepare", OFFICER, at(f"{TO_CALL}invitation/prepare/"), "Change the invitation"),
    Spot("invitation-prepare-error", OFFICER, prepare_invitation_wrongly, "Change the invitation"),
    Spot("invitation-draft", OFFICER, at(f"{TO_CALL}invitation/"), "Invitation"),
    Spot("invitation-approve", MANAGER, at(f"{TO_CALL}invitation/approve/"), "Approve and send"),
    Spot("invitation-approve-error", MANAGER, approve_invitation_wrongly, "Approve and send"),
    Spot("invitation-approve-as-chair", CO_CHAIR, at(f"{TO_CALL}invitation/approve/"), "Approve and send"),
    Spot("delegation", LANKA, at(f"{MEETING}delegation/"), "Delegation of Sri Lanka"),
    Spot("delegation-error", LANKA, answer_wrongly, "Delegation of Sri Lanka"),
    Spot("delegation-answered", AUSTRALIA, at(f"{MEETING}delegation/"), "Delegation of Australia"),
]

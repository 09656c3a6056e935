"""Every page of ours: who opens it, how, and the words by which one knows it is the right page."""

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path

from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.agenda_pages import AGENDAS
from tests.browser.conftest import ROOT, Portal, open_password
from tests.browser.meeting_pages import MEETINGS, invitation_asked
from tests.browser.planning_pages import PLANNING
from tests.browser.session_pages import SESSIONS
from tests.browser.spot import Spot, Stage, at
from tests.browser.steps import CO_CHAIR, IN_SECONDS, LANKA, MANAGER, OBSERVER, OFFICER, choose, draft_file, upload

AUSTRALIA = "focalpoint.au@members.example"
PAKISTAN = "focalpoint.pk@members.example"
NOBODY = ""
ENDED, BROKEN, RUNNING = (f"/circulations/sample-2026-{number}-v1/" for number in (1, 2, 3))


def make_stage(officer: Page, portal: Portal, folder: Path) -> Stage:
    """A circulation that is drafted, one whose approval is asked, a file with a table, a file changed on the disk."""
    draft = _prepared(officer, folder, "Draft that is not asked for")
    asked = _prepared(officer, folder, "Draft that waits for approval")
    officer.get_by_role("button", name="Ask for approval").click()
    expect(officer.get_by_role("button", name="Ask for approval")).to_have_count(0)
    with_table = upload(officer, _file_with_table(folder), "Draft with a table")
    invitation_asked(officer)
    own = folder / "own.txt"
    own.write_text(f"1. A file that is changed on the disk: {uuid.uuid4()}.", encoding="utf-8")
    changed = upload(officer, own, "Draft whose file is changed")
    sha256 = hashlib.sha256(own.read_bytes()).hexdigest()
    kept = portal.data / "files" / sha256[:2] / sha256[2:]
    kept.chmod(0o600)
    kept.write_text("1. Changed.", encoding="utf-8")
    return Stage(folder, draft, asked, with_table, changed)


def _prepared(officer: Page, folder: Path, title: str) -> str:
    upload(officer, draft_file(folder, "txt"), title)
    officer.get_by_role("link", name="Prepare a circulation").click()
    officer.get_by_label("Body", exact=True).select_option(label="Ad Hoc Group")
    officer.get_by_label("Procedure").select_option(label=IN_SECONDS)
    officer.get_by_label("Deadline, day").fill("2036-03-03")
    officer.get_by_label("Time in Bangkok").fill("17:00:00")
    officer.get_by_role("button", name="Save draft").click()
    expect(officer.get_by_role("heading", name="The notice")).to_be_visible()
    return officer.url


def _file_with_table(folder: Path) -> Path:
    document = Document()
    document.add_paragraph("1. The table is not carried over.")
    document.add_table(rows=2, cols=2)
    document.save(str(folder / "table.docx"))
    return folder / "table.docx"


def sign_in_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/accounts/login/")
    open_password(page)
    page.get_by_label("E-mail address").fill("nobody@members.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()


def ask_reset_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/accounts/password/reset/")
    page.get_by_role("button", name="Send the link").click()


def ask_reset_too_often(page: Page, stage: Stage) -> None:
    """Five a minute for one address are answered, the sixth is not."""
    for _ in range(6):
        page.goto("/accounts/password/reset/")
        page.get_by_label("E-mail address").fill("nobody@members.example")
        page.get_by_role("button", name="Send the link").click()


def fail(page: Page, stage: Stage) -> None:
    """The page of an error of the server, as the server sends it: a file without tags of the template language."""
    text = (ROOT / "templates" / "500.html").read_text(encoding="utf-8")
    page.route("**/broken/", lambda route: route.fulfill(status=500, body=text, content_type="text/html"))
    page.goto("/broken/")


def change_password_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/accounts/password/change/")
    page.get_by_role("button", name="Change the password").click()


def set_up_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/accounts/second-step/app/")
    page.get_by_role("button", name="Set up the app").click()


def delete_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/accounts/delete/")
    page.get_by_role("button", name="Delete the account").click()


def prepare_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/circulations/prepare/")
    page.get_by_role("button", name="Save draft").click()


def approve_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.asked}approve/")
    page.get_by_role("button", name="Open and send").click()


def remind_nobody(page: Page, stage: Stage) -> None:
    page.goto(f"{RUNNING}remind/")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Send the reminders now").click()


def upload_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/documents/upload/")
    page.get_by_role("button", name="Upload").click()


def upload_version_wrongly(page: Page, stage: Stage) -> None:
    page.goto(stage.with_table)
    page.get_by_role("link", name="Upload a new version").click()
    page.get_by_role("button", name="Upload").click()


def confirm_wrongly(page: Page, stage: Stage) -> None:
    page.goto(stage.with_table)
    page.get_by_role("button", name="Confirm").click()


def invite_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/people/invite/")
    page.get_by_role("button", name="Send the invitation").click()


def upload_people_wrongly(page: Page, stage: Stage) -> None:
    page.goto("/people/batches/upload/")
    page.get_by_role("button", name="Look at it").click()


def upload_people(page: Page, stage: Stage) -> None:
    """One row that can be sent, one with a fault. Nothing is sent."""
    file = stage.folder / "people.csv"
    file.write_text("email,role,participant\na@b.example,reviewer,TH\nb@b.example,king,TH\n", encoding="utf-8")
    page.goto("/people/batches/upload/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()


def object_wrongly(page: Page, stage: Stage) -> None:
    page.goto(RUNNING)
    choose(page, "Object")
    page.get_by_role("button", name="Check and send").click()


def check_proposals(page: Page, stage: Stage) -> None:
    page.goto(RUNNING)
    choose(page, "Endorse with proposals")
    page.get_by_label("Your proposals").fill("Name the office.\nSay in which language it answers.")
    page.get_by_role("button", name="Check and send").click()


def check_objection(page: Page, stage: Stage) -> None:
    page.goto(RUNNING)
    choose(page, "Object")
    page.get_by_label("Reason", exact=True).fill("Our law does not permit paragraph 3.")
    page.get_by_role("button", name="Check and send").click()


def returned(deed: str) -> Callable[[Page, Stage], object]:
    """Opens a deed on the message that the portal's own receiver returned."""

    def go(page: Page, stage: Stage) -> None:
        page.goto("/outbox/not-arrived/")
        page.get_by_role("link", name="returned.example").first.click()
        page.get_by_role("link", name=deed).click()

    return go


def readdress_wrongly(page: Page, stage: Stage) -> None:
    returned("Change the address")(page, stage)
    page.get_by_role("button", name="Change the address").click()


def first_link(path: str, name: str) -> Callable[[Page, Stage], object]:
    """Opens an address, then its first link of that name."""

    def go(page: Page, stage: Stage) -> None:
        page.goto(path)
        page.locator("main").get_by_role("link", name=name).first.click()

    return go


def document_of(page: Page, stage: Stage) -> None:
    page.goto(stage.with_table)
    page.goto(page.url.split("versions/")[0])


def reply_as_member(page: Page, stage: Stage) -> None:
    page.goto(f"{RUNNING}?as=member")


def save_stale_note(page: Page, stage: Stage) -> None:
    """A note written in two windows at once: the one saved last is shown both texts."""
    page.goto("/members/sri-lanka/note/")
    other = page.context.new_page()
    other.goto("/members/sri-lanka/note/")
    other.get_by_role("textbox", name="Note").fill(f"Saved first: {uuid.uuid4()}.")
    other.get_by_role("button", name="Save the note").click()
    other.close()
    page.get_by_role("textbox", name="Note").fill("Saved second.")
    page.get_by_role("button", name="Save the note").click()


def refused(page: Page, stage: Stage) -> None:
    page.goto(f"{RUNNING}approve/")


PUBLIC = [
    Spot("home", NOBODY, at("/"), "Bali Process"),
    Spot("meetings", NOBODY, at("/meetings/"), "Meetings"),
    Spot("meetings-chosen", NOBODY, at("/meetings/?year=2019&page=7"), "Meetings"),
    Spot("meetings-none", NOBODY, at("/meetings/?series=ministerial-conference&year=2019"), "Meetings"),
    Spot("meeting-14", NOBODY, at("/meetings/ahg-som-14/"), "Fourteenth Meeting"),
    Spot("meeting-sparse", NOBODY, at("/meetings/ahg-som-5/"), "Meeting"),
    Spot("meeting-conference", NOBODY, at("/meetings/ministerial-conference-6/"), "Conference"),
    Spot("participant", NOBODY, at("/members/viet-nam/"), "Viet Nam"),
    Spot("participant-organisation", NOBODY, at("/members/unhcr/"), "UNHCR"),
    Spot("members", NOBODY, at("/members/"), "Members and observers"),
    Spot("members-error", NOBODY, at("/members/?on=2019-02-30&body=none"), "Members and observers"),
    Spot("members-none", NOBODY, at("/members/?q=nowhere&on=2012-01-01"), "Members and observers"),
    Spot("members-without", NOBODY, at("/members/?standing=none"), "Members and observers"),
    Spot("bodies", NOBODY, at("/bodies/"), "Bodies"),
    Spot("body", NOBODY, at("/bodies/ad-hoc-group/"), "Ad Hoc Group"),
    Spot("body-of-all", NOBODY, at("/bodies/ministerial-conference/"), "Ministerial Conference"),
    Spot("body-sparse", NOBODY, at("/bodies/regional-support-office/"), "Regional Support Office"),
    Spot("sign-in", NOBODY, at("/accounts/login/"), "Sign in"),
    Spot("sign-in-error", NOBODY, sign_in_wrongly, "Sign in"),
    Spot("reset", NOBODY, at("/accounts/password/reset/"), "Forgotten password"),
    Spot("reset-error", NOBODY, ask_reset_wrongly, "Forgotten password"),
    Spot("reset-asked", NOBODY, at("/accounts/password/reset/done/"), "Look into your mail"),
    Spot("reset-link-used", NOBODY, at("/accounts/password/reset/key/1-used/"), "This link no longer works"),
    Spot("reset-done", NOBODY, at("/accounts/password/reset/key/done/"), "Password changed"),
    Spot("invitation-dead", NOBODY, at("/invitation/no-such-link/"), "This link no longer works"),
    Spot("inactive", NOBODY, at("/accounts/inactive/"), "You are not signed in"),
    Spot("429", NOBODY, ask_reset_too_often, "Too many tries"),
    Spot("500", NOBODY, fail, "Something went wrong on our side"),
    Spot("register-heads", NOBODY, at("/register/heads/"), "Heads of the register"),
    Spot("404", NOBODY, at("/meetings/no-such-meeting/"), "This page is not here"),
]
OFFICE = [
    Spot("desk", OFFICER, at("/"), "Secretariat desk"),
    Spot("circulations", OFFICER, at("/circulations/"), "Circulations"),
    Spot("prepare", OFFICER, at("/circulations/prepare/"), "Prepare a circulation"),
    Spot("prepare-error", OFFICER, prepare_wrongly, "Prepare a circulation"),
    Spot("draft", OFFICER, lambda page, stage: page.goto(stage.draft), "Draft that is not asked for"),
    Spot("change", OFFICER, lambda page, stage: page.goto(f"{stage.draft}change/"), "Change the circulation"),
    Spot("board-running", OFFICER, at(RUNNING), "First interviews at points of arrival"),
    Spot("board-ended", OFFICER, at(ENDED), "Contact points for returns"),
    Spot("board-broken", OFFICER, at(BROKEN), "Common form for missing travel documents"),
    Spot("register", OFFICER, at("/register/"), "Register"),
    Spot("evidence", OFFICER, at(f"{RUNNING}evidence/?show=all"), "Evidence of notice"),
    Spot("tell", OFFICER, at(f"{RUNNING}tell/LK/"), "Told otherwise: Sri Lanka"),
    Spot("remind", OFFICER, at(f"{RUNNING}remind/"), "Remind members"),
    Spot("remind-nobody", OFFICER, remind_nobody, "Remind members"),
    Spot("extend", OFFICER, at(f"{RUNNING}extend/"), "Extend the deadline"),
    Spot("correct", OFFICER, at(f"{RUNNING}correct/"), "Correct a slip"),
    Spot("withdraw", OFFICER, at(f"{RUNNING}withdraw/"), "Withdraw the circulation"),
    Spot("draft-of-co-chair", CO_CHAIR, lambda page, stage: page.goto(stage.asked), "Draft that waits for approval"),
    Spot("approve-as-co-chair", CO_CHAIR, lambda page, stage: page.goto(f"{stage.asked}approve/"), "Approve and open"),
    Spot("outbox", OFFICER, at("/outbox/"), "Outbox"),
    Spot("outbox-none", OFFICER, at("/outbox/?subject=no-such-notice"), "Outbox"),
    Spot("not-arrived", OFFICER, at("/outbox/not-arrived/"), "Not arrived"),
    Spot("notice-resend", OFFICER, returned("Try again"), "Try again"),
    Spot("notice-readdress", OFFICER, returned("Change the address"), "Change the address"),
    Spot("notice-readdress-wrong", OFFICER, readdress_wrongly, "Change the address"),
    Spot("texts", OFFICER, at("/outbox/texts/"), "Texts of notices"),
    Spot("text", OFFICER, at("/outbox/texts/reminder-last/"), "Reminder, the last"),
    Spot("text-as-mail", OFFICER, at("/outbox/texts/reminder-last/mail/"), "Sample: Last reminder"),
    Spot("notice", OFFICER, first_link("/outbox/?kind=circulation.opened", "Please reply"), "lease reply"),
    Spot("documents", OFFICER, at("/documents/"), "Documents"),
    Spot("upload", OFFICER, at("/documents/upload/"), "Upload a draft"),
    Spot("upload-error", OFFICER, upload_wrongly, "Upload a draft"),
    Spot("document", OFFICER, document_of, "Draft with a table"),
    Spot("version", OFFICER, first_link("/documents/", "First interviews"), "First interviews at points of arrival"),
    Spot("version-left-out", OFFICER, lambda page, stage: page.goto(stage.with_table), "Draft with a table"),
    Spot("version-left-out-error", OFFICER, confirm_wrongly, "Draft with a table"),
    Spot("version-changed", OFFICER, lambda page, stage: page.goto(stage.changed), "Version 1 is not shown"),
    Spot("version-upload-error", OFFICER, upload_version_wrongly, "Upload a new version"),
    Spot("record-otherwise", OFFICER, at(f"{RUNNING}otherwise/"), "Record a reply"),
    Spot("receipt-read-by-office", OFFICER, first_link(RUNNING, "Maldives"), "Reply of Maldives"),
    Spot("participant-read-by-office", OFFICER, at("/members/philippines/"), "Philippines"),
    Spot("403", OFFICER, refused, "You may not do this"),
    Spot("members-read-by-office", OFFICER, at("/members/?body=ad-hoc-group"), "Members and observers"),
    Spot("body-read-by-office", OFFICER, at("/bodies/ad-hoc-group/"), "Ad Hoc Group"),
    Spot("people-of-office", OFFICER, at("/people/"), "People of"),
    Spot("people-read-by-office", OFFICER, at("/people/?participant=TH"), "People of Thailand"),
    Spot("people-post", OFFICER, first_link("/people/?participant=TH", "Change or end"), "Focal point"),
    Spot("people-invite", OFFICER, at("/people/invite/?participant=TH"), "Invite a person"),
    Spot("people-invite-error", OFFICER, invite_wrongly, "Invite a person"),
    Spot("people-invitations", OFFICER, at("/people/invitations/"), "Invitations"),
    Spot("people-vacant", OFFICER, at("/people/vacant/"), "Vacant posts"),
    Spot("access", OFFICER, at("/access/"), "Who may do what"),
    Spot("people-batches", OFFICER, at("/people/batches/"), "Invite many"),
    Spot("people-batch", OFFICER, upload_people, "people.csv"),
    Spot("people-batch-error", OFFICER, upload_people_wrongly, "Upload a file of invitations"),
    Spot("desk-to-approve", MANAGER, at("/"), "Secretariat desk"),
    Spot("draft-to-approve", MANAGER, lambda page, stage: page.goto(stage.asked), "Draft that waits for approval"),
    Spot("approve", MANAGER, lambda page, stage: page.goto(f"{stage.asked}approve/"), "Approve and open"),
    Spot("approve-error", MANAGER, approve_wrongly, "Approve and open"),
]
MEMBERS = [
    Spot("needs-you", LANKA, at("/"), "What needs you now"),
    Spot("people-own", LANKA, at("/people/"), "Your people"),
    Spot("people-own-invite", LANKA, at("/people/invite/"), "Invite a person"),
    Spot("people-confirm", LANKA, at("/people/confirm/"), "Confirm who still acts"),
    Spot("needs-nothing", AUSTRALIA, at("/"), "What needs you now"),
    Spot("own-circulations", LANKA, at("/circulations/"), "Circulations"),
    Spot("reply", LANKA, at(RUNNING), "First interviews at points of arrival"),
    Spot("reply-error", LANKA, object_wrongly, "First interviews at points of arrival"),
    Spot("reply-again", AUSTRALIA, at(RUNNING), "First interviews at points of arrival"),
    Spot("ended", LANKA, at(ENDED), "Contact points for returns"),
    Spot("broken", LANKA, at(BROKEN), "Common form for missing travel documents"),
    Spot("check", LANKA, check_proposals, "Check and send"),
    Spot("check-objection", LANKA, check_objection, "Check and send"),
    Spot("receipt", AUSTRALIA, first_link(RUNNING, "Receipt"), "Your reply is recorded"),
    Spot("receipt-objection", PAKISTAN, first_link(BROKEN, "Receipt"), "Your reply is recorded"),
    Spot("change-password", LANKA, at("/accounts/password/change/"), "Change password"),
    Spot("change-password-error", LANKA, change_password_wrongly, "Change password"),
    Spot("sign-in-again", LANKA, at("/accounts/confirm/password/"), "Confirm that it is you"),
    Spot("inbox", LANKA, at("/inbox/"), "Inbox"),
    Spot("inbox-empty", OBSERVER, at("/inbox/"), "Inbox"),
    Spot("preferences", LANKA, at("/accounts/notices/"), "What comes by e-mail"),
    Spot("account", LANKA, at("/accounts/"), "Your account"),
    Spot("account-delete", LANKA, at("/accounts/delete/"), "Delete the account"),
    Spot("account-delete-error", LANKA, delete_wrongly, "Delete the account"),
    Spot("second-step", LANKA, at("/accounts/second-step/"), "Set up a second step"),
    Spot("passkey-add", LANKA, at("/accounts/second-step/passkeys/add/"), "Add a passkey"),
    Spot("app-set-up", LANKA, at("/accounts/second-step/app/"), "Set up an app"),
    Spot("app-set-up-error", LANKA, set_up_wrongly, "Set up an app"),
    Spot("sessions", LANKA, at("/accounts/sessions/"), "Where you are signed in"),
    Spot("404-signed-in", LANKA, at("/register/"), "This page is not here"),
    Spot("members-read-by-member", LANKA, at("/members/"), "Members and observers"),
    Spot("body-read-by-member", LANKA, at("/bodies/ad-hoc-group/"), "Ad Hoc Group"),
    Spot("chair-home", CO_CHAIR, at("/"), "What needs you now"),
    Spot("chair-board", CO_CHAIR, at(RUNNING), "First interviews at points of arrival"),
    Spot("handover", LANKA, at("/handover/sri-lanka/"), "What you take over"),
    Spot("handover-note", LANKA, at("/members/sri-lanka/note/"), "Handover note"),
    Spot("handover-note-stale", LANKA, save_stale_note, "Handover note"),
    Spot("participant-own", LANKA, at("/members/sri-lanka/"), "Sri Lanka"),
    Spot("participant-other", LANKA, at("/members/australia/"), "Australia"),
    Spot("participant-read-by-chair", CO_CHAIR, at("/members/india/"), "India"),
    Spot("observer-home", OBSERVER, at("/"), "What needs you now"),
    Spot("observer-public", OBSERVER, at("/forum/"), "Bali Process"),
]
SPOTS = [*PUBLIC, *OFFICE, *MEMBERS, *MEETINGS, *AGENDAS, *PLANNING, *SESSIONS]

"""The first day in each post: from the invitation in the mail to the first deed. No address is typed but the link's."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Portal
from tests.browser.pages import RUNNING
from tests.browser.steps import MANAGER, OFFICER, circulate, draft_file, reply, upload
from tests.browser.test_passkey import Desk, desk  # noqa: F401  (a fixture)

Person = Callable[..., Page]
PASSWORD = "four words far apart"


@pytest.fixture
def mail_to(portal: Portal) -> Callable[[str], str]:
    """The path of the link in the last mail to an address, as the portal's own receiver kept it: no page shows it."""
    password = (portal.data / "postgres-app-password").read_text(encoding="ascii").strip()
    port = (portal.data / "run" / "postgres-port").read_text(encoding="ascii").strip()
    found = "SELECT body FROM notifications_keptmail WHERE recipient = %s AND is_secret ORDER BY id DESC LIMIT 1"

    def link(address: str) -> str:
        with psycopg.connect(
            host="127.0.0.1", port=port, user="portal_app", password=password, dbname="portal", autocommit=True
        ) as database:
            for _ in range(120):
                row = database.execute(found, [address]).fetchone()
                if row and (path := re.search(r"https?://[^/\s]+(/invitation/[\w-]+/)", row[0])):
                    return path[1]
                time.sleep(0.5)
        raise AssertionError(f"no mail to {address}")

    return link


def invite(page: Page, email: str, post: str, participant: str = "", *, replaces: bool = False) -> None:
    """From the team's page; a letter where the form asks for one."""
    page.goto("/people/")
    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Post", exact=True).select_option(label=post)
    if participant:
        page.get_by_label("Participant").select_option(label=participant)
    if page.get_by_label("Letter that makes").count():
        page.get_by_label("Letter that makes").fill("Sample: note verbale of today")
    if replaces:
        page.get_by_label("The new person replaces").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"The invitation to {email} is on its way.")).to_be_visible()


def set_up(page: Page, link: str, name: str) -> None:
    """The newcomer opens the link, twice, and sets name, time zone and password."""
    page.goto(link)
    page.goto(link)
    expect(page.get_by_role("heading", name="You are invited")).to_be_visible()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your time zone").select_option(value="Asia/Bangkok")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_text("You act as").or_(page.get_by_text("The post is yours"))).to_be_visible()


def test_focal_point_and_reviewer(person: Person, mail_to: Callable[[str], str]) -> None:
    officer, focal, reviewer, old = (
        person(OFFICER),
        person(),
        person(width=390),
        person("focalpoint.ae@members.example"),
    )
    old.goto(RUNNING)
    expect(old.get_by_role("button", name="Check and send")).to_be_visible()
    invite(officer, "New.Focal@members.example", "Focal point", "United Arab Emirates", replaces=True)
    link = mail_to("new.focal@members.example")
    set_up(focal, link, "Sample: Ms New Focal Point")
    response = old.goto(RUNNING)
    assert response
    assert response.status == 404, "the access of the old one ends that second"

    focal.goto(RUNNING)
    reply(focal, "Endorse")
    again = person()
    again.goto(link)
    expect(again.get_by_role("heading", name="This link no longer works")).to_be_visible()

    invite(focal, "new.reviewer@members.example", "Reviewer")
    set_up(reviewer, mail_to("new.reviewer@members.example"), "Sample: Mr Reviewer")
    reviewer.goto(RUNNING)
    expect(reviewer.locator("#p3")).to_be_visible()
    expect(reviewer.get_by_role("button", name="Check and send")).to_have_count(0)


def test_observer_delegate(person: Person, mail_to: Callable[[str], str]) -> None:
    officer, observer = person(OFFICER), person()
    invite(officer, "new.observer@members.example", "Observer delegate", "Canada")
    set_up(observer, mail_to("new.observer@members.example"), "Sample: Ms Observer")
    observer.goto("/")
    expect(observer.get_by_text("All answered")).to_be_visible()
    observer.goto("/members/canada/")
    expect(observer.get_by_text("Sample: Ms Observer").first).to_be_visible()
    response = observer.goto(RUNNING)
    assert response
    assert response.status == 404


def test_co_chair(person: Person, mail_to: Callable[[str], str]) -> None:
    officer, chair = person(OFFICER), person()
    invite(officer, "new.chair@members.example", "Co-chair", "New Zealand")
    set_up(chair, mail_to("new.chair@members.example"), "Sample: Mr Chair")
    chair.goto(RUNNING)
    expect(chair.locator(".board .cell")).to_have_count(19)


def test_officer_and_manager(person: Person, mail_to: Callable[[str], str], tmp_path: Path) -> None:
    manager, new_officer, new_manager = person(MANAGER), person(), person()
    invite(manager, "new.officer@rso.example", "Officer")
    invite(manager, "new.manager@rso.example", "Manager")
    set_up(new_officer, mail_to("new.officer@rso.example"), "Sample: Ms Officer")
    set_up(new_manager, mail_to("new.manager@rso.example"), "Sample: Mr Manager")
    upload(new_officer, draft_file(tmp_path, "txt"), "Draft of a first day")
    circulate(new_officer, new_manager, draft_file(tmp_path, "txt"), "Draft approved on a first day", seconds=600)


def test_known_address_gets_a_second_post_and_no_second_account(person: Person, mail_to: Callable[[str], str]) -> None:
    officer, observer = person(OFFICER), person("observer.ca@members.example")
    invite(officer, "Observer.CA@members.example", "Observer delegate", "Japan")
    link = mail_to("observer.ca@members.example")
    stranger = person()
    stranger.goto(link)
    expect(stranger.get_by_role("link", name="Sign in to accept")).to_be_visible()
    observer.goto(link)
    observer.get_by_role("button", name="Accept the post").click()
    observer.goto("/members/japan/")
    expect(observer.get_by_text("observer.ca@members.example").first).to_be_visible()


def test_the_first_day_with_a_passkey_and_no_password(
    person: Person,
    desk: Callable[[], Desk],  # noqa: F811
    mail_to: Callable[[str], str],
) -> None:
    officer, one = person(OFFICER), desk()
    invite(officer, "by.passkey@members.example", "Reviewer", "United Arab Emirates")
    page = one.page
    page.goto(mail_to("by.passkey@members.example"))
    page.get_by_label("Your name").fill("Sample: Ms Passkey")
    page.get_by_role("button", name="Accept and set up a passkey").click()
    page.get_by_label("Name").fill("Office computer")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Continue with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(RUNNING)
    expect(page.locator("#p3")).to_be_visible()

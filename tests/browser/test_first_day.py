"""The first day in each post: from the invitation in the mail to the first deed. No address is typed but the link's."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.invitations import invite, set_up, set_up_with_passkey
from tests.browser.pages import RUNNING
from tests.browser.steps import MANAGER, OFFICER, circulate, draft_file, reply, upload
from tests.browser.test_passkey import Desk, desk  # noqa: F401  (a fixture)

Person = Callable[..., Page]


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
    set_up_with_passkey(page, mail_to("by.passkey@members.example"), "Sample: Ms Passkey")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Continue with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(RUNNING)
    expect(page.locator("#p3")).to_be_visible()


def test_officer_and_manager_with_passkeys_alone_open_a_circulation(
    person: Person,
    desk: Callable[[], Desk],  # noqa: F811
    mail_to: Callable[[str], str],
    tmp_path: Path,
) -> None:
    inviting, officer, manager = person(MANAGER), desk().page, desk().page
    invite(inviting, "officer.passkey@rso.example", "Officer")
    invite(inviting, "manager.passkey@rso.example", "Manager")
    set_up_with_passkey(officer, mail_to("officer.passkey@rso.example"), "Sample: Ms Officer")
    set_up_with_passkey(manager, mail_to("manager.passkey@rso.example"), "Sample: Mr Manager")
    where = circulate(officer, manager, draft_file(tmp_path, "txt"), "Draft opened by passkeys", seconds=600)
    manager.goto(where)
    expect(manager.locator(".symline .chip")).to_have_text("Silence running")

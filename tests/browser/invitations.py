"""Invitations as the tests of several journeys send and accept them."""

from playwright.sync_api import Page, expect

PASSWORD = "four words far apart"


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


def set_up_with_passkey(page: Page, link: str, name: str) -> None:
    """The newcomer opens the link and sets up a passkey, and no password."""
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Accept and set up a passkey").click()
    page.get_by_label("Name").fill("Office computer")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()

"""The page behind a link that works, which no list of pages can hold: axe, both themes, both widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Portal
from tests.browser.invitations import invite
from tests.browser.steps import OFFICER
from tests.browser.test_axe import findings

Person = Callable[..., Page]


@pytest.mark.parametrize(
    ("address", "button"),
    [("axe.newcomer@members.example", "Accept and sign in"), ("observer.ca@members.example", "Sign in to accept")],
)
def test_axe_finds_nothing_on_the_page_of_a_link_that_works(
    address: str,
    button: str,
    portal: Portal,
    browser: Browser,
    person: Person,
    mail_to: Callable[[str], str],
) -> None:
    invite(person(OFFICER), address, "Observer delegate", "Austria")
    context = browser.new_context(base_url=portal.url, bypass_csp=True)
    page = context.new_page()
    page.goto(mail_to(address))
    expect(page.get_by_role("button", name=button).or_(page.get_by_role("link", name=button))).to_be_visible()
    found = [one for theme in ("light", "dark, by the system") for one in findings(page, theme)]
    context.close()
    assert not found, "\n".join(found)

"""A passkey from the first day on, with the browser's own virtual device: set up, sign in without address, confirm."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Portal, sign_in
from tests.browser.pages import RUNNING
from tests.browser.steps import choose

NEW_ZEALAND, BANGLADESH = "focalpoint.nz@members.example", "focalpoint.bd@members.example"


@dataclass
class Desk:
    """A page and the device beside it."""

    page: Page
    cdp: CDPSession
    device: str

    def keys(self) -> list[Any]:
        found: list[Any] = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.device})["credentials"]
        return found

    def refuses(self, refuses: bool) -> None:
        """The person's finger is not the right one, or is again."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": not refuses})


@pytest.fixture
def desk(portal: Portal, browser: Browser) -> Iterator[Callable[[], Desk]]:
    contexts = []

    def sit_down() -> Desk:
        context = browser.new_context(base_url=portal.url)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        cdp = context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        device = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        return Desk(page, cdp, device)

    yield sit_down
    for context in contexts:
        context.close()


def set_up(page: Page, name: str) -> None:
    page.goto("/accounts/second-step/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add the passkey").click()


def test_a_passkey_from_setting_up_to_a_reply(desk: Callable[[], Desk], portal: Portal) -> None:
    one = desk()
    page = one.page
    sign_in(page, NEW_ZEALAND, portal.password)
    set_up(page, "Office computer")
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    expect(page.locator("main li .sym")).to_have_count(10)
    assert len(one.keys()) == 1
    assert one.keys()[0]["isResidentCredential"]
    assert one.keys()[0]["rpId"] == "localhost"
    page.goto("/accounts/second-step/")
    expect(page.get_by_text("Office computer").first).to_be_visible()

    set_up(page, "The same again")
    expect(page.get_by_text("This device has a passkey for you already.")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/?next=/meetings/")
    expect(page.get_by_label("Password")).to_be_hidden()
    one.refuses(True)
    page.get_by_role("button", name="Continue with a passkey").click()
    expect(page.get_by_text("Your device gave no passkey.")).to_be_visible()
    one.refuses(False)
    page.get_by_role("button", name="Continue with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.url.endswith("/meetings/")

    make_stale(page, portal)
    page.goto(RUNNING)
    choose(page, "Endorse")
    page.get_by_role("button", name="Check and send").click()
    page.get_by_role("button", name="Send: Endorse").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    expect(page.get_by_role("link", name="Use your password")).to_be_visible()
    page.get_by_role("button", name="Go on with your passkey").click()
    expect(page.get_by_role("heading", name="Your reply is recorded")).to_be_visible()


def make_stale(page: Page, portal: Portal) -> None:
    """Move every proof of this session an hour back, in the database, as an hour of work would."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    port = (portal.data / "run" / "postgres-port").read_text().strip()
    password = (portal.data / "postgres-owner-password").read_text().strip()
    where = {"host": "127.0.0.1", "port": port, "user": "portal_owner", "password": password, "dbname": "portal"}
    key = (portal.data / "secret-key").read_text().strip()
    salt = "django.contrib.sessions.SessionStore"
    with psycopg.connect(**where) as database:
        of_this = (cookies["sessionid"],)
        row = database.execute("SELECT session_data FROM django_session WHERE session_key = %s", of_this).fetchone()
        assert row
        kept = signing.loads(row[0], key=key, salt=salt, serializer=JSONSerializer)
        kept["signed_in_at"] -= 3600
        kept["seen_at"] = time.time()
        for record in kept["account_authentication_methods"]:
            record["at"] -= 3600
        again = signing.dumps(kept, key=key, salt=salt, serializer=JSONSerializer, compress=True)
        database.execute("UPDATE django_session SET session_data = %s WHERE session_key = %s", (again, *of_this))


def test_after_the_password_the_passkey_is_asked_for(desk: Callable[[], Desk], portal: Portal) -> None:
    one = desk()
    page = one.page
    sign_in(page, BANGLADESH, portal.password)
    set_up(page, "Phone")
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    code = page.locator("main li .sym").first.inner_text()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/accounts/login/")
    page.get_by_text("Use a password instead").click()
    page.get_by_label("E-mail address").fill(BANGLADESH)
    page.get_by_label("Password").fill(portal.password)
    page.get_by_role("button", name="Sign in with password").click()
    expect(page.get_by_role("heading", name="Second step", level=1)).to_be_visible()
    page.get_by_role("button", name="Continue with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_text("Use a password instead").click()
    page.get_by_label("E-mail address").fill(BANGLADESH)
    page.get_by_label("Password").fill(portal.password)
    page.get_by_role("button", name="Sign in with password").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in with the code").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    page.goto("/accounts/second-step/")
    page.get_by_role("link", name="Remove Phone").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()


def test_without_scripts_there_is_the_password_alone(person: Callable[..., Page]) -> None:
    page = person()
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Continue with a passkey")).to_be_hidden()
    expect(page.get_by_label("Password")).to_be_visible()

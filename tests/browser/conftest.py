"""A whole portal, started as `make run` starts it, and a browser in front of it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright

from portal.embedded.accounts import forget

# Playwright leaves an event loop in the thread; tests that share the process are still synchronous ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).parents[2]
START_SECONDS = 240
PROOF_LASTS = 3500
"""Seconds; less than the hour by which the tests of a proof that is too old move it back."""
ITS_OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "DATA_DIR", "BASE_URL", "PORT")


@dataclass(frozen=True)
class Portal:
    """A running portal: where it is, the password of its invented people, its data folder."""

    url: str
    password: str
    data: Path


def free_port() -> int:
    """Below the ports of outgoing connections, which may be taken before the web server starts."""
    for port in range(18_000 + os.getpid() % 1000, 20_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port from 18000 to 20000 is free")


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Started once; stopped by SIGTERM at the end."""
    data, port = tmp_path_factory.mktemp("portal"), free_port()
    env = {key: value for key, value in os.environ.items() if key not in ITS_OWN}
    # People sign in once for all tests of this process, which take longer than the usual five minutes of a proof.
    env |= {"DATA_DIR": str(data), "PORT": str(port), "REAUTHENTICATE_SECONDS": str(PROOF_LASTS)}
    command = [sys.executable, "-m", "portal.embedded", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield _ready(process, data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        forget(data)  # as root the database may live outside the data folder


def _ready(process: subprocess.Popen[str], data: Path) -> Portal:
    said: list[str] = []
    timer = subprocess.Popen(["sleep", str(START_SECONDS)])
    try:
        if process.stdout is None:
            raise AssertionError("no output")
        for line in process.stdout:
            said.append(line)
            if found := re.match(r"ready: (\S+)", line):
                password = next(one for one in said if one.startswith("demo password: ")).split(": ")[1].strip()
                return Portal(found[1], password, data)
            if timer.poll() is not None:
                break
    finally:
        timer.kill()
        timer.wait()
    raise AssertionError("the portal did not start:\n" + "".join(said))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium of the system where there is one, else Playwright's own."""
    args = {**browser_type_launch_args, "args": ["--no-sandbox", "--disable-background-networking"]}
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return {**args, "executable_path": found} if found else args


@pytest.fixture(scope="session")
def browser(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    try:
        started = playwright.chromium.launch(**browser_type_launch_args)
    except Error as error:
        if "Executable doesn't exist" not in str(error):
            raise
        sentence = (
            "No browser: run `apt-get install chromium` (as root), or `.venv/bin/playwright install chromium`, "
            "or leave the browser out with `make quick`."
        )
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    yield started
    started.close()


@pytest.fixture(scope="session")
def signed_in(portal: Portal, browser: Browser) -> Callable[[str], Any]:
    """Cookies of a person who signed in once, by e-mail address."""
    known: dict[str, Any] = {}

    def state(email: str) -> Any:
        if email not in known:
            context = browser.new_context(base_url=portal.url)
            page = context.new_page()
            sign_in(page, email, portal.password)
            known[email] = context.storage_state()
            context.close()
        return known[email]

    return state


def open_password(page: Page) -> None:
    """With scripts the passkey comes first, and the form of the password is folded away."""
    if not page.get_by_label("Password").is_visible():
        page.get_by_text("Use a password instead").click()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    open_password(page)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


@pytest.fixture
def person(portal: Portal, browser: Browser, signed_in: Callable[[str], Any]) -> Iterator[Callable[..., Page]]:
    """A page of a person (by e-mail; empty: nobody), without scripts, 1280 px wide unless told."""
    contexts: list[BrowserContext] = []

    def open_page(email: str = "", *, width: int = 1280, scripts: bool = False, **more: Any) -> Page:
        context = browser.new_context(
            base_url=portal.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            storage_state=signed_in(email) if email else None,
            **more,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def database_url(portal: Portal) -> str:
    """Where the portal's database is, for its own role."""
    password = (portal.data / "postgres-app-password").read_text(encoding="ascii").strip()
    port = (portal.data / "run" / "postgres-port").read_text(encoding="ascii").strip()
    return f"postgres://portal_app:{password}@127.0.0.1:{port}/portal"


@pytest.fixture
def mail_to(database_url: str) -> Callable[[str], str]:
    """The path of the link in the last mail to an address, as the portal's own receiver kept it: no page shows it."""
    found = "SELECT body FROM notifications_keptmail WHERE recipient = %s AND is_secret ORDER BY id DESC LIMIT 1"

    def link(address: str) -> str:
        with psycopg.connect(database_url, autocommit=True) as database:
            for _ in range(120):
                row = database.execute(found, [address]).fetchone()
                if row and (path := re.search(r"https?://[^/\s]+(/invitation/[\w-]+/)", row[0])):
                    return path[1]
                time.sleep(0.5)
        raise AssertionError(f"no mail to {address}")

    return link

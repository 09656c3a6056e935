"""Journeys of a delegate's own messages on a phone, with and without scripts: a duty in the inbox leads to its draft; a
choice leads to a digest."""

import os
import re
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Portal
from tests.browser.steps import LANKA, MALDIVES

Person = Callable[..., Page]
SEND = "import django; django.setup(); from members.services.digests import send_digests; print(send_digests())"
UNREAD = """
UPDATE notifications_notice SET read_at = NULL WHERE user_id = (SELECT id FROM members_user WHERE email = %s)
"""
LATER = """
UPDATE notifications_notice SET cadence = 'daily', state = 'withheld', queued_at = now() - interval '2 days'
WHERE id = (
    SELECT notice.id FROM notifications_notice AS notice JOIN members_user AS person ON person.id = notice.user_id
    WHERE person.email = %s AND notice.kind = 'circulation.ended' ORDER BY notice.id DESC LIMIT 1
) RETURNING subject
"""


def send_digests(portal: Portal, database_url: str) -> None:
    """What the scheduler does every ten minutes."""
    env = {**os.environ, "DATABASE_URL": database_url, "DATA_DIR": str(portal.data), "BASE_URL": portal.url}
    env["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    made = subprocess.run([sys.executable, "-c", SEND], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert made.stdout.strip() == "1", made.stderr


@pytest.mark.parametrize("scripts", [False, True], ids=["plain", "scripts"])
def test_a_duty_in_the_inbox_leads_to_its_draft(person: Person, database_url: str, scripts: bool) -> None:
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute(UNREAD, [LANKA])
    page = person(LANKA, width=390, scripts=scripts)
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Inbox")).click()
    first = page.locator("section", has=page.locator("#asks")).locator("li.box").first
    expect(first.get_by_role("heading")).to_contain_text("Please reply for")
    expect(first).to_contain_text("left")
    expect(first.get_by_text("New", exact=True)).to_be_visible()
    first.get_by_role("button", name=re.compile("^Open")).click()
    page.wait_for_url(re.compile(r"/circulations/[\w-]+/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/inbox/")
    first = page.locator("section", has=page.locator("#asks")).locator("li.box").first
    expect(first.get_by_text("New", exact=True)).to_have_count(0)
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("who", "scripts"), [(LANKA, False), (MALDIVES, True)], ids=["plain", "scripts"])
def test_a_choice_leads_to_a_digest(person: Person, portal: Portal, database_url: str, who: str, scripts: bool) -> None:
    page = person(who, width=390, scripts=scripts)
    page.goto("/inbox/")
    page.get_by_role("link", name="Choose what comes, and when").click()
    page.get_by_label("A circulation has ended").select_option(label="Once a day, together")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choice is saved.")).to_be_visible()
    expect(page.get_by_label("A circulation has ended")).to_have_value("daily")
    with psycopg.connect(database_url, autocommit=True) as database:
        found = database.execute(LATER, [who]).fetchone()
    assert found is not None, "no circulation has ended for this person"
    row = page.locator("section", has=page.locator("#info")).locator("li", has_text=found[0])
    page.goto("/inbox/")
    expect(row.first).to_contain_text(re.compile(r"waits for the digest of \w+day \d+ \w+"))
    send_digests(portal, database_url)
    page.reload()
    expect(row.first).to_contain_text(re.compile(r"in the digest of \w+day \d+ \w+"))

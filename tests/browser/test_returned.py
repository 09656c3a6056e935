"""The journey of a message that did not arrive: seen on the desk, the address corrected, the message on its way."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import OFFICER

NEW = "consular.section@members.example"


def test_officer_corrects_an_address_and_the_message_goes_out(person: Callable[..., Page]) -> None:
    page = person(OFFICER)
    page.goto("/")
    page.get_by_role("link", name=re.compile(r"messages? did not arrive")).click()
    expect(page.get_by_role("heading", name="Not arrived", level=1)).to_be_visible()
    rows = page.get_by_role("row", name=re.compile("refused.example"))
    expect(rows.first).to_contain_text("550 5.1.1 No such mailbox")
    shown = rows.count()  # of the first page: circulations of other tests may have left more
    rows.first.get_by_role("link").click()
    expect(page.locator(".symline .chip")).to_have_text("Returned")
    page.get_by_role("link", name="Change the address").click()
    expect(page.get_by_text("This is an official address of Pakistan.")).to_be_visible()
    page.get_by_label("New address").fill(NEW)
    page.get_by_role("button", name="Change the address").click()
    said = page.get_by_text(re.compile(rf"The address is now {re.escape(NEW)}\. \d+ messages? on the way there\."))
    expect(said).to_be_visible()
    on_the_way = re.search(r"(\d+) messages? on the way", said.inner_text())
    assert on_the_way
    assert int(on_the_way[1]) >= shown
    expect(page.get_by_role("row", name=re.compile("refused.example"))).to_have_count(0)
    for _ in range(60):
        page.goto(f"/outbox/?subject={NEW}")
        chips = [one.strip() for one in page.locator("tbody .chip").all_inner_texts()]
        if len(chips) >= shown and set(chips) == {"Sent"}:
            break
        page.wait_for_timeout(500)
    else:
        raise AssertionError(chips)
    page.locator("tbody a").first.click()
    expect(page.get_by_text(f"{NEW} (PK)")).to_be_visible()

"""A focal point registers with a letter on a phone; an officer sees what is missing, records another answer by letter,
and takes out the list."""

import datetime as dt
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.meeting_pages import AUSTRALIA, MEETING
from tests.browser.steps import BANGKOK, LANKA, OFFICER
from tests.meetings.test_letter_gate import GOOD_JPEG

Person = Callable[..., Page]
LETTER = {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": GOOD_JPEG}


def register(delegate: Page) -> None:
    """On a phone, without scripts; first with a file that is no letter."""
    delegate.goto(f"{MEETING}delegation/")
    delegate.get_by_label("We come").check()
    delegate.get_by_label("Name of person 1").fill("Ms Journey Sample")
    delegate.get_by_label("Nomination letter").set_input_files({**LETTER, "buffer": b"GIF89a no letter"})
    delegate.get_by_role("button", name="Send the answer").click()
    expect(delegate.get_by_role("alert")).to_contain_text("neither a PDF nor a picture")
    expect(delegate.get_by_label("Name of person 1")).to_have_value("Ms Journey Sample")
    delegate.get_by_label("Nomination letter").set_input_files(LETTER)
    delegate.get_by_role("button", name="Send the answer").click()
    expect(delegate.get_by_role("link", name="Save the copy")).to_be_visible()
    assert delegate.evaluate("document.documentElement.scrollWidth") <= 390


def make_provisional(officer: Page) -> None:
    """The portal is shared: another test may have made the list final."""
    if officer.get_by_role("button", name="Take the final list back").count():
        officer.get_by_label("Why it is taken back").fill("Sample: an answer came after it.")
        officer.get_by_role("button", name="Take the final list back").click()
        expect(officer.locator("main")).to_contain_text("Provisional")


def test_from_the_phone_to_the_list(person: Person) -> None:
    delegate = person(LANKA, width=390, scripts=False)
    register(delegate)
    officer = person(OFFICER, width=1280)
    officer.goto(f"{MEETING}answers/?show=letter")
    expect(officer.get_by_role("link", name="Australia")).to_be_visible()
    expect(officer.get_by_role("link", name="Sri Lanka")).to_have_count(0)
    officer.get_by_role("link", name="Australia").click()
    officer.get_by_role("link", name="Record an answer that came otherwise").click()
    officer.get_by_label("It comes").check()
    officer.get_by_label("Position of person 1").fill("Ambassador, by letter")
    officer.get_by_label("How it came").select_option(label="By note verbale")
    now = dt.datetime.now(BANGKOK) - dt.timedelta(minutes=1)
    officer.get_by_label("Received, day").fill(f"{now:%Y-%m-%d}")
    officer.get_by_label("Time in Bangkok").fill(f"{now:%H:%M}")
    officer.get_by_label("Evidence").fill("Sample: note verbale 7/2026.")
    officer.get_by_role("button", name="Record and tell Australia").click()
    expect(officer.locator("main")).to_contain_text("Recorded by the secretariat. It came by note verbale")
    officer.goto(f"{MEETING}participants/")
    make_provisional(officer)
    expect(officer.locator("main")).to_contain_text("Ms Journey Sample")
    expect(officer.locator("main")).to_contain_text("Ambassador, by letter")
    with officer.expect_download() as got:
        officer.get_by_role("link", name="PDF").click()
    assert got.value.suggested_filename == "participants-sample-ahg-som.pdf"
    told = person(AUSTRALIA, width=390)
    told.goto(f"{MEETING}delegation/")
    expect(told.locator("main")).to_contain_text("Sample: note verbale 7/2026.")

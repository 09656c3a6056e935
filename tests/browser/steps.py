"""Steps of journeys that several tests walk."""

import datetime as dt
import re
import uuid
from pathlib import Path
from zoneinfo import ZoneInfo

from docx import Document
from playwright.sync_api import Page, expect

OFFICER, MANAGER, ADMIN = "officer@rso.example", "manager@rso.example", "admin@rso.example"
LANKA, NEPAL, MALDIVES = (
    "focalpoint.lk@members.example",
    "focalpoint.np@members.example",
    "focalpoint.mv@members.example",
)
THAILAND, CO_CHAIR, OBSERVER = (
    "focalpoint.th@members.example",
    "cochair.au@members.example",
    "observer.ca@members.example",
)
IN_SECONDS = "Sample: silence procedure in seconds"
BANGKOK = ZoneInfo("Asia/Bangkok")


def draft_file(folder: Path, kind: str = "docx") -> Path:
    """A short draft with two headings and three numbered paragraphs."""
    blocks = [
        ("A. Purpose", True),
        ("1. This draft was written for a test.", False),
        ("2. It is voluntary and non-binding.", False),
        ("B. Work", True),
        ("3. Each State names a contact point.", False),
    ]
    path = folder / f"draft.{kind}"
    if kind == "docx":
        document = Document()
        for text, is_heading in blocks:
            document.add_paragraph(text, style="Heading 1" if is_heading else None)
        document.save(str(path))
    else:
        path.write_text("\n\n".join(text for text, _ in blocks), encoding="utf-8")
    return path


def upload(page: Page, path: Path, title: str) -> str:
    """Upload a draft as the officer; the address of the version's page."""
    page.goto("/documents/")
    page.get_by_role("link", name="Upload a draft").first.click()
    page.get_by_label("Symbol").fill(f"TEST/{uuid.uuid4().hex[:8].upper()}")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Kind of document").select_option(label="Paper")
    page.get_by_label("Body that owns it").select_option(label="Ad Hoc Group")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url


def set_terms(page: Page, *, body: str, seconds: int) -> dt.datetime:
    """Fill in body, procedure and a deadline so many seconds from now; the deadline."""
    page.get_by_label("Body", exact=True).select_option(label=body)
    page.get_by_label("Procedure").select_option(label=IN_SECONDS)
    deadline = dt.datetime.now(BANGKOK).replace(microsecond=0) + dt.timedelta(seconds=seconds)
    page.get_by_label("Deadline, day").fill(f"{deadline:%Y-%m-%d}")
    page.get_by_label("Time in Bangkok").fill(f"{deadline:%H:%M:%S}")
    return deadline


def circulate(officer: Page, manager: Page, path: Path, title: str, *, seconds: int, body: str = "Ad Hoc Group") -> str:
    """Upload, prepare, ask, approve; the path of the open circulation."""
    upload(officer, path, title)
    officer.get_by_role("link", name="Prepare a circulation").click()
    set_terms(officer, body=body, seconds=seconds)
    officer.get_by_role("button", name="Save draft").click()
    expect(officer.get_by_role("heading", name="The notice")).to_be_visible()
    officer.get_by_role("button", name="Ask for approval").click()
    expect(officer.get_by_text("Approval is asked. The co-chairs and the managers were told.")).to_be_visible()
    where = path_of(officer.url)
    manager.goto("/")
    manager.get_by_role("link", name="Read and approve").filter(has_text=title).click()
    manager.get_by_role("link", name="Record the approval").click()
    manager.get_by_label("Which co-chair approved?").select_option(label="Indonesia")
    manager.get_by_label("How, and when").fill("Sample: e-mail of the co-chair of today, filed with this test.")
    manager.get_by_role("button", name=re.compile(r"Open and send \d+ e-mails")).click()
    expect(manager.get_by_text("The circulation is open.")).to_be_visible()
    return where


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3].split("?")[0].split("#")[0]


def choose(page: Page, label: str) -> None:
    page.locator(".choice", has=page.get_by_text(label, exact=True)).get_by_role("radio").check()


def reply(page: Page, label: str, words: str = "", field: str = "") -> None:
    """From the circulation's page over the page to check to the receipt."""
    choose(page, label)
    if words:
        page.get_by_label(field).fill(words)
    page.get_by_role("button", name="Check and send").click()
    expect(page.get_by_role("heading", name="Check and send", level=1)).to_be_visible()
    page.get_by_role("button", name=f"Send: {label}").click()
    expect(page.get_by_role("heading", name="Your reply is recorded")).to_be_visible()


def wait_for_ending(page: Page, where: str, word: str) -> None:
    """Load the page again until the chip says the ending; the scheduler closes within seconds."""
    for _ in range(120):
        page.goto(where)
        if page.locator(".symline .chip").inner_text().strip() == word:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{where} never said {word!r} but {page.locator('.symline').inner_text()!r}")

"""The message as the mail server gets it: headers, the two forms of the text, the same bytes at every try."""

import email
import re
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from notifications import framing
from notifications.framing import as_html, split_foot
from notifications.letter import compose, recipient
from notifications.models import Notice
from notifications.texts import DEADLINE, Sample, samples

ALL = list(samples())
each = pytest.mark.parametrize("one", ALL, ids=[one.slug for one in ALL])


def made(**changes: Any) -> Notice:
    values = {
        "address": "someone@members.example",
        "subject": "Réunion: ± 5",
        "body": "Dear Sir,\n\nit’s so.\n",
        "queued_at": DEADLINE,
        "message_id": "<abc@portal.example>",
    }
    return Notice(**{**values, **changes})


def message_of(one: Sample) -> Any:
    letter = one.letter()
    return email.message_from_bytes(compose(made(subject=letter.subject, body=letter.body)), policy=default)


def text_of(part: Any) -> str:
    """The words of a part, its lines ended as ours are."""
    words: str = part.get_content()
    return words.replace("\r\n", "\n")


def test_compose_headers() -> None:
    raw = compose(made())
    message = email.message_from_bytes(raw, policy=default)
    assert message["From"] == "Secretariat <notices@portal.example>"
    assert message["To"] == "someone@members.example"
    assert message["Subject"] == "Réunion: ± 5"
    assert message["Message-ID"] == "<abc@portal.example>"
    assert message["Date"] == "Fri, 05 Jul 2030 10:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Portal-Secret"] is None
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


@each
def test_compose_gives_both_forms_whole_and_the_same_bytes_each_time(one: Sample) -> None:
    letter = one.letter()
    notice = made(subject=letter.subject, body=letter.body)
    raw = compose(notice)
    assert raw == compose(notice)
    assert len(raw) < 20_000
    assert max(map(len, raw.split(b"\r\n"))) < 998
    message = message_of(one)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text_of(plain) == letter.body
    assert text_of(html) == as_html(letter.subject, letter.body)


def test_two_messages_have_boundaries_of_their_own() -> None:
    first, second = (compose(made(message_id=f"<{name}@portal.example>")) for name in "ab")
    boundaries = [email.message_from_bytes(one, policy=default).get_boundary() for one in (first, second)]
    assert boundaries[0] != boundaries[1]


def test_compose_takes_lines_longer_than_a_server_may() -> None:
    body = f"{'word ' * 400}\n"
    raw = compose(made(body=body))
    assert max(map(len, raw.split(b"\r\n"))) < 998
    message = email.message_from_bytes(raw, policy=default)
    part = message.get_body(("plain",))
    assert text_of(part) == body


def test_compose_marks_a_secret_for_the_portals_own_receiver_alone(settings: Any) -> None:
    settings.EMAIL_KEPT_BY_PORTAL = True
    assert b"X-Portal-Secret: 1" in compose(made(is_secret=True))
    settings.EMAIL_KEPT_BY_PORTAL = False
    assert b"X-Portal-Secret" not in compose(made(is_secret=True))


def test_recipient_turns_a_domain_in_other_letters_into_ascii() -> None:
    assert recipient(made(address="info@bücher.example")) == "info@xn--bcher-kva.example"


@pytest.mark.parametrize("address", ["two words@b.example", "a@" + "x" * 70 + ".example", "no-at-sign"])
def test_compose_refuses_an_address_that_cannot_be_used(address: str) -> None:
    with pytest.raises(ValueError):
        compose(made(address=address))


# ---- HTML ----------------------------------------------------------------------------------------------------------


class Read(HTMLParser):
    """What a page holds: its tags with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words, self.open = "", [""]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] not in {"style", "title"}:
            self.words += data


@each
def test_html_says_what_the_plain_text_says_and_loads_nothing(one: Sample) -> None:
    letter = one.letter()
    page = Read(as_html(letter.subject, letter.body))
    assert page.open == [""], "every tag is closed"
    assert {tag for tag, _ in page.tags} <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "p",
        "h1",
        "a",
        "br",
    }
    assert dict(page.tags)["html"] == {"lang": "en"}
    names = {name for _, attributes in page.tags for name in attributes}
    assert names <= {"lang", "charset", "name", "content", "class", "href", "role"}
    for word in [letter.subject, *letter.body.replace("\n--\n", "\n").split()]:
        assert word.rstrip(":") in page.words
    assert not re.search(r"url\(|@import|https?:", framing.style())


@each
def test_html_has_at_most_one_button_and_its_address_stands_there_as_text(one: Sample) -> None:
    letter = one.letter()
    page = Read(as_html(letter.subject, letter.body))
    buttons = [attributes["href"] for _, attributes in page.tags if attributes.get("class") == "button"]
    asked = re.findall(r":\n(http\S+)\n\n", letter.body)
    assert buttons == asked
    assert len(buttons) <= 1
    assert all(url and url in page.words for url in buttons)


def test_html_escapes_what_people_wrote_and_links_pages() -> None:
    html = as_html("<b>", 'See <script> & "it":\nhttp://localhost:8000/a/?b=1&c=2 or\n\nEnd “now”\n\n--\nWe & they\n')
    assert "<script>" not in html
    assert "<h1>&lt;b&gt;</h1>" in html
    assert '<a href="http://localhost:8000/a/?b=1&amp;c=2">http://localhost:8000/a/?b=1&amp;c=2</a> or' in html
    assert "<p>End &#8220;now&#8221;</p>" in html
    assert '<p class="from">We &amp; they</p>' in html
    assert html.isascii()


@pytest.mark.parametrize(
    ("paragraph", "wanted"),
    [
        ("One line.", "<p>One line.</p>"),
        ("Ends in a colon:", "<p>Ends in a colon:</p>"),
        ("Until:\nFri 5 July 2030, 10:00 UTC", 'class="label">Until:</p>\n<p class="block time">Fri 5'),
        ("At:\nFri 5 July 2030, 10:00:07 UTC", '<p class="block time">'),
        (f"Head:\n{'ab' * 32}", '<p class="block code">'),
        ("Tally:\nEndorsed: 3\nObjected: 1", '<p class="block">Endorsed: 3<br>\nObjected: 1</p>'),
        ("Open:\nhttp://a.example/", 'class="button"\nhref="http://a.example/">Open</a>'),
        ("A subject\nhttp://a.example/", '<p>A subject<br>\n<a href="http://a.example/">'),
    ],
)
def test_html_understands_paragraphs(paragraph: str, wanted: str) -> None:
    assert wanted in as_html("S", f"{paragraph}\n\n--\nWe\n")


def test_foot_is_what_follows_the_last_line_of_two_hyphens() -> None:
    assert split_foot("Text\n\n--\nof an officer\n\n--\nWe\nWhy\n") == ("Text\n\n--\nof an officer", ["We", "Why"])
    assert split_foot("Text -- more\n") == ("Text -- more", [])


def test_style_is_one_file_of_short_lines_in_ascii() -> None:
    css = Path(project.BASE_DIR, "static", "css", "mail.css").read_text(encoding="ascii")
    assert css.strip() in framing.style()
    assert len(css) < 3000
    assert "prefers-color-scheme:dark" in css

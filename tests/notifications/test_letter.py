"""The text of each kind, and the message as the mail server gets it."""

import datetime as dt
import email
import re
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as project
from django.template import engines

from notifications.enums import Kind
from notifications.letter import Audience, as_html, compose, recipient, write
from notifications.models import Notice

EXPIRES = dt.datetime(2019, 7, 5, 10, 0, tzinfo=dt.UTC)
FORUM = SimpleNamespace(time_zone="Asia/Bangkok", secretariat_place="Bangkok")
COMMON = {
    "symbol": "BP/AHG/2019/3",
    "circulation_symbol": "BP/AHG/2019/3",
    "version_number": 2,
    "body_name": "Ad Hoc Group",
    "expires_at": EXPIRES,
    "forum": FORUM,
    "forum_zone": "Asia/Bangkok",
    "forum_city": "Bangkok",
    "sentence": "A member that does not object by the deadline is recorded as having no objection.",
    "title_public": "",
    "receipt_digest": "cd" * 32,
    "register_head": "ab" * 32,
    "link": "http://localhost:8000/circulations/k7/",
    "to": Audience(zone="Asia/Colombo", city="Colombo", may_reply=True, participant="Sri Lanka"),
}
POST = {"post": "Focal point of Sri Lanka", "person": "Ms Focal"}
CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.CIRCULATION_APPROVAL: {"drafted_by": "Ms Officer"},
    Kind.CIRCULATION_OPENED: {"paragraph": "Please mind paragraph 3."},
    Kind.CIRCULATION_EXTENDED: {
        "former_deadline": EXPIRES - dt.timedelta(days=3),
        "reason": "Two asked for more time.",
    },
    Kind.CIRCULATION_DECISION: {"unreached": 2},
    Kind.CIRCULATION_ENDED: {
        "reason": "",
        "ending_words": "Endorsed",
        "ending_sentence": "The draft is endorsed.",
        "outcome_number": "BP/INT/2019/1",
        "tally": [("Endorsed", 12), ("No objection by silence", 33)],
    },
    Kind.POSITION_RECORDED: {
        "position_words": "Endorsed",
        "recorded_at": EXPIRES - dt.timedelta(days=1, seconds=-7),
        "participant_name": "Sri Lanka",
    },
    Kind.TIME_REQUESTED: {"participant_name": "Sri Lanka", "until_on": dt.date(2019, 7, 12)},
    Kind.ACCOUNT: {"subject": "Choose a new password", "body": "Open:\nhttp://localhost:8000/accounts/"},
    Kind.PEOPLE_INVITED: {
        "post": "Focal point of Sri Lanka",
        "invited_by": "Ms Officer",
        "function": "Director, Consular Affairs",
        "has_account": False,
        "set_up_link": "http://localhost:8000/invitation/k7/",
    },
    Kind.POST_ENDED: {**POST, "reason": "A successor was appointed.", "ended_at": EXPIRES},
    Kind.TERM_ENDING: {**POST, "ends_at": EXPIRES},
    Kind.CONFIRM_ASKED: {"whom": "Sri Lanka", "people": [("Ms Focal", "Focal point of Sri Lanka")], "asked": 3},
    Kind.POST_KEPT: {**POST, "whom": "Sri Lanka"},
    Kind.REGISTER_HEAD: {
        "day": dt.date(2019, 7, 4),
        "published_at": EXPIRES,
        "head": "ab" * 32,
        "forum_name": "Regional Forum",
    },
    Kind.CIRCULATION_REMINDER: {"is_last": True},
    Kind.DIGEST: {"count": 2, "messages": [("BP/AHG/2019/2: Endorsed", "http://localhost:8000/circulations/k6/")]},
}
SUBJECTS = {
    Kind.CIRCULATION_EXTENDED: "New deadline Fri 5 July 2019, 17:00 in Bangkok: draft BP/AHG/2019/3",
    Kind.CIRCULATION_DECISION: "Please decide as co-chair: draft BP/AHG/2019/3 waits",
    Kind.REGISTER_HEAD: "Register of the Regional Forum, head of 4 July 2019: please keep",
    Kind.CIRCULATION_APPROVAL: "Please approve before Fri 5 July 2019, 17:00 in Bangkok: BP/AHG/2019/3",
    Kind.CIRCULATION_REMINDER: (
        "Last reminder: please reply for Sri Lanka by Fri 5 July 2019, 17:00 in Bangkok: draft BP/AHG/2019/3"
    ),
    Kind.DIGEST: "2 messages for your information",
    Kind.CIRCULATION_OPENED: "Please reply for Sri Lanka by Fri 5 July 2019, 17:00 in Bangkok: draft BP/AHG/2019/3",
    Kind.CIRCULATION_ENDED: "BP/AHG/2019/3: Endorsed",
    Kind.POSITION_RECORDED: (
        "Reply of Sri Lanka recorded, may be changed until Fri 5 July 2019, 17:00 in Bangkok: draft BP/AHG/2019/3"
    ),
    Kind.TIME_REQUESTED: "Sri Lanka asks for more time, until 12 July 2019: draft BP/AHG/2019/3",
    Kind.ACCOUNT: "Choose a new password",
    Kind.PEOPLE_INVITED: "Invitation: Focal point of Sri Lanka",
    Kind.POST_ENDED: "Focal point of Sri Lanka: ended",
    Kind.TERM_ENDING: "Focal point of Sri Lanka: the term ends soon",
    Kind.CONFIRM_ASKED: "Please confirm who acts for Sri Lanka (reminder)",
    Kind.POST_KEPT: "Not confirmed: Focal point of Sri Lanka",
}


def text(kind: Kind, **changes: Any) -> Any:
    return write(kind, {**COMMON, **CONTEXTS[kind], **changes}, is_sample=changes.get("is_sample", False))


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that the context lacks shows as a mark."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING(%s)")


@pytest.mark.parametrize("kind", Kind)
def test_write_every_kind_has_its_text_and_every_variable_is_given(kind: Kind, strict: None) -> None:
    letter = text(kind)
    assert letter.subject == SUBJECTS[kind]
    assert letter.body.strip()
    assert "MISSING" not in letter.subject + letter.body
    assert not re.search(r"&(#|amp|quot|lt)|\{[{%]|\n\n\n| \n", letter.body), letter.body


def test_every_text_belongs_to_a_kind() -> None:
    folder = Path(project.BASE_DIR) / "templates" / "emails"
    assert {path.stem for path in folder.glob("[!_]*.txt")} == {kind.value for kind in Kind}


@pytest.mark.parametrize("kind", Kind)
def test_write_is_short_and_reads_on_a_narrow_line(kind: Kind) -> None:
    assert len(text(kind).body) < 1200
    assert len(as_html(text(kind).body)) < 1500


def test_write_opened_shows_the_deadline_in_three_zones() -> None:
    body = text(Kind.CIRCULATION_OPENED).body
    assert "Fri 5 July 2019, 17:00 in Bangkok\n" in body
    assert "Fri 5 July 2019, 10:00 UTC\n" in body
    assert "Fri 5 July 2019, 15:30 in Colombo, your time\n" in body
    assert COMMON["sentence"] in body
    assert "Please mind paragraph 3." in body
    assert "ab" * 32 in body


def test_write_opened_names_the_zone_once_for_who_reads_in_the_forums_own() -> None:
    body = text(Kind.CIRCULATION_OPENED, to=Audience(zone="Asia/Bangkok", may_reply=True)).body
    assert body.count("17:00") == 1
    assert "your time" not in body


def test_write_opened_tells_a_reviewer_who_replies() -> None:
    letter = text(Kind.CIRCULATION_OPENED, to=Audience(), paragraph="")
    assert letter.subject.startswith("For your information: draft BP/AHG/2019/3, open until Fri 5 July 2019, 17:00")
    assert "For your information: members reply through their focal points." in letter.body
    assert "Please" not in letter.body
    assert "The secretariat adds" not in letter.body


def test_write_names_a_restricted_draft_by_symbol_only() -> None:
    for kind in Kind:
        assert "Policy Guide" not in text(kind, title="Policy Guide").body
    assert "(Policy Guide)" in text(Kind.CIRCULATION_APPROVAL, title_public="Policy Guide").body


def test_write_ended_has_the_tally_and_the_number() -> None:
    body = text(Kind.CIRCULATION_ENDED).body
    assert "Endorsed: 12\nNo objection by silence: 33\n" in body
    assert "Number of the decision: BP/INT/2019/1" in body
    assert "Number" not in text(Kind.CIRCULATION_ENDED, outcome_number="").body


def test_write_recorded_says_the_second_and_what_to_do_when_it_was_not_you() -> None:
    body = text(Kind.POSITION_RECORDED).body
    assert "Thu 4 July 2019, 10:00:07 UTC" in body
    assert "Is it not your reply? Tell the secretariat at once." in body


def test_write_recorded_of_the_objection_that_breaks_silence() -> None:
    letter = text(Kind.POSITION_RECORDED, breaks_silence=True)
    assert letter.subject == "Reply of Sri Lanka recorded: draft BP/AHG/2019/3"
    assert "It ends the silence procedure. A second message tells you the ending.\n\nIs it not" in letter.body
    assert "may be changed" not in letter.body


def test_write_time_requested_without_a_day() -> None:
    letter = text(Kind.TIME_REQUESTED, until_on=None)
    assert letter.subject == "Sri Lanka asks for more time: draft BP/AHG/2019/3"


def test_write_sample_says_so_in_subject_and_in_one_line() -> None:
    letter = write(Kind.ACCOUNT, {"subject": "Hello", "body": "Text"}, is_sample=True)
    assert letter.subject == "Sample: Hello"
    assert letter.body.splitlines()[0].startswith("This is a sample")


def test_write_subject_is_one_line_of_at_most_250() -> None:
    letter = write(Kind.ACCOUNT, {"subject": "Long \t " + "x" * 400, "body": "Text"}, is_sample=False)
    assert len(letter.subject) == 250
    assert letter.subject.startswith("Long xxx")


def test_as_html_links_pages_and_escapes_the_rest() -> None:
    html = as_html('See <b> & "it":\nhttp://localhost:8000/a/?b=1&c=2\n\nEnd')
    assert html == (
        "<p>See &lt;b&gt; &amp; &quot;it&quot;:<br>\n"
        '<a href="http://localhost:8000/a/?b=1&amp;c=2">http://localhost:8000/a/?b=1&amp;c=2</a></p>\n<p>End</p>'
    )


def made(**changes: Any) -> Notice:
    values = {
        "address": "someone@members.example",
        "subject": "Réunion: ± 5",
        "body": "Dear Sir,\n\nit’s so.\n",
        "queued_at": EXPIRES,
        "message_id": "<abc@portal.example>",
    }
    return Notice(**{**values, **changes})


def test_compose_headers() -> None:
    raw = compose(made())
    message = email.message_from_bytes(raw, policy=default)
    assert message["From"] == "Secretariat <notices@portal.example>"
    assert message["To"] == "someone@members.example"
    assert message["Subject"] == "Réunion: ± 5"
    assert message["Message-ID"] == "<abc@portal.example>"
    assert message["Date"] == "Fri, 05 Jul 2019 10:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Portal-Secret"] is None
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


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

"""Every kind of notice with sample data, in each of its variants: for the preview, and for the tests of the texts."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from notifications.enums import KIND_NAMES, Kind
from notifications.letter import Audience, Letter, write

DEADLINE = dt.datetime(2030, 7, 5, 10, 0, tzinfo=dt.UTC)
SAMPLE_SENTENCE = (
    "A member that does not object by the deadline is recorded as having no objection. If no member objects, the draft "
    "is endorsed."
)
SPEAKER = Audience(zone="Asia/Colombo", city="Sample Bay", may_reply=True, participant="Sample State")
READER = Audience(zone="Asia/Colombo", city="Sample Bay", participant="Sample State")
OFFICE = Audience(zone="Asia/Colombo", city="Sample Bay", participant="Sample State", is_office=True)
STAFF = Audience(zone="Asia/Bangkok")
NOBODY = Audience()


@dataclass(frozen=True)
class Sample:
    """One variant: the kind, who or when in a few words, what the text is told beside the facts all share."""

    slug: str
    kind: Kind
    variant: str
    to: Audience = SPEAKER
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{KIND_NAMES[self.kind]}{f', {self.variant}' if self.variant else ''}"

    def letter(self, **changes: Any) -> Letter:
        """Subject and text, marked as a sample."""
        return write(self.kind, {**shared(), "to": self.to, **self.context, **changes}, is_sample=True)


def shared() -> dict[str, Any]:
    """What notices of circulations and posts know of the forum and the draft."""
    return {
        "forum": SimpleNamespace(time_zone="Asia/Bangkok", secretariat_place="Sampleton", name="Sample Forum"),
        "forum_name": "Sample Forum",
        "forum_zone": "Asia/Bangkok",
        "forum_city": "Sampleton",
        "symbol": "SF/WG/2030/3",
        "circulation_symbol": "SF/WG/2030/3",
        "title_public": "",
        "version_number": 2,
        "body_name": "Working Group",
        "expires_at": DEADLINE,
        "sentence": SAMPLE_SENTENCE,
        "mode_phrase": "under the silence procedure",
        "no_answer": "What silence means",
        "register_head": "ab12" * 16,
        "paragraph": "",
        "link": f"{settings.BASE_URL}/circulations/",
    }


POST = {"post": "Focal point of Sample State", "person": "Ms A. Sample", "whom": "Sample State"}
PEOPLE = [("Ms A. Sample", "Focal point of Sample State"), ("Mr B. Sample", "Alternate of Sample State")]
TALLY = [("Endorsed", 12), ("Endorsed with proposals", 2), ("No objection by silence", 31)]
REPLY = {
    "participant_name": "Sample State",
    "position_words": "Endorsed with proposals",
    "recorded_at": DEADLINE - dt.timedelta(days=1, seconds=-7),
    "receipt_digest": "cd34" * 16,
    "ends_it": False,
}
INVITATION = {
    "post": "Focal point of Sample State",
    "invited_by": "Mr O. Sample",
    "function": "Director, Consular Affairs",
    "has_account": False,
    "expires_at": DEADLINE,
}
DIGEST = [
    ("Endorsed: draft SF/WG/2030/1", "/circulations/"),
    ("For your information: draft SF/WG/2030/2", "/circulations/"),
]


def samples() -> Iterator[Sample]:
    """Every variant of every kind, in the order of the kinds' names."""
    yield from (
        *_of_circulations(),
        *_of_other_modes(),
        *_of_replies(),
        *_of_meetings(),
        *_of_people(),
        *_of_machines(),
    )


def sample(slug: str) -> Sample | None:
    return next((one for one in samples() if one.slug == slug), None)


def _of_circulations() -> Iterator[Sample]:
    opened, reminder, ended = Kind.CIRCULATION_OPENED, Kind.CIRCULATION_REMINDER, Kind.CIRCULATION_ENDED
    drafted = {"drafted_by": "Mr O. Sample"}
    yield Sample("approval", Kind.CIRCULATION_APPROVAL, "to a manager", STAFF, drafted)
    yield Sample("approval-co-chair", Kind.CIRCULATION_APPROVAL, "to a co-chair", SPEAKER, drafted)
    yield Sample(
        "opened", opened, "to those who reply", SPEAKER, {"paragraph": "Paragraph 12 is new since the meeting."}
    )
    yield Sample("opened-information", opened, "for information", READER)
    yield Sample("opened-office", opened, "to an official address", OFFICE)
    yield Sample("reminder", reminder, "not the last", SPEAKER, {"is_last": False})
    yield Sample("reminder-last", reminder, "the last", SPEAKER, {"is_last": True})
    yield Sample("reminder-office", reminder, "to an official address", OFFICE, {"is_last": True})
    context = {"former_deadline": DEADLINE - dt.timedelta(days=3), "reason": "Two members asked for more time."}
    yield Sample("extended", Kind.CIRCULATION_EXTENDED, "to those who reply", SPEAKER, context)
    yield Sample("extended-information", Kind.CIRCULATION_EXTENDED, "for information", READER, context)
    context = {"paragraph_number": 7, "reason": "A word was typed twice."}
    for slug, variant, to in [("", "to those who reply", SPEAKER), ("-information", "for information", READER)]:
        yield Sample(f"corrected{slug}", Kind.CIRCULATION_CORRECTED, variant, to, context)
    yield Sample("corrected-office", Kind.CIRCULATION_CORRECTED, "to an official address", OFFICE, context)
    clock = {"participant_name": "Sample State", "reason": "The corrected word matters for our law."}
    yield Sample("new-clock-asked", Kind.NEW_CLOCK_ASKED, "to an officer", STAFF, clock)
    yield Sample("new-clock-asked-co-chair", Kind.NEW_CLOCK_ASKED, "to a co-chair", SPEAKER, clock)
    why = "A reply that came in time was recorded after the deadline, so a co-chair decides how this ends."
    yield Sample("decision", Kind.CIRCULATION_DECISION, "", STAFF, {"unreached": 2, "why": why})
    for slug, words, sentence, number in [
        ("endorsed", "Endorsed", "No member objected by the deadline, so the draft is endorsed.", "SF/INT/2030/4"),
        (
            "endorsed-with-proposals",
            "Endorsed with proposals",
            "No member objected by the deadline, so the draft is endorsed, with proposals.",
            "SF/INT/2030/5",
        ),
        ("broken", "Silence broken", "A member objected, so the draft is not endorsed.", ""),
        ("withdrawn", "Withdrawn", "This circulation was withdrawn, so nothing is decided.", ""),
        ("waiting", "Waiting for the co-chair", "Some members may not have been reached; a co-chair decides.", ""),
    ]:
        tally = [] if slug == "waiting" else TALLY
        context = {"ending_words": words, "ending_sentence": sentence, "outcome_number": number, "tally": tally}
        context["reason"] = "The text is being revised." if slug == "withdrawn" else ""
        yield Sample(slug, ended, words.lower(), SPEAKER, context)
    context = {"ending_words": "Endorsed", "ending_sentence": "", "outcome_number": "", "tally": TALLY, "reason": ""}
    yield Sample("ended-office", ended, "to an official address", OFFICE, context)


def _of_replies() -> Iterator[Sample]:
    yield Sample("recorded", Kind.POSITION_RECORDED, "", SPEAKER, REPLY)
    objection = {**REPLY, "position_words": "Objection", "ends_it": True}
    yield Sample("recorded-breaks", Kind.POSITION_RECORDED, "that breaks silence", SPEAKER, objection)
    late = {**REPLY, "position_words": "Objection", "is_late": True}
    yield Sample("recorded-late", Kind.POSITION_RECORDED, "that came late", SPEAKER, late)
    yield Sample("late", Kind.POSITION_LATE, "", STAFF, late)
    noted = {**REPLY, "chair": "Second State", "note": "The meeting of July will look at it."}
    yield Sample("noted", Kind.POSITION_NOTED, "", SPEAKER, noted)
    contested = {**REPLY, "reason": "The letter was a draft that never left the ministry."}
    yield Sample("contested", Kind.POSITION_CONTESTED, "to the secretariat and the co-chairs", STAFF, contested)
    yield Sample("contested-own", Kind.POSITION_CONTESTED, "to the participant", SPEAKER, contested)
    for variant, to, timing in [
        ("in time", SPEAKER, ""),
        ("recorded after the deadline", SPEAKER, "is_recorded_after"),
        ("late", READER, "is_late"),
        ("to an official address", OFFICE, ""),
    ]:
        received = {"means": "by note verbale", "received_at": DEADLINE - dt.timedelta(days=2)}
        context = {
            **REPLY,
            **received,
            "contest_by": None if timing else DEADLINE,
            "is_late": False,
            "is_recorded_after": False,
        }
        context |= {timing: True} if timing else {}
        yield Sample(f"otherwise-{slugify(variant)}", Kind.POSITION_OTHERWISE, variant, to, context)
    until = {"participant_name": "Sample State", "until_on": dt.date(2030, 7, 12)}
    yield Sample("time-requested", Kind.TIME_REQUESTED, "", STAFF, until)
    asked = [("Sample State", dt.date(2030, 7, 12)), ("Another State", None)]
    yield Sample("time-open", Kind.TIME_OPEN, "several", STAFF, {"asked": asked})
    yield Sample("time-open-one", Kind.TIME_OPEN, "one", STAFF, {"asked": asked[:1]})
    yield Sample("time-requested-openly", Kind.TIME_REQUESTED, "without a day", STAFF, {**until, "until_on": None})


def _of_other_modes() -> Iterator[Sample]:
    """What differs where members are asked to endorse, or to comment."""
    explicit = {
        "mode_phrase": "for explicit endorsement",
        "no_answer": "What no answer means",
        "sentence": "The draft is endorsed if every member endorses it, or if all answer and no member objects. "
        "A member that does not answer is not counted as agreeing.",
    }
    comments = {
        "mode_phrase": "for comments",
        "no_answer": "What no comment means",
        "sentence": "Members may comment until the deadline. Nothing is endorsed, and who sends no comment is recorded "
        "as having sent none.",
    }
    for slug, words, context in [("explicit", "to endorse", explicit), ("comments", "to comment", comments)]:
        yield Sample(f"opened-{slug}", Kind.CIRCULATION_OPENED, words, SPEAKER, context)
        yield Sample(
            f"opened-{slug}-information", Kind.CIRCULATION_OPENED, f"{words}, for information", READER, context
        )
        yield Sample(f"reminder-{slug}", Kind.CIRCULATION_REMINDER, words, SPEAKER, {"is_last": False, **context})


MEETING = {
    "meeting_title": "Third Sample Meeting",
    "days": "23–24 July 2030",
    "where": "Sample Bay, Sample State",
    "seats": None,
    "answer_by": DEADLINE,
}
PAPER = {
    **MEETING,
    "paper_title": "Sample State: how contact points work",
    "due_on": dt.date(2030, 7, 4),
    "due_at": DEADLINE,
}
DELEGATION = {**MEETING, "participant_name": "Sample State", "comes": True, "people": 3}


def _of_meetings() -> Iterator[Sample]:
    approval, invited, reminder = Kind.MEETING_APPROVAL, Kind.MEETING_INVITED, Kind.MEETING_REMINDER
    yield Sample("meeting-approval", approval, "to a manager", STAFF, {**MEETING, "drafted_by": "Mr O. Sample"})
    yield Sample(
        "meeting-approval-chair", approval, "to a co-chair", SPEAKER, {**MEETING, "drafted_by": "Mr O. Sample"}
    )
    words = {**MEETING, "seats": 4, "paragraph": "Rooms are kept at the Sample Hotel until 1 July."}
    yield Sample("meeting-invited", invited, "to those who register", SPEAKER, words)
    yield Sample("meeting-invited-information", invited, "for information", READER, MEETING)
    yield Sample("meeting-invited-office", invited, "to an official address", OFFICE, MEETING)
    yield Sample("meeting-reminder", reminder, "not the last", SPEAKER, {**MEETING, "is_last": False})
    yield Sample("meeting-reminder-last", reminder, "the last", SPEAKER, {**MEETING, "is_last": True})
    yield Sample("meeting-reminder-office", reminder, "to an official address", OFFICE, {**MEETING, "is_last": False})
    reason = {**MEETING, "reason": "A storm closed the airport of Sample Bay."}
    postponed = Kind.MEETING_POSTPONED
    yield Sample("meeting-postponed", postponed, "to new days", SPEAKER, {**reason, "has_new_days": True})
    yield Sample("meeting-postponed-openly", postponed, "without new days", READER, {**reason, "has_new_days": False})
    yield Sample("meeting-cancelled", Kind.MEETING_CANCELLED, "", SPEAKER, reason)
    answered, first = Kind.DELEGATION_ANSWERED, {"was_answered": False, "is_late": False}
    yield Sample("delegation-answered", answered, "comes", SPEAKER, {**DELEGATION, **first})
    yield Sample("delegation-declined", answered, "does not come", STAFF, {**DELEGATION, **first, "comes": False})
    yield Sample(
        "delegation-late", answered, "changed late", STAFF, {**DELEGATION, "was_answered": True, "is_late": True}
    )
    otherwise = {**DELEGATION, **first, "means": "by note verbale", "received_at": DEADLINE}
    recorded = Kind.DELEGATION_OTHERWISE
    yield Sample("delegation-otherwise", recorded, "comes", SPEAKER, otherwise)
    yield Sample("delegation-otherwise-declined", recorded, "does not come", READER, {**otherwise, "comes": False})
    yield Sample(
        "delegation-otherwise-office", recorded, "late, to an official address", OFFICE, {**otherwise, "is_late": True}
    )
    asked = Kind.PAPER_ASKED
    yield Sample("paper-asked", asked, "to those who send it", SPEAKER, PAPER)
    yield Sample("paper-asked-information", asked, "for information", READER, PAPER)
    yield Sample("paper-asked-office", asked, "to an official address", OFFICE, PAPER)
    yield Sample("paper-reminder", Kind.PAPER_REMINDER, "not the last", SPEAKER, {**PAPER, "is_last": False})
    yield Sample("paper-reminder-last", Kind.PAPER_REMINDER, "the last", SPEAKER, {**PAPER, "is_last": True})


def _of_people() -> Iterator[Sample]:
    invited, link = Kind.PEOPLE_INVITED, f"{settings.BASE_URL}/invitations/sample/"
    yield Sample("invited", invited, "without an account", NOBODY, {**INVITATION, "set_up_link": link, "link": ""})
    known = {**INVITATION, "set_up_link": link, "has_account": True, "function": "", "link": ""}
    yield Sample("invited-known", invited, "with an account", NOBODY, known)
    for number, variant in enumerate(["first time", "second time", "last time"], 1):
        context = {"whom": "Sample State", "people": PEOPLE, "asked": number}
        yield Sample(f"confirm-{number}", Kind.CONFIRM_ASKED, variant, SPEAKER, context)
    yield Sample("post-kept", Kind.POST_KEPT, "", SPEAKER, POST)
    yield Sample("term-ending", Kind.TERM_ENDING, "", SPEAKER, {**POST, "ends_at": DEADLINE})
    ended = {**POST, "reason": "A successor was appointed.", "ended_at": DEADLINE}
    yield Sample("post-ended", Kind.POST_ENDED, "", SPEAKER, ended)
    yield Sample("post-ended-plainly", Kind.POST_ENDED, "without a reason", SPEAKER, {**ended, "reason": ""})


def _of_machines() -> Iterator[Sample]:
    text = "The password of your account was changed. All other sessions have ended."
    words = {"subject": "Your password was changed", "body": text, "link": ""}
    yield Sample("account", Kind.ACCOUNT, "a change told", NOBODY, words)
    reset = f"Choose a new password:\n{settings.BASE_URL}/accounts/\n\nThe link works once, within 3 days."
    words = {"subject": "Choose a new password within 3 days", "body": reset, "link": ""}
    yield Sample("account-reset", Kind.ACCOUNT, "a new password", NOBODY, words)
    messages = [(subject, f"{settings.BASE_URL}{path}") for subject, path in DIGEST]
    yield Sample("digest", Kind.DIGEST, "", READER, {"count": 2, "messages": messages})
    head = {"day": dt.date(2030, 7, 4), "published_at": DEADLINE, "head": "ab12" * 16}
    yield Sample("register-head", Kind.REGISTER_HEAD, "", NOBODY, head)

"""The text of each kind, in each of its variants."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.template import engines

from notifications.enums import CHOOSABLE, Kind
from notifications.framing import as_html, split_foot
from notifications.letter import Letter, write
from notifications.rules import asks
from notifications.texts import SAMPLE_SENTENCE, SPEAKER, Audience, Sample, sample, samples

ALL = list(samples())
each = pytest.mark.parametrize("one", ALL, ids=[one.slug for one in ALL])
CLOSES = "Fri 5 July 2030, 17:00 in Sampleton"
SUBJECTS = {
    "approval": "Please approve: draft SF/WG/2030/3, to close on Fri 5 July 2030, 17:00 in Sampleton",
    "approval-co-chair": "Please approve: draft SF/WG/2030/3, to close on Fri 5 July 2030, 17:00 in Sampleton",
    "opened": "Please reply for Sample State by Fri 5 July 2030, 17:00 in Sampleton: draft SF/WG/2030/3",
    "opened-information": "For your information: draft SF/WG/2030/3, open until Fri 5 July 2030, 17:00 in Sampleton",
    "opened-office": "For Sample State: draft SF/WG/2030/3, open until Fri 5 July 2030, 17:00 in Sampleton",
    "reminder": "Reminder: please reply for Sample State by Fri 5 July 2030, 17:00 in Sampleton, draft SF/WG/2030/3",
    "reminder-last": "Last reminder: please reply for Sample State by Fri 5 July 2030, 17:00 in Sampleton, "
    "draft SF/WG/2030/3",
    "reminder-office": "Last reminder to Sample State: no reply yet on draft SF/WG/2030/3, open until "
    "Fri 5 July 2030, 17:00 in Sampleton",
    **{
        f"opened-{mode}": "Please reply for Sample State by Fri 5 July 2030, 17:00 in Sampleton: draft SF/WG/2030/3"
        for mode in ("explicit", "comments")
    },
    **{
        f"opened-{mode}-information": "For your information: draft SF/WG/2030/3, open until Fri 5 July 2030, 17:00 in "
        "Sampleton"
        for mode in ("explicit", "comments")
    },
    **{
        f"reminder-{mode}": "Reminder: please reply for Sample State by Fri 5 July 2030, 17:00 in Sampleton, "
        "draft SF/WG/2030/3"
        for mode in ("explicit", "comments")
    },
    "extended": "New deadline Fri 5 July 2030, 17:00 in Sampleton: draft SF/WG/2030/3",
    "extended-information": "New deadline Fri 5 July 2030, 17:00 in Sampleton: draft SF/WG/2030/3",
    "corrected": "Corrected: paragraph 7 of draft SF/WG/2030/3",
    "corrected-information": "Corrected: paragraph 7 of draft SF/WG/2030/3",
    "corrected-office": "Corrected: paragraph 7 of draft SF/WG/2030/3",
    "new-clock-asked": f"Please answer Sample State by {CLOSES}: new deadline asked, draft SF/WG/2030/3",
    "new-clock-asked-co-chair": "For your information: Sample State asks for a new deadline, draft SF/WG/2030/3",
    "decision": "Please decide as co-chair: draft SF/WG/2030/3 waits",
    "withdrawn": "Withdrawn: draft SF/WG/2030/3",
    "endorsed": "Endorsed: draft SF/WG/2030/3",
    "endorsed-with-proposals": "Endorsed with proposals: draft SF/WG/2030/3",
    "broken": "Silence broken: draft SF/WG/2030/3",
    "waiting": "Waiting for the co-chair: draft SF/WG/2030/3",
    "ended-office": "Endorsed: draft SF/WG/2030/3",
    "recorded": "Reply of Sample State recorded, may be changed until Fri 5 July 2030, 17:00 in Sampleton: "
    "draft SF/WG/2030/3",
    "recorded-breaks": "Reply of Sample State recorded: draft SF/WG/2030/3",
    "recorded-late": "Late reply of Sample State kept: draft SF/WG/2030/3",
    "late": "Late reply of Sample State: draft SF/WG/2030/3",
    "noted": "The co-chair took note of the late reply of Sample State: draft SF/WG/2030/3",
    "contested": "Sample State contests a reply recorded in its name: draft SF/WG/2030/3",
    "contested-own": "Sample State contests a reply recorded in its name: draft SF/WG/2030/3",
    "otherwise-in-time": "A reply was recorded in the name of Sample State: draft SF/WG/2030/3",
    "otherwise-recorded-after-the-deadline": "A reply was recorded in the name of Sample State: draft SF/WG/2030/3",
    "otherwise-late": "A reply was recorded in the name of Sample State: draft SF/WG/2030/3",
    "otherwise-to-an-official-address": "A reply was recorded in the name of Sample State: draft SF/WG/2030/3",
    "time-requested": "Please answer Sample State: more time asked for, until 12 July 2030, draft SF/WG/2030/3",
    "time-open": f"Please decide: 2 requests for more time open on draft SF/WG/2030/3, which closes {CLOSES}",
    "time-open-one": f"Please decide: 1 request for more time open on draft SF/WG/2030/3, which closes {CLOSES}",
    "time-requested-openly": "Please answer Sample State: more time asked for, draft SF/WG/2030/3",
    "meeting-approval": "Please approve by Fri 5 July 2030, 17:00 in Sampleton: invitation to the Third Sample Meeting",
    "meeting-approval-chair": "Please approve by Fri 5 July 2030, 17:00 in Sampleton: "
    "invitation to the Third Sample Meeting",
    "meeting-invited": "Please answer for Sample State by Fri 5 July 2030, 17:00 in Sampleton: Third Sample Meeting",
    "meeting-invited-information": "For your information: "
    "Third Sample Meeting, registration until Fri 5 July 2030, 17:00 in Sampleton",
    "meeting-invited-office": "Sample State is invited: "
    "Third Sample Meeting, registration until Fri 5 July 2030, 17:00 in Sampleton",
    "meeting-reminder": "Reminder: please answer for Sample State by Fri 5 July 2030, 17:00 in Sampleton: "
    "Third Sample Meeting",
    "meeting-reminder-last": "Last reminder: please answer for Sample State by Fri 5 July 2030, 17:00 in Sampleton: "
    "Third Sample Meeting",
    "meeting-reminder-office": "Reminder to Sample State: no answer yet, registration until "
    "Fri 5 July 2030, 17:00 in Sampleton: "
    "Third Sample Meeting",
    "meeting-postponed": "Postponed to 23–24 July 2030: Third Sample Meeting",
    "meeting-postponed-openly": "Postponed: Third Sample Meeting",
    "meeting-cancelled": "Cancelled: Third Sample Meeting, 23–24 July 2030",
    "delegation-answered": "Sample State comes with 3 people: Third Sample Meeting",
    "delegation-declined": "Sample State does not come: Third Sample Meeting",
    "delegation-late": "Sample State comes with 3 people, changed, late: Third Sample Meeting",
    "delegation-otherwise": "The secretariat recorded for Sample State: comes with 3 people: Third Sample Meeting",
    "delegation-otherwise-declined": "The secretariat recorded for Sample State: does not come: Third Sample Meeting",
    "delegation-otherwise-office": (
        "The secretariat recorded for Sample State: comes with 3 people, late: Third Sample Meeting"
    ),
    "paper-asked": "Please send a paper of Sample State by 4 July 2030: Third Sample Meeting",
    "paper-asked-information": "For your information: a paper is asked for by 4 July 2030: Third Sample Meeting",
    "paper-asked-office": "Sample State: a paper is asked for by 4 July 2030: Third Sample Meeting",
    "paper-reminder": "Reminder: please send a paper of Sample State by 4 July 2030: Third Sample Meeting",
    "paper-reminder-last": "Last reminder: please send a paper of Sample State by 4 July 2030: Third Sample Meeting",
    "invited": "Please accept by Fri 5 July 2030, 17:00 in Sampleton: invitation as Focal point of Sample State",
    "invited-known": "Please accept by Fri 5 July 2030, 17:00 in Sampleton: invitation as Focal point of Sample State",
    "confirm-1": "Please confirm within 14 days who acts for Sample State",
    "confirm-2": "Please confirm within 14 days who acts for Sample State (reminder)",
    "confirm-3": "Please confirm within 14 days who acts for Sample State (last reminder)",
    "post-kept": "Please confirm, or name a successor: Focal point of Sample State",
    "term-ending": f"Please prolong or name a successor by {CLOSES}: Focal point of Sample State",
    "post-ended": "Focal point of Sample State: ended",
    "post-ended-plainly": "Focal point of Sample State: ended",
    "account": "Your password was changed",
    "account-reset": "Choose a new password within 3 days",
    "digest": "2 messages for your information",
    "register-head": "Register of the Sample Forum, head of 4 July 2030: please keep",
}


def text(slug: str, **changes: Any) -> Letter:
    found = sample(slug)
    assert found is not None, slug
    return found.letter(**changes)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """A placeholder that the context lacks shows as a mark."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING(%s)")


@pytest.mark.parametrize("slug", [one for one in SUBJECTS if "explicit" in one or "comments" in one])
def test_no_mail_says_silence_where_the_mode_is_another(slug: str) -> None:
    letter = text(slug)
    assert "silen" not in f"{letter.subject} {letter.body}".lower()


def test_every_kind_has_a_sample_and_every_text_a_kind() -> None:
    folder = Path(project.BASE_DIR) / "templates" / "emails"
    kinds = {path.stem for path in folder.glob("[!_]*.txt")}
    assert kinds == {kind.value for kind in Kind} == {one.kind.value for one in ALL}
    slugs = [one.slug for one in ALL]
    assert sorted(slugs) == sorted(set(slugs)) == sorted(SUBJECTS)


@each
def test_every_placeholder_is_given_and_the_subject_says_what_is_asked(one: Sample, strict: None) -> None:
    letter = one.letter()
    assert letter.subject == f"Sample: {SUBJECTS[one.slug]}"
    assert letter.body.strip()
    assert "MISSING" not in letter.subject + letter.body
    assert not re.search(r"&(#|amp|quot|lt)|\{[{%]|\n\n\n| \n|  ", letter.body), letter.body


def test_twin_a_placeholder_that_is_not_given_is_found(strict: None) -> None:
    assert "MISSING" in write(Kind.ACCOUNT, {"subject": "Hello", "forum_name": "F"}, is_sample=False).body


@pytest.mark.parametrize("kind", Kind)
def test_every_placeholder_of_the_file_is_in_some_sample(kind: Kind) -> None:
    """Also those in a branch that no sample takes."""
    words = (Path(project.BASE_DIR) / "templates" / "emails" / f"{kind.value}.txt").read_text(encoding="utf-8")
    named = set(re.findall(r"{{\s*([a-z_]+)", words)) | set(re.findall(r"{%\s*(?:el)?if (?:not )?([a-z_]+)", words))
    loop = {word for pair in re.findall(r"{% for ([\w, ]+) in", words) for word in pair.split(", ")}
    known = {"to", "sender", "choices_link", *loop}
    from notifications.texts import shared

    for one in ALL:
        if one.kind is kind:
            known |= {*shared(), *one.context}
    assert named <= known, named - known


@each
def test_texts_are_short(one: Sample) -> None:
    letter = one.letter()
    assert len(letter.body) < 1400
    assert len(letter.subject) < 140
    assert len(as_html(letter.subject, letter.body)) < 8000


@each
def test_texts_say_who_writes_and_why(one: Sample) -> None:
    _, foot = split_foot(one.letter().body)
    assert foot[0] == "Secretariat, Sample Forum"
    assert "You get this because " in "\n".join(foot[1:])


@each
def test_texts_say_where_to_choose_only_where_there_is_a_choice(one: Sample) -> None:
    is_chosen = one.kind in CHOOSABLE and not asks(one.kind, may_reply=one.to.may_reply) and not one.to.is_office
    assert ("/accounts/notices/" in one.letter().body) is (is_chosen or one.kind is Kind.DIGEST)


ASKING = [one for one in ALL if asks(one.kind, may_reply=one.to.may_reply)]


@pytest.mark.parametrize("one", ASKING, ids=[one.slug for one in ASKING])
def test_what_asks_says_please_and_what_happens_without_an_answer(one: Sample) -> None:
    letter = one.letter()
    assert "lease" in letter.subject
    assert re.search(r"If (you do nothing|you do not reply|no reply comes|nobody confirms)", letter.body), letter.body


@pytest.mark.parametrize("slug", ["opened", "opened-information", "opened-office", "reminder", "reminder-office"])
def test_every_notice_of_a_running_circulation_has_the_deadline_and_what_silence_means(slug: str) -> None:
    body = text(slug).body
    assert "Fri 5 July 2030, 17:00 in Sampleton\nFri 5 July 2030, 10:00 UTC\n" in body
    assert "Fri 5 July 2030, 15:30 in Sample Bay, your time\n" in body
    assert SAMPLE_SENTENCE in body


def test_opened_names_the_zone_once_for_who_reads_in_the_forums_own() -> None:
    body = text("opened", to=Audience(zone="Asia/Bangkok", may_reply=True)).body
    assert body.count("17:00") == 1
    assert "your time" not in body


def test_opened_carries_the_officers_paragraph_and_the_head() -> None:
    body = text("opened").body
    assert "The secretariat adds:\nParagraph 12 is new since the meeting.\n" in body
    assert "ab12" * 16 in body
    assert "The secretariat adds" not in text("opened", paragraph="").body


def test_opened_asks_nothing_of_who_reads_for_information() -> None:
    letter = text("opened-information")
    assert "Please" not in letter.subject + letter.body
    assert "Nothing is asked of you." in letter.body


def test_an_official_address_is_told_who_replies_and_not_asked_itself() -> None:
    for slug in ("opened-office", "reminder-office"):
        letter = text(slug)
        assert "Focal points and alternates send the replies" in letter.body
        assert "Read the draft:" in letter.body
        assert "for Sample State by" not in letter.subject


def test_a_restricted_draft_is_named_by_symbol_only() -> None:
    for one in ALL:
        assert "Policy Guide" not in one.letter(title="Policy Guide").body
    assert "(Policy Guide)" in text("approval", title_public="Policy Guide").body


def test_ended_has_the_tally_and_the_number() -> None:
    body = text("endorsed").body
    assert "Endorsed: 12\nEndorsed with proposals: 2\nNo objection by silence: 31\n" in body
    assert "Number of the decision: SF/INT/2030/4" in body
    assert "Number" not in text("endorsed", outcome_number="").body


def test_waiting_carries_no_count() -> None:
    assert "Tally" not in text("waiting").body


def test_recorded_says_the_second_and_what_to_do_when_it_was_not_you() -> None:
    body = text("recorded").body
    assert "Thu 4 July 2030, 10:00:07 UTC" in body
    assert "Is it not your reply? Tell the secretariat at once." in body


def test_recorded_of_the_objection_that_breaks_silence() -> None:
    body = text("recorded-breaks").body
    assert "It ends the circulation. A second message tells you the ending.\n\nIs it not" in body
    assert "may be changed" not in body


def test_the_last_reminder_says_so_and_the_others_do_not() -> None:
    assert "This is the last reminder." in text("reminder-last").body
    assert "last" not in (text("reminder").subject + text("reminder").body).replace("in the last minutes", "")


def test_sample_says_so_in_subject_and_in_one_line() -> None:
    letter = write(Kind.ACCOUNT, {"subject": "Hello", "body": "Text"}, is_sample=True)
    assert letter.subject == "Sample: Hello"
    assert letter.body.splitlines()[0].startswith("This is a sample")


def test_subject_is_one_line_of_at_most_250() -> None:
    letter = write(Kind.ACCOUNT, {"subject": "Long \t " + "x" * 400, "body": "Text"}, is_sample=False)
    assert len(letter.subject) == 250
    assert letter.subject.startswith("Long xxx")


def test_who_has_no_participants_name_is_still_spoken_to() -> None:
    letter = text("reminder", to=Audience(may_reply=True))
    assert letter.subject.startswith("Sample: Reminder: please reply by Fri 5 July 2030")
    assert "No reply of your country or organisation" in letter.body
    assert SPEAKER.participant not in letter.body

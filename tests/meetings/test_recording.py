"""Letters, answers by letter, observers that answer for themselves, what changed: services and pages."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AccessEntry, AuditEntry
from documents.refusal import Refused
from meetings import services
from meetings.enums import DelegateRole, LetterState, Means
from meetings.models import Delegate, Delegation, DelegationChange, MeetingInvitation, NominationLetter
from meetings.services import Answer, LetterCopy, Person, Source
from members.clock import clock
from members.enums import Role
from members.rules import NotAllowed
from members.services import end_appointment
from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from tests.factories.called import ADVISER, COMES, HEAD, STAYS, CalledStage
from tests.meetings.test_called_views import ANSWER, ANSWERS, DELEGATION, key, signed_in, typed, words
from tests.meetings.test_letter_gate import GOOD_JPEG, GOOD_PDF

pytestmark = pytest.mark.django_db
RECORD, LETTER = f"{DELEGATION}record/", f"{DELEGATION}letter/"
COPY = LetterCopy("letter.pdf", GOOD_PDF)
WITH_LETTER = Answer(True, (HEAD, ADVISER), "", COPY)


@pytest.fixture(autouse=True)
def _proven(settings: Any) -> None:
    settings.REAUTHENTICATE_SECONDS = 10**6


def row() -> Delegation:
    return Delegation.objects.get(participant__code="AA")


def source(**values: Any) -> Source:
    given = {"means": Means.NOTE_VERBALE, "received_at": clock(), "evidence": "Note verbale 4/2026.", **values}
    return Source(**given)


def record(called: CalledStage, answer: Answer = COMES, *, by: Any = None, **values: Any) -> Delegation:
    return services.record_answer(
        "called",
        answer,
        values.pop("source", source()),
        participant=called.states[0],
        version=values.pop("version", 0),
        actor=by or called.officer,
        key=values.pop("key", None) or uuid.uuid4(),
    )


def note(called: CalledStage, noted: LetterState, *, by: Any = None) -> Delegation:
    return services.note_letter(
        "called", noted, participant=called.states[0], actor=by or called.officer, key=uuid.uuid4()
    )


class TestLetter:
    def test_comes_with_the_answer_and_stays_without_a_new_one(self, called: CalledStage) -> None:
        called.invited()
        called.answers(WITH_LETTER)
        letter = NominationLetter.objects.get()
        assert (letter.media_type, letter.size, letter.file_name) == ("application/pdf", len(GOOD_PDF), "letter.pdf")
        called.answers(COMES, version=1)
        assert row().letter == "copy"
        assert NominationLetter.objects.get().pk == letter.pk

    def test_a_new_copy_has_to_be_seen_anew(self, called: CalledStage) -> None:
        called.invited()
        called.answers(WITH_LETTER)
        assert note(called, LetterState.ORIGINAL).letter == "original"
        assert note(called, LetterState.NONE).letter == "copy"
        note(called, LetterState.ORIGINAL)
        called.answers(Answer(True, (HEAD,), "", LetterCopy("new.jpg", GOOD_JPEG)), version=1)
        assert row().letter == "copy"
        assert NominationLetter.objects.get().media_type == "image/jpeg"
        entries = AuditEntry.objects.filter(action="delegation.letter_noted").order_by("pk")
        assert [one.detail["letter"] for one in entries] == ["original", "copy", "original"]

    def test_who_does_not_come_leaves_no_letter(self, called: CalledStage) -> None:
        called.invited()
        called.answers(WITH_LETTER)
        called.answers(STAYS, version=1)
        assert row().letter == "none"
        assert not NominationLetter.objects.exists()

    def test_what_is_no_letter_changes_nothing(self, called: CalledStage) -> None:
        called.invited()
        with pytest.raises(Refused, match="neither a PDF nor a picture"):
            called.answers(Answer(True, (HEAD,), "", LetterCopy("letter.pdf", b"PK\x03\x04")))
        assert row().version == 0
        assert not DelegationChange.objects.exists()

    @pytest.mark.parametrize("who", ["focal_point", "reviewer", "admin"])
    def test_staff_alone_note_it(self, who: str, called: CalledStage) -> None:
        called.invited()
        with pytest.raises(NotAllowed, match="has ended"):
            note(called, LetterState.ORIGINAL, by=getattr(called, who))
        assert row().letter == "none"

    def test_through_the_page_and_back_as_a_file_to_save(self, called: CalledStage) -> None:
        called.invited()
        client = signed_in(called.focal_point)
        file = SimpleUploadedFile("../../Zname.pdf", GOOD_PDF, content_type="text/html")
        assert "Recorded for Aland." in words(client.post(ANSWER, {**typed(), "letter_file": file}, follow=True))
        assert "Save the copy" in words(client.get(DELEGATION))
        for who, status in [
            ("focal_point", 200), ("reviewer", 200), ("officer", 200), ("manager", 200), ("other", 404),
            ("co_chair", 404), ("observer", 404), ("admin", 404), ("stranger", 404),
        ]:  # fmt: skip
            response = signed_in(getattr(called, who)).get(LETTER)
            assert response.status_code == status, who
        response = client.get(LETTER)
        assert response.content == GOOD_PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="nomination-letter-AA.pdf"'
        assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
        assert AccessEntry.objects.filter(subject_kind="letter", subject_ref="called/AA").count() == 5

    def test_a_file_that_is_no_letter_keeps_what_was_typed(self, called: CalledStage) -> None:
        called.invited()
        file = SimpleUploadedFile("letter.pdf", b"PK\x03\x04 a document", content_type="application/pdf")
        page = signed_in(called.focal_point).post(ANSWER, {**typed(), "letter_file": file})
        assert "The letter is neither a PDF nor a picture" in words(page)
        assert 'value="Ms Zahead"' in page.content.decode()
        assert "A ramp." in page.content.decode()
        assert row().version == 0

    def test_another_error_says_that_the_file_is_to_be_chosen_again(self, called: CalledStage) -> None:
        called.invited()
        file = SimpleUploadedFile("letter.pdf", GOOD_PDF)
        page = words(signed_in(called.focal_point).post(ANSWER, {**typed(role_2=""), "letter_file": file}))
        assert "Choose the role of this person." in page
        assert "Choose the letter again" in page

    def test_staff_note_it_on_the_page(self, called: CalledStage) -> None:
        called.invited()
        called.answers(WITH_LETTER)
        client = signed_in(called.officer)
        assert "Original seen" in words(client.get(DELEGATION))
        page: Any = client.post(f"{LETTER}note/", {"key": key(), "noted_as": "original"}, follow=True)
        assert "Noted." in words(page)
        assert "Take the note back" in words(page)
        client.post(f"{LETTER}note/", {"key": key(), "noted_as": "copy"})
        assert row().letter == "original", "a copy is not noted by hand"


class TestNamedTwice:
    def test_is_said_at_the_second_line(self, called: CalledStage) -> None:
        called.invited()
        page = signed_in(called.focal_point).post(ANSWER, typed(name_2="ms  ZAHEAD"))
        assert "“ms ZAHEAD” is named twice, once as “Ms Zahead”" in words(page)
        assert 'id="id_name_2_error"' in page.content.decode()
        assert not Delegate.objects.exists()

    def test_the_service_asks_too(self, called: CalledStage) -> None:
        called.invited()
        with pytest.raises(NotAllowed, match="named twice"):
            called.answers(Answer(True, (HEAD, Person("MS ZAHEAD", DelegateRole.ADVISER))))


class TestSamePerson:
    def test_who_stays_keeps_the_row_and_the_badge(self, called: CalledStage) -> None:
        called.invited()
        called.answers(Answer(True, (HEAD, ADVISER)))
        tokens = dict(Delegate.objects.values_list("name", "badge_token"))
        assert len(set(tokens.values())) == 2
        assert all(len(one) >= 32 for one in tokens.values() if one)
        new = Person("Ms Znew", DelegateRole.HEAD)
        was_head = Person("ms zahead", DelegateRole.ADVISER, "Deputy")
        called.answers(Answer(True, (new, was_head)), version=1)
        found = {one.name: one for one in Delegate.objects.all()}
        assert set(found) == {"Ms Znew", "ms zahead"}
        assert found["ms zahead"].badge_token == tokens["Ms Zahead"]
        assert (found["ms zahead"].position, found["ms zahead"].role) == (2, "adviser")
        assert found["Ms Znew"].badge_token not in tokens.values()

    def test_two_heads_change_places(self, called: CalledStage) -> None:
        called.invited()
        called.answers(Answer(True, (HEAD, ADVISER)))
        one, two = Person(ADVISER.name, DelegateRole.HEAD), Person(HEAD.name, DelegateRole.ADVISER)
        called.answers(Answer(True, (one, two)), version=1)
        assert list(Delegate.objects.values_list("position", "name", "role")) == [
            (1, "Mr Zaadviser", "head"),
            (2, "Ms Zahead", "adviser"),
        ]


class TestObserver:
    def of(self, called: CalledStage, answer: Answer = COMES) -> Delegation:
        return called.answers(answer, of=called.observer_state, by=called.observer)

    def test_answers_for_the_own_participant(self, called: CalledStage) -> None:
        called.invited()
        client = signed_in(called.observer)
        page: Any = client.post("/meetings/called/delegation/OO/answer/", typed(), follow=True)
        assert "Recorded for Osland." in words(page)
        assert "You may answer" not in words(page)
        assert Delegation.objects.get(participant__code="OO").answered_by == called.observer

    def test_is_asked_on_the_home_page(self, called: CalledStage) -> None:
        called.invited()
        assert "Fifth Harbour Meeting" in words(signed_in(called.observer).get("/"))

    def test_not_where_a_focal_point_is_in_office(self, called: CalledStage) -> None:
        called.person("focal.oo", Role.FOCAL_POINT, called.observer_state)
        called.invited()
        with pytest.raises(NotAllowed, match="has ended"):
            self.of(called)
        response = signed_in(called.observer).post("/meetings/called/delegation/OO/answer/", typed())
        assert response.status_code == 403

    def test_not_for_a_member(self, called: CalledStage) -> None:
        called.invited()
        Delegation.objects.filter(participant__code="OO").update(capacity="member")
        with pytest.raises(NotAllowed, match="has ended"):
            self.of(called)

    def test_not_once_the_post_ended(self, called: CalledStage) -> None:
        called.invited()
        end_appointment(called.observer.appointments.get().pk, actor=None, reason="Moved")
        with pytest.raises(NotAllowed, match="has ended"):
            self.of(called)


class TestRecorded:
    def test_is_marked_and_told_to_everyone_of_the_participant(self, called: CalledStage) -> None:
        called.invited()
        made = record(called)
        assert (made.state, made.means, made.evidence) == ("confirmed", "note_verbale", "Note verbale 4/2026.")
        assert made.answered_by == called.officer
        told = Notice.objects.filter(kind=Kind.DELEGATION_OTHERWISE.value)
        assert {one.address for one in told} == {
            "focal.aa@members.example", "alternate.aa@members.example", "reviewer.aa@members.example",
            "ministry@aa.example",
        }  # fmt: skip
        assert {one.state for one in told} == {NoticeState.QUEUED.value}
        assert all("Zahead" not in one.body for one in told)
        entry = AuditEntry.objects.get(action="delegation.recorded")
        assert entry.detail["means"] == "note_verbale"
        assert "Zahead" not in str(entry.detail)
        assert not Notice.objects.filter(
            kind=Kind.MEETING_INVITED.value, participant_code="AA", needs_answer=True, settled_at__isnull=True
        ).exists()
        page = words(signed_in(called.focal_point).get(DELEGATION))
        assert "Recorded by the secretariat. It came by note verbale" in page
        assert "Note verbale 4/2026." in page

    def test_the_participant_s_own_answer_takes_its_place(self, called: CalledStage) -> None:
        called.invited()
        record(called)
        made = called.answers(STAYS, version=1)
        assert (made.means, made.received_at, made.evidence) == ("", None, "")

    def test_is_late_by_when_it_was_received(self, called: CalledStage) -> None:
        called.invited()
        before = clock() - dt.timedelta(minutes=5)
        MeetingInvitation.objects.update(answer_by=clock() - dt.timedelta(minutes=1))
        assert not record(called, source=source(received_at=before)).is_late
        assert record(called, source=source(received_at=clock()), version=1).is_late

    @pytest.mark.parametrize("who", ["focal_point", "admin", "co_chair"])
    def test_staff_alone_record(self, who: str, called: CalledStage) -> None:
        called.invited()
        with pytest.raises(NotAllowed, match="has ended"):
            record(called, by=getattr(called, who))
        assert row().version == 0

    def test_the_same_submission_twice_has_one_effect(self, called: CalledStage) -> None:
        called.invited()
        one = uuid.uuid4()
        assert record(called, key=one).pk == record(called, key=one).pk
        assert DelegationChange.objects.count() == 1

    def typed(self, **values: str) -> dict[str, str]:
        given = typed(means="telephone", day="2026-01-05", at="10:00", evidence="Call of Ms X.")
        return {**given, **values}

    def test_through_the_page(self, called: CalledStage) -> None:
        called.invited()
        client = signed_in(called.officer)
        assert "Record an answer" in words(client.get(RECORD))
        page: Any = client.post(RECORD, self.typed(), follow=True)
        assert "Recorded for Aland, which is told by e-mail." in words(page)
        assert "recorded by the secretariat" in words(page)
        assert "recorded by" in words(client.get(ANSWERS))

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"means": ""}, "Choose how it came."),
            ({"day": ""}, "Choose the day."),
            ({"day": "2090-01-01"}, "This is in the future."),
            ({"at": "noon"}, "Write the time as 17:00."),
            ({"evidence": " "}, "Say which letter, message or call this rests on"),
            ({"role_1": "adviser"}, "Nobody is head of delegation."),
        ],
    )
    def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
        self, values: dict[str, str], sentence: str, called: CalledStage
    ) -> None:
        called.invited()
        page = signed_in(called.officer).post(RECORD, self.typed(**values))
        assert page.status_code == 200
        assert sentence in words(page)
        assert 'value="Mr Zaadviser"' in page.content.decode()
        assert row().version == 0

    def test_an_old_page_is_told(self, called: CalledStage) -> None:
        called.invited()
        called.answers()
        page = words(signed_in(called.officer).post(RECORD, self.typed(name_2="Mr Zother")))
        assert "Nothing is lost" in page
        assert row().version == 1


class TestWhatChanged:
    def test_after_the_date_is_listed_with_who_and_what(self, called: CalledStage) -> None:
        called.invited()
        called.answers()
        client = signed_in(called.officer)
        assert "Changed after the registration date" not in words(client.get(ANSWERS))
        MeetingInvitation.objects.update(answer_by=clock())
        called.answers(Answer(True, (HEAD,)), version=1)
        page = words(client.get(ANSWERS))
        assert "Changed after the registration date" in page
        assert "Taken off: Mr Zaadviser, adviser" in page
        assert str(called.focal_point) in page
        assert "Letter missing (1)" in page
        assert "letter missing" in words(client.get(f"{ANSWERS}?show=letter"))

    def test_each_answer_leaves_one_row(self, called: CalledStage) -> None:
        called.invited()
        called.answers()
        called.answers(version=1)
        what = [one.what for one in DelegationChange.objects.all()]
        assert what == [
            ["Nothing, sent again"],
            [
                "Comes",
                "Added: Ms Zahead, head of delegation, Director",
                "Added: Mr Zaadviser, adviser",
                "Special needs",
            ],
        ]

"""Pages of a meeting that is called: who reads them, what is typed is kept, the queries do not grow."""

import datetime as dt
import re
import uuid
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from audit.models import AccessEntry
from meetings import services
from meetings.answers import invitations_for
from meetings.models import Delegation, Meeting, MeetingInvitation, PaperRequest
from members.access import reader_of
from members.clock import clock
from members.models import User
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_closing import accept_all
from tests.factories.called import COMES, DAY, STAYS, CalledStage
from tests.factories.directory import ParticipantFactory

pytestmark = pytest.mark.django_db
ANSWER = "/meetings/called/delegation/AA/answer/"
DELEGATION, ANSWERS = "/meetings/called/delegation/AA/", "/meetings/called/answers/"
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _proven(settings: Any) -> None:
    """A decisive act asks who it is only after this long."""
    settings.REAUTHENTICATE_SECONDS = 10**6


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def key() -> str:
    return str(uuid.uuid4())


def typed(**values: str) -> dict[str, str]:
    """An answer as a browser sends it: two people, one line empty."""
    return {
        "key": key(),
        "version": "0",
        "lines": "3",
        "comes": "yes",
        "name_1": "Ms Zahead",
        "role_1": "head",
        "function_1": "Director",
        "name_2": "Mr Zaadviser",
        "role_2": "adviser",
        "name_3": "",
        "role_3": "",
        "special_needs": "A ramp.",
        **values,
    }


class TestInvitation:
    def typed(self, called: CalledStage, **values: Any) -> dict[str, Any]:
        day = clock().date() + 30 * DAY
        given = {"key": key(), "day": day.isoformat(), "time": "17:00", "seats": "4", "reminders": "168, 48, 24"}
        return {**given, "observers": [str(called.observer_state.pk)], "paragraph": "Bring a coat.", **values}

    def test_from_draft_to_sent_through_the_pages(self, called: CalledStage) -> None:
        officer, manager = signed_in(called.officer), signed_in(called.manager)
        path = f"/meetings/{called.meeting.slug}/invitation/"
        assert "Prepare the invitation" in words(officer.get(f"{path}prepare/"))
        page: Any = officer.post(f"{path}prepare/", self.typed(called), follow=True)
        assert "Bring a coat." in words(page)
        assert "8 e-mails to 5 participants" in words(page)
        assert manager.get(f"{path}approve/").status_code == 403, "not asked yet"
        page = officer.post(f"{path}ask/", {"key": key()}, follow=True)
        assert "Approval is asked." in words(page)
        assert officer.get(f"{path}approve/").status_code == 403
        assert "Record and send 8 e-mails" in words(manager.get(f"{path}approve/"))
        given = {"key": key(), "co_chair": called.states[1].pk, "evidence": "A letter."}
        assert "on its way" in words(manager.post(f"{path}approve/", given, follow=True))
        assert Notice.objects.filter(kind=Kind.MEETING_INVITED.value).count() == 8

    def test_a_co_chair_approves_on_the_own_page(self, called: CalledStage) -> None:
        client, path = signed_in(called.co_chair), f"/meetings/{called.meeting.slug}/invitation/"
        called.prepared()
        assert client.get(path).status_code == 404, "not asked yet"
        services.ask_invitation_approval(called.meeting.slug, actor=called.officer, key=uuid.uuid4())
        assert client.get(path).status_code == 200
        assert "Approve and send 8 e-mails" in words(client.get(f"{path}approve/"))
        client.post(f"{path}approve/", {"key": key()})
        assert MeetingInvitation.objects.get().approved_by == called.co_chair

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"day": ""}, "Choose the day."),
            ({"day": "soon"}, "Write the day as 2026-07-23."),
            ({"day": "2020-01-01"}, "This date has passed already."),
            ({"day": "2090-01-01"}, "The meeting begins before this."),
            ({"time": "noon"}, "Write the time as 17:00."),
            ({"seats": "many"}, "Write a number, as 4, or nothing."),
            ({"seats": "0"}, "greater than or equal to 1"),
            ({"reminders": "a week"}, "Write hours from 1 to 1440"),
            ({"reminders": "0"}, "Write hours from 1 to 1440"),
            ({"reminders": "1,2,3,4,5,6,7"}, "Six reminders at most."),
            ({"observers": ["999999"]}, "One of these is no observer today."),
        ],
    )
    def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
        self, values: dict[str, Any], sentence: str, called: CalledStage
    ) -> None:
        path = f"/meetings/{called.meeting.slug}/invitation/prepare/"
        response = signed_in(called.officer).post(path, self.typed(called, **values))
        assert response.status_code == 200
        assert sentence in words(response)
        assert "Bring a coat." in response.content.decode()
        assert not MeetingInvitation.objects.exists()


class TestDelegation:
    def test_registers_and_reads_back(self, called: CalledStage) -> None:
        called.invited()
        client = signed_in(called.focal_point)
        assert client.get("/meetings/called/delegation/").url == DELEGATION  # type: ignore[attr-defined]
        assert "No answer is recorded yet." in words(client.get(DELEGATION))
        page: Any = client.post(ANSWER, typed(), follow=True)
        assert "Recorded for Aland." in words(page)
        row = Delegation.objects.get(participant__code="AA")
        assert [one.name for one in row.delegates.all()] == ["Ms Zahead", "Mr Zaadviser"]
        body = client.get(DELEGATION).content.decode()
        assert 'value="Ms Zahead"' in body
        assert "A ramp." in body
        assert 'name="version" value="1"' in body

    def test_more_lines_records_nothing_and_keeps_everything(self, called: CalledStage) -> None:
        called.invited()
        body = signed_in(called.focal_point).post(ANSWER, typed(more="1", name_1="")).content.decode()
        assert 'name="name_7"' in body
        assert 'name="name_8"' not in body
        assert 'value="Mr Zaadviser"' in body
        assert "Write the name" not in body
        assert Delegation.objects.get(participant__code="AA").state == "invited"

    @pytest.mark.parametrize(
        ("values", "sentence", "field"),
        [
            ({"comes": ""}, "Choose one answer.", ""),
            ({"comes": "perhaps"}, "Select a valid choice.", ""),
            ({"name_1": ""}, "Write the name, or empty the line.", "id_name_1_error"),
            ({"role_2": ""}, "Choose the role of this person.", "id_role_2_error"),
            ({"role_2": "head"}, "2 people are head of delegation.", "id_role_1_error"),
            ({"role_1": "adviser"}, "Nobody is head of delegation.", "id_role_1_error"),
            ({"role_1": "king"}, "Select a valid choice.", "id_role_1_error"),
            ({"name_1": "", "function_1": "", "name_2": "", "role_2": ""}, "Name at least the head", "id_role_1_error"),
            ({"name_1": "x" * 121}, "at most 120 characters", "id_name_1_error"),
            ({"version": ""}, "This field is required", ""),
            ({"key": ""}, "This page is out of date.", ""),
        ],
    )
    def test_bad_input_gets_a_sentence_at_its_field_and_keeps_what_was_typed(
        self, values: dict[str, str], sentence: str, field: str, called: CalledStage
    ) -> None:
        called.invited()
        response = signed_in(called.focal_point).post(ANSWER, typed(**values))
        body = response.content.decode()
        assert response.status_code == 200
        assert sentence in words(response)
        assert field in body
        assert "A ramp." in body
        assert Delegation.objects.get(participant__code="AA").state == "invited"

    @pytest.mark.parametrize("lines", ["", "x", "-1", "0", "99999", "1e3"])
    def test_a_tampered_number_of_lines_loses_nothing(self, lines: str, called: CalledStage) -> None:
        called.invited()
        response = signed_in(called.focal_point).post(ANSWER, typed(lines=lines))
        assert response.status_code == 200
        assert 'value="Ms Zahead"' in response.content.decode()

    def test_an_old_page_shows_both_and_the_next_save_knows_both(self, called: CalledStage) -> None:
        called.invited()
        called.answers(COMES, by=called.alternate)
        client = signed_in(called.focal_point)
        response = client.post(ANSWER, typed(name_1="Ms Zaother", special_needs="Tea."))
        text, body = words(response), response.content.decode()
        assert "changed this while you wrote. Nothing is lost" in text
        assert "Ms Zahead, head of delegation, Director" in text
        assert "Mr Zaadviser needs a ramp." in text
        assert 'value="Ms Zaother"' in body
        assert "Tea." in body
        client.post(ANSWER, typed(name_1="Ms Zaother", version="1"))
        assert Delegation.objects.get(participant__code="AA").delegates.first().name == "Ms Zaother"  # type: ignore[union-attr]

    def test_who_reads_names_and_special_needs(self, called: CalledStage) -> None:
        called.invited()
        called.answers()
        for who in ("focal_point", "alternate", "reviewer", "officer", "manager"):
            page = words(signed_in(getattr(called, who)).get(DELEGATION))
            assert "Delegation of Aland" in page, who
        for who in ("other", "co_chair", "observer", "stranger", "admin", "org_person"):
            assert signed_in(getattr(called, who)).get(DELEGATION).status_code == 404, who
        assert Client().get(DELEGATION).status_code == 302
        for who in ("reviewer", "officer"):
            assert signed_in(getattr(called, who)).post(ANSWER, typed()).status_code == 403, who
            assert "Send the answer" not in words(signed_in(getattr(called, who)).get(DELEGATION))

    @pytest.mark.parametrize("who", ["other", "co_chair", "observer", "stranger", "focal_point"])
    def test_names_of_persons_stand_on_no_other_page(self, who: str, called: CalledStage) -> None:
        called.invited()
        called.answers()
        client = signed_in(getattr(called, who))
        for path in ("/", "/meetings/", "/meetings/called/", "/inbox/"):
            assert "Zahead" not in client.get(path).content.decode(), path
            assert "Zahead" not in Client().get(path, follow=True).content.decode(), path

    def test_opening_counts_for_the_participant_and_never_for_staff(self, called: CalledStage) -> None:
        called.invited()
        signed_in(called.reviewer).get(DELEGATION)
        signed_in(called.officer).get(DELEGATION)
        rows = AccessEntry.objects.filter(subject_kind="meeting", subject_ref="called")
        assert sorted(rows.values_list("on_behalf_of", flat=True)) == ["", "AA"]

    def test_after_the_date_the_page_says_late(self, called: CalledStage) -> None:
        called.invited()
        MeetingInvitation.objects.update(answer_by=clock())
        client = signed_in(called.focal_point)
        assert "it is marked as late" in words(client.get(DELEGATION))
        client.post(ANSWER, typed())
        assert Delegation.objects.get(participant__code="AA").is_late

    def test_a_cancelled_meeting_shows_why_and_takes_no_answer(self, called: CalledStage) -> None:
        called.invited()
        services.cancel_meeting("called", reason="A storm.", actor=called.officer, key=uuid.uuid4())
        client = signed_in(called.focal_point)
        page = words(client.get(DELEGATION))
        assert "A storm." in page
        assert "Send the answer" not in page
        assert "This meeting is cancelled." in words(client.post(ANSWER, typed()))


class TestAnswers:
    def test_counts_and_filters(self, called: CalledStage) -> None:
        called.invited()
        accept_all(but="CC")
        called.answers(COMES)
        called.answers(STAYS, of=called.states[1], by=called.other)
        client = signed_in(called.officer)
        page = words(client.get(ANSWERS))
        assert "2 of 5" in page
        for label in ("All (5)", "No answer (3)", "Not reached (1)", "Come (1)", "Do not come (1)", "Late (0)"):
            assert label in page
        assert "Ms Zahead; special needs" in page
        rows = re.findall(r'delegation/(\w+)/">', client.get(f"{ANSWERS}?show=unreached").content.decode())
        assert rows == ["CC"], "nothing arrived; Osland is spoken for by its observer delegate"
        for show, codes in [("comes", ["AA"]), ("declined", ["BB"]), ("silent", ["CC", "ORG", "OO"]), ("late", [])]:
            found = re.findall(r'delegation/(\w+)/">', client.get(f"{ANSWERS}?show={show}").content.decode())
            assert found == codes, show
        assert "All (5)" in words(client.get(f"{ANSWERS}?show=<script>"))

    @pytest.mark.parametrize("more", [0, 30])
    def test_queries_do_not_grow(self, more: int, called: CalledStage, django_assert_max_num_queries: Any) -> None:
        for _ in range(more):
            called.body.memberships.create(participant=ParticipantFactory())
        called.invited()
        called.answers()
        client = signed_in(called.officer)
        with django_assert_max_num_queries(MOST_QUERIES) as found:
            client.get(ANSWERS)
        assert len(found) == 14
        for path in (DELEGATION, "/meetings/called/invitation/", "/meetings/called/papers/", "/meetings/called/"):
            with django_assert_max_num_queries(MOST_QUERIES):
                client.get(path)
        own = signed_in(called.focal_point)
        with django_assert_max_num_queries(MOST_QUERIES):
            own.get(DELEGATION)


class TestPapersAndCallingOff:
    def test_ask_and_note_through_the_pages(self, called: CalledStage) -> None:
        called.invited()
        client, path = signed_in(called.officer), "/meetings/called/papers/"
        day = (clock().date() + 20 * DAY).isoformat()
        given = {"key": key(), "participant": called.states[0].pk, "title": "How it works", "due_on": day}
        assert "Aland is asked for the paper" in words(client.post(path, given, follow=True))
        assert "How it works" in words(signed_in(called.focal_point).get(DELEGATION))
        assert "How it works" in words(signed_in(called.focal_point).get("/"))
        paper = PaperRequest.objects.get()
        assert "Noted: the paper came." in words(
            client.post(f"{path}{paper.pk}/received/", {"key": key()}, follow=True)
        )
        again = client.post(f"{path}{paper.pk}/received/", {"key": key()})
        assert "noted as received already" in words(again)
        assert client.post(f"{path}999999/received/", {"key": key()}).status_code == 404

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"participant": ""}, "Choose a participant."),
            ({"participant": "0"}, "Choose a participant of the list."),
            ({"title": ""}, "Say what the paper is about."),
            ({"due_on": "2020-01-01"}, "This day is not ahead."),
            ({"due_on": "x"}, "Write the day as 2026-07-23."),
        ],
    )
    def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
        self, values: dict[str, str], sentence: str, called: CalledStage
    ) -> None:
        called.invited()
        given = {"key": key(), "participant": called.states[0].pk, "title": "Kept words", "due_on": "2090-01-01"}
        response = signed_in(called.officer).post("/meetings/called/papers/", {**given, **values})
        assert sentence in words(response)
        assert "title" in values or "Kept words" in response.content.decode()
        assert not PaperRequest.objects.exists()

    @pytest.mark.parametrize(("verb", "state"), [("postpone", "postponed"), ("cancel", "cancelled")])
    def test_called_off_through_the_pages(self, verb: str, state: str, called: CalledStage) -> None:
        called.invited()
        client, path = signed_in(called.officer), f"/meetings/called/{verb}/"
        assert "8 e-mails to 5 participants" in words(client.get(path))
        assert "Write the reason." in words(client.post(path, {"key": key(), "reason": ""}))
        client.post(path, {"key": key(), "reason": "A storm."})
        assert Meeting.objects.get(slug="called").state == state

    def test_bad_days_keep_the_reason(self, called: CalledStage) -> None:
        called.invited()
        given = {"key": key(), "reason": "Kept words", "first_day": "2090-01-02", "last_day": "2090-01-01"}
        response = signed_in(called.officer).post("/meetings/called/postpone/", given)
        assert "The last day is before the first." in words(response)
        assert "Kept words" in response.content.decode()


class TestHomes:
    def test_a_focal_point_sees_answer_by_until_it_answered(self, called: CalledStage) -> None:
        called.invited()
        client = signed_in(called.focal_point)
        page = words(client.get("/"))
        assert "One meeting is open for registration." in page
        assert "Answer by" in page
        assert "Register your delegation" in page
        called.answers()
        page = words(client.get("/"))
        assert "open for registration." not in page
        assert "Comes" in page
        assert "Register your delegation" not in page

    def test_a_reviewer_reads_and_is_not_asked(self, called: CalledStage) -> None:
        called.invited()
        page = words(signed_in(called.reviewer).get("/"))
        assert "Meetings you are invited to" in page
        assert "Register your delegation" not in page

    def test_the_desk_counts_and_a_manager_is_asked_to_approve(self, called: CalledStage) -> None:
        called.approval_asked()
        for who, is_asked in [("manager", True), ("officer", False), ("co_chair", True), ("focal_point", False)]:
            page = words(signed_in(getattr(called, who)).get("/"))
            assert ("Invitations to approve" in page) is is_asked, who
        assert "1 invitation waits for your word as co-chair." in words(signed_in(called.co_chair).get("/"))
        called.invited()
        called.answers()
        page = words(signed_in(called.officer).get("/"))
        assert "1 confirmed, 0 declined, 4 of 5 without an answer" in page

    def test_the_public_page_of_the_meeting_leads_on(self, called: CalledStage) -> None:
        called.invited()
        path = "/meetings/called/"
        assert "Delegation of Aland" in words(signed_in(called.reviewer).get(path))
        assert "Invitation and answers" in words(signed_in(called.officer).get(path))
        for page in (words(Client().get(path)), words(signed_in(called.stranger).get(path))):
            assert "Delegation of" not in page
            assert "Invitation" not in page

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Anchorage", ""])
    def test_an_invitation_stands_until_the_last_day_ends_on_the_clock_of_the_meeting(
        self, zone: str, called: CalledStage
    ) -> None:
        meeting = called.invited()
        Meeting.objects.filter(pk=meeting.pk).update(time_zone=zone)
        of_forum = "Asia/Bangkok"
        end = dt.datetime.combine(meeting.latest_on + DAY, dt.time(), ZoneInfo(zone or of_forum))
        reader = reader_of(called.focal_point)
        assert invitations_for(reader, end - dt.timedelta(seconds=1), of_forum)
        assert not invitations_for(reader, end, of_forum)

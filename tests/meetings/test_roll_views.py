"""Pages of sessions, roll call and badge: what an officer types is kept, scripts get JSON, queries do not grow."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client

from meetings.models import Attendance, Delegate, Meeting, Session
from tests.factories.called import CalledStage
from tests.factories.directory import ParticipantFactory, StandingFactory
from tests.meetings.test_called_views import signed_in, words
from tests.meetings.test_roll import EXCUSED, Room, room, rows

pytestmark = pytest.mark.django_db
__all__ = ["room"]
SESSIONS = "/meetings/called/sessions/"


@pytest.fixture
def officer(room: Room) -> Client:
    return signed_in(room.called.officer)


def roll_of(room: Room) -> str:
    return f"{SESSIONS}{room.session.pk}/roll/"


def tick(officer: Client, room: Room, **values: str) -> Any:
    line = f"{room.called.states[0].pk}-{room.head.pk}"
    data = {"key": str(uuid.uuid4()), "line": line, "was": "", "to": "room", **values}
    return officer.post(f"{SESSIONS}{room.session.pk}/tick/", data)


class TestSessions:
    def test_adds_one_and_keeps_what_was_typed_wrongly(self, room: Room, officer: Client) -> None:
        day = room.called.meeting.earliest_on.isoformat()
        typed = {"key": str(uuid.uuid4()), "title": "Session 1", "day": day, "starts": "09:00", "ends": "08:00"}
        refused = officer.post(SESSIONS, typed)
        assert "Ends: The end is before the start. Write a later end." in words(refused)
        assert 'value="Session 1"' in refused.content.decode()
        assert officer.post(SESSIONS, {**typed, "ends": "12:30"}).status_code == 302
        assert "09:00 to 12:30" in words(officer.get(SESSIONS))

    def test_a_step_back_without_a_reason_is_refused_at_its_field(self, room: Room, officer: Client) -> None:
        refused = officer.post("/meetings/called/step-back/", {"key": str(uuid.uuid4()), "reason": ""})
        assert "Write why the meeting goes back." in words(refused)
        assert "Why (optional)" not in words(refused)
        assert Meeting.objects.get().state == "in_session"
        typed = {"key": str(uuid.uuid4()), "reason": "Opened by mistake."}
        assert officer.post("/meetings/called/step-back/", typed).status_code == 302
        assert Meeting.objects.get().state == "invited"

    def test_opens_and_closes(self, room: Room, officer: Client) -> None:
        assert officer.post("/meetings/called/close/", {"key": str(uuid.uuid4())}).status_code == 302
        assert Meeting.objects.get().state == "closed"
        again = officer.post("/meetings/called/close/", {"key": str(uuid.uuid4())})
        assert "Only a meeting in session can be closed." in words(again)


class TestRollCall:
    def test_shows_who_is_registered_and_finds_by_name_without_accents(self, room: Room, officer: Client) -> None:
        page = words(officer.get(roll_of(room)))
        assert "Aland" in page
        assert "Ms Zahead, Director" in page
        assert "Birland" not in page.partition("Member States")[2]
        assert "Ms Zahead" in words(officer.get(f"{roll_of(room)}?q=ZÁHEAD"))
        assert "Nobody fits" in words(officer.get(f"{roll_of(room)}?q=nobody"))
        everyone = words(officer.get(f"{roll_of(room)}?show=all"))
        assert all(str(one) in everyone for one in room.called.states)

    def test_saves_only_what_was_changed_on_the_page(self, room: Room, officer: Client) -> None:
        state = room.called.states[0].pk
        head, adviser = f"{state}-{room.head.pk}", f"{state}-{room.adviser.pk}"
        room.tick(EXCUSED, delegate=room.adviser, by=room.called.manager)
        typed = {"key": str(uuid.uuid4()), f"was-{head}": "", f"in-{head}": "on", f"was-{adviser}": ""}
        assert officer.post(roll_of(room), typed).status_code == 302
        assert rows() == [
            ("AA", "Mr Zaadviser", "excused", ""),
            ("AA", "Ms Zahead", "present", "in_the_room"),
        ]

    def test_says_what_another_officer_marked_and_saves_the_rest(self, room: Room, officer: Client) -> None:
        state = room.called.states[0].pk
        head, adviser = f"{state}-{room.head.pk}", f"{state}-{room.adviser.pk}"
        room.tick(EXCUSED, delegate=room.adviser, by=room.called.manager)
        typed = {"key": str(uuid.uuid4())}
        typed |= {f"was-{one}": "" for one in (head, adviser)} | {f"in-{one}": "on" for one in (head, adviser)}
        page = words(officer.post(roll_of(room), typed))
        assert "Saved, but for 1 of the lines" in page
        assert "was marked excused by" in page
        assert ("AA", "Ms Zahead", "present", "in_the_room") in rows()
        assert ("AA", "Mr Zaadviser", "excused", "") in rows()

    def test_after_the_closing_nothing_can_be_ticked(self, room: Room, officer: Client) -> None:
        officer.post("/meetings/called/close/", {"key": str(uuid.uuid4())})
        page = officer.get(roll_of(room)).content.decode()
        assert "Save roll call" not in page
        assert "roll.js" not in page
        assert tick(officer, room).status_code == 409

    def test_persons_are_counted_only_where_they_are_recorded(self, room: Room, officer: Client) -> None:
        assert "not recorded" in words(officer.get(roll_of(room)))
        tick(officer, room)
        found = officer.get(f"{SESSIONS}{room.session.pk}/live/").json()["counts"]
        assert (found["persons"], found["states"], found["all"]) == (1, 1, 1)


class TestTick:
    def test_answers_what_stands(self, room: Room, officer: Client) -> None:
        assert tick(officer, room).json() == {"now": "room"}
        assert rows() == [("AA", "Ms Zahead", "present", "in_the_room")]

    def test_answers_409_with_what_another_marked(self, room: Room, officer: Client) -> None:
        tick(signed_in(room.called.manager), room, to="excused")
        refused = tick(officer, room)
        assert refused.status_code == 409
        assert refused.json()["now"] == "excused"
        assert "in the meantime" in refused.json()["said"]

    @pytest.mark.parametrize("values", [{"line": "x"}, {"line": "1-2-3"}, {"to": "late"}, {"key": "no"}, {"was": "?"}])
    def test_answers_400_to_what_is_no_tick(self, room: Room, officer: Client, values: dict[str, str]) -> None:
        assert tick(officer, room, **values).status_code == 400
        assert rows() == []

    def test_live_is_silent_until_something_changes(self, room: Room, officer: Client) -> None:
        live = f"{SESSIONS}{room.session.pk}/live/"
        assert officer.get(f"{live}?since=0-0").status_code == 204
        tick(officer, room)
        found = officer.get(f"{live}?since=0-0").json()
        assert found["marks"][f"{room.called.states[0].pk}-{room.head.pk}"] == "room"
        assert re.fullmatch(rf"Last tick \d\d:\d\d:\d\d\nby {room.called.officer}", found["last"])
        assert officer.get(f"{live}?since={found['since']}").status_code == 204

    def test_live_sees_a_tick_that_came_in_after_one_with_a_later_clock(self, room: Room, officer: Client) -> None:
        """Ticks run side by side: each reads its clock before it is committed. By the newest clock this one is lost."""
        live = f"{SESSIONS}{room.session.pk}/live/"
        tick(officer, room)
        since = officer.get(live).json()["since"]
        room.tick(EXCUSED, delegate=room.adviser, by=room.called.manager)
        Attendance.objects.filter(delegate=room.adviser).update(marked_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        assert officer.get(f"{live}?since={since}").status_code == 200


class TestBadge:
    def test_marks_its_bearer_at_the_only_session_and_does_nothing_by_get(self, room: Room, officer: Client) -> None:
        path = f"/meetings/called/badge/{room.head.badge_token}/"
        page = words(officer.get(path))
        assert "Ms Zahead" in page
        assert "Present at Meeting" in page
        assert rows() == []
        typed = {"key": str(uuid.uuid4()), "session": str(room.session.pk)}
        assert officer.post(path, typed).status_code == 302
        assert rows() == [("AA", "Ms Zahead", "present", "in_the_room")]

    def test_a_wrong_token_and_the_wrong_reader_find_nothing(self, room: Room, officer: Client) -> None:
        assert officer.get("/meetings/called/badge/none/").status_code == 404
        own = signed_in(room.called.focal_point)
        assert own.get(f"/meetings/called/badge/{room.head.badge_token}/").status_code == 404

    def test_where_no_session_runs_one_is_chosen(self, room: Room, officer: Client) -> None:
        Session.objects.create(meeting=room.called.meeting, title="Session 2", position=1)
        page = words(officer.get(f"/meetings/called/badge/{room.head.badge_token}/"))
        assert "No session runs now. Choose one" in page
        assert "Present at Session 2" in page


@pytest.mark.parametrize("more", [1, 60])
def test_queries_do_not_grow(
    room: Room, officer: Client, more: int, django_assert_max_num_queries: Any, called: CalledStage
) -> None:
    for number in range(more):
        state = ParticipantFactory(code=f"X{number}", short_name=f"Xland {number:03}")
        StandingFactory(participant=state, standing="member")
        delegation = called.meeting.delegations.create(participant=state, capacity="member", state="confirmed")
        Delegate.objects.bulk_create(
            Delegate(delegation=delegation, position=place, name=f"Person {number} {place}", role="adviser")
            for place in range(7)
        )
    for path in (roll_of(room), f"{roll_of(room)}?show=all", SESSIONS, f"{SESSIONS}{room.session.pk}/live/"):
        with django_assert_max_num_queries(15):
            assert officer.get(path).status_code == 200

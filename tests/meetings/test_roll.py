"""The roll call: each tick is one row with who and when; two officers lose nothing; the public counts stay right."""

import threading
import uuid
from typing import Any

import pytest
from django.db import transaction

from audit.models import AuditEntry
from meetings import services
from meetings.enums import Mark
from meetings.models import Attendance, Delegate, Session
from meetings.records import attendance_of
from meetings.services import Answer, Tick, TickRefused, roll
from members.clock import clock
from members.models import User
from members.rules import NotAllowed
from tests.factories.called import COMES, HEAD, CalledStage
from tests.races import in_thread, waits_or_ends

NONE, ROOM, REMOTE, ABSENT, EXCUSED = Mark.NONE, Mark.ROOM, Mark.REMOTE, Mark.ABSENT, Mark.EXCUSED


class Room:
    """The called meeting in session; the first State comes with a head and an adviser."""

    def __init__(self, called: CalledStage) -> None:
        called.invited()
        called.answers(COMES)
        services.open_meeting("called", actor=called.officer, key=uuid.uuid4())
        self.called, self.session = called, Session.objects.get()
        self.head, self.adviser = Delegate.objects.order_by("position")

    def tick(
        self, to: Mark, was: Mark = NONE, *, of: int = 0, delegate: Delegate | None = None, by: User | None = None,
        key: uuid.UUID | None = None,
    ) -> Mark:  # fmt: skip
        line = Tick(self.called.states[of].pk, delegate.pk if delegate else None, was, to)
        return services.mark_attendance(
            "called", self.session.pk, line, actor=by or self.called.officer, key=key or uuid.uuid4()
        )


@pytest.fixture
def room(called: CalledStage) -> Room:
    return Room(called)


def rows() -> list[tuple[Any, ...]]:
    return list(
        Attendance.objects.order_by("pk").values_list("participant__code", "delegate__name", "presence", "mode")
    )


@pytest.mark.django_db
class TestTick:
    def test_of_a_delegate_is_a_row_with_who_and_when(self, room: Room) -> None:
        room.tick(ROOM, delegate=room.head)
        found = Attendance.objects.get()
        assert rows() == [("AA", "Ms Zahead", "present", "in_the_room")]
        assert (found.capacity, found.marked_by) == ("member", room.called.officer)
        assert found.marked_at is not None
        detail = AuditEntry.objects.get(action="attendance.marked").detail
        assert detail == {
            "session": room.session.pk, "participant": "AA", "delegate": room.head.pk, "from": "", "to": "room",
        }  # fmt: skip
        assert "Zahead" not in str(detail)

    def test_changes_the_row_and_keeps_the_change_in_the_log(self, room: Room) -> None:
        for was, to in [(NONE, ROOM), (ROOM, ABSENT), (ABSENT, EXCUSED), (EXCUSED, REMOTE)]:
            assert room.tick(to, was) == to
        assert rows() == [("AA", None, "present", "remote")]
        assert AuditEntry.objects.filter(action="attendance.marked").count() == 4

    def test_sent_twice_counts_once(self, room: Room) -> None:
        key = uuid.uuid4()
        room.tick(ROOM, key=key)
        room.tick(ABSENT, ROOM)
        assert room.tick(ROOM, key=key) == ROOM
        assert rows() == [("AA", None, "absent", "")]

    def test_what_stands_already_is_not_written_anew(self, room: Room) -> None:
        room.tick(ROOM)
        room.tick(ROOM, by=room.called.manager)
        assert Attendance.objects.get().marked_by == room.called.officer
        assert AuditEntry.objects.filter(action="attendance.marked").count() == 1

    def test_never_goes_over_the_tick_of_another_officer(self, room: Room) -> None:
        room.tick(EXCUSED, by=room.called.manager)
        with pytest.raises(TickRefused, match=r"Aland was marked excused by .* in the meantime") as refused:
            room.tick(ROOM, NONE)
        assert refused.value.now == EXCUSED
        assert rows() == [("AA", None, "excused", "")]

    @pytest.mark.parametrize(("of", "capacity"), [(0, "member"), (2, "member")])
    def test_capacity_is_that_of_the_invitation(self, room: Room, of: int, capacity: str) -> None:
        room.tick(ROOM, of=of)
        assert Attendance.objects.get().capacity == capacity

    def test_capacity_without_invitation_is_the_standing_in_the_forum(self, room: Room) -> None:
        observer = room.called.observer_state
        room.called.meeting.delegations.filter(participant=observer).delete()
        line = Tick(observer.pk, None, NONE, ROOM)
        services.mark_attendance("called", room.session.pk, line, actor=room.called.officer, key=uuid.uuid4())
        assert Attendance.objects.get().capacity == "observer"

    def test_refuses_outside_a_meeting_in_session(self, room: Room) -> None:
        services.close_meeting("called", actor=room.called.officer, key=uuid.uuid4())
        with pytest.raises(NotAllowed, match="not in session"):
            room.tick(ROOM)
        assert rows() == []

    def test_refuses_a_delegate_of_another_delegation(self, room: Room) -> None:
        with pytest.raises(NotAllowed, match="not in the delegation"):
            room.tick(ROOM, of=1, delegate=room.head)
        assert rows() == []

    def test_refuses_a_session_of_another_meeting(self, room: Room) -> None:
        room.session.pk += 1000
        with pytest.raises(NotAllowed, match="removed in the meantime"):
            room.tick(ROOM)

    def test_who_is_on_the_roll_call_stays_in_the_delegation(self, room: Room) -> None:
        room.tick(ROOM, delegate=room.adviser)
        with pytest.raises(NotAllowed, match="Mr Zaadviser is on the roll call"):
            room.called.answers(Answer(True, (HEAD,)), version=1)
        assert Delegate.objects.count() == 2

    def test_a_badge_marks_its_bearer_whatever_stood(self, room: Room) -> None:
        room.tick(EXCUSED, delegate=room.head)
        services.mark_present(
            "called", room.session.pk, room.called.states[0].pk, room.head.pk,
            actor=room.called.manager, key=uuid.uuid4(),
        )  # fmt: skip
        assert rows() == [("AA", "Ms Zahead", "present", "in_the_room")]


@pytest.mark.django_db
class TestWholeForm:
    def test_writes_what_was_changed_and_answers_what_another_marked(self, room: Room) -> None:
        room.tick(EXCUSED, of=1, by=room.called.manager)
        first, second = (one.pk for one in room.called.states[:2])
        refused = services.mark_attendances(
            "called",
            room.session.pk,
            [Tick(second, None, NONE, ROOM), Tick(first, room.head.pk, NONE, ROOM)],
            actor=room.called.officer,
            key=uuid.uuid4(),
        )
        assert [one.now for one in refused] == [EXCUSED]
        assert rows() == [("BB", None, "excused", ""), ("AA", "Ms Zahead", "present", "in_the_room")]


@pytest.mark.django_db
def test_the_public_record_counts_a_participant_once_and_present_by_any_of_its_people(room: Room) -> None:
    room.tick(EXCUSED)
    room.tick(ABSENT, delegate=room.head)
    room.tick(ROOM, delegate=room.adviser)
    room.tick(ABSENT, of=1)
    room.tick(EXCUSED, of=2)
    found = attendance_of(room.called.meeting, set())
    assert found["counts"] == "1 State"
    assert [row["name"] for row in found["first"]["rows"]] == ["Aland"]
    assert found["excused"] == str(room.called.states[2])


@pytest.fixture
def committed(transactional_db: None) -> Room:
    return Room(CalledStage())


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Two officers change the same line at once: the one waits for the other, and is told."""

    def run(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        room.tick(ROOM)
        reached, go_on = threading.Event(), threading.Event()
        first_thread: list[int] = []

        def slow() -> Any:
            if not first_thread:
                first_thread.append(threading.get_ident())
                reached.set()
                go_on.wait(10)
            return clock()

        monkeypatch.setattr(roll, "clock", slow)
        first, one = in_thread(lambda: room.tick(EXCUSED, ROOM))
        assert reached.wait(10)
        second, other = in_thread(lambda: room.tick(REMOTE, ROOM, by=room.called.manager))
        waits_or_ends(second)
        go_on.set()
        first.join(10)
        second.join(10)
        return [*one, *other]

    def test_the_second_waits_and_is_told(self, committed: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = self.run(committed, monkeypatch)
        assert first == EXCUSED
        assert isinstance(second, TickRefused)
        assert rows() == [("AA", None, "excused", "")]

    def test_twin_without_the_lock_the_tick_of_one_is_lost(
        self, committed: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(roll, "hold_line", lambda *_: None)
        assert self.run(committed, monkeypatch) == [EXCUSED, REMOTE]
        assert len(rows()) == 1

    def test_lines_of_their_own_run_side_by_side(self, committed: Room) -> None:
        with transaction.atomic():
            roll._held("called", committed.session.pk)
            thread, found = in_thread(lambda: committed.tick(ROOM, of=1))
            thread.join(10)
            assert found == [ROOM]

    def test_twin_whole_row_save_loses_the_tick_of_another(self, committed: Room) -> None:
        """As a form would that writes all it shows: the tick made in the meantime is gone."""
        shown = {state.pk: NONE for state in committed.called.states}
        committed.tick(EXCUSED, by=committed.called.manager)
        mine = {**shown, committed.called.states[1].pk: ROOM}
        Attendance.objects.filter(session=committed.session).delete()
        Attendance.objects.bulk_create(
            Attendance(session=committed.session, participant_id=pk, capacity="member")
            for pk, mark in mine.items()
            if mark == ROOM
        )
        assert ("AA", None, "excused", "") not in rows()


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_a_tick_under_way(committed: Room) -> None:
    with transaction.atomic():
        roll._held("called", committed.session.pk)
        thread, found = in_thread(
            lambda: services.close_meeting("called", actor=committed.called.officer, key=uuid.uuid4())
        )
        waits_or_ends(thread)
        assert thread.is_alive()
        assert found == []
    thread.join(10)
    assert found[0].state == "closed"

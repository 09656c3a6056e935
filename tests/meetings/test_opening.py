"""A meeting is opened, closed, taken back; its sessions are added, changed, removed. On refusal nothing at all."""

import datetime as dt
import uuid
from typing import Any

import pytest

from audit.models import AuditEntry
from meetings import services
from meetings.models import Attendance, Meeting, Session
from meetings.services import SessionPlan
from members.models import User
from members.rules import NotAllowed
from members.services import end_appointment
from tests.factories.called import DAY, CalledStage

pytestmark = pytest.mark.django_db
NINE, TEN, NOON = dt.time(9), dt.time(10), dt.time(12, 30)


def opened(called: CalledStage, key: uuid.UUID | None = None, by: User | None = None) -> Meeting:
    return services.open_meeting("called", actor=by or called.officer, key=key or uuid.uuid4())


def plan(called: CalledStage, **values: Any) -> SessionPlan:
    first = called.meeting.earliest_on
    return SessionPlan(**{"title": "Session 1", "day": first, "starts": NINE, "ends": NOON, **values})


def save(called: CalledStage, pk: int | None = None, **values: Any) -> Session:
    return services.save_session("called", plan(called, **values), pk=pk, actor=called.officer, key=uuid.uuid4())


def standing() -> list[object]:
    return [
        list(Meeting.objects.values_list("state", flat=True)),
        list(Session.objects.values()),
        AuditEntry.objects.count(),
    ]


class TestOpening:
    def test_opens_with_a_session_named_meeting(self, called: CalledStage) -> None:
        called.invited()
        assert opened(called).state == "in_session"
        assert list(Session.objects.values_list("title", "position")) == [("Meeting", 0)]
        entry = AuditEntry.objects.get(action="meeting.opened")
        assert entry.detail == {"from": "invited", "to": "in_session"}
        assert entry.actor_id == called.officer.pk

    def test_keeps_the_sessions_that_are_planned(self, called: CalledStage) -> None:
        called.invited()
        save(called)
        opened(called)
        assert Session.objects.get().title == "Session 1"

    def test_sent_twice_it_is_one_deed(self, called: CalledStage) -> None:
        called.invited()
        key = uuid.uuid4()
        opened(called, key)
        opened(called, key)
        assert AuditEntry.objects.filter(action="meeting.opened").count() == 1
        assert Session.objects.count() == 1

    def test_refuses_before_the_invitation_and_a_second_time(self, called: CalledStage) -> None:
        assert called.meeting.state == "planned"
        before = standing()
        with pytest.raises(NotAllowed, match="invitation went out"):
            opened(called)
        assert standing() == before
        called.invited()
        opened(called)
        before = standing()
        with pytest.raises(NotAllowed):
            opened(called)
        assert standing() == before

    def test_refuses_who_is_not_in_office_any_more(self, called: CalledStage) -> None:
        called.invited()
        end_appointment(called.officer.appointments.get().pk, actor=None, reason="Moved")
        before = standing()
        with pytest.raises(NotAllowed, match="has ended"):
            opened(called)
        assert standing() == before

    def test_closes_and_goes_back_step_by_step_with_reasons(self, called: CalledStage) -> None:
        called.invited()
        opened(called)
        services.close_meeting("called", actor=called.officer, key=uuid.uuid4())
        for state, reason in [("in_session", "Closed too soon."), ("invited", "Opened by mistake.")]:
            services.step_meeting_back("called", reason=f" {reason} ", actor=called.officer, key=uuid.uuid4())
            assert Meeting.objects.get().state == state
            assert AuditEntry.objects.filter(action="meeting.stepped_back").latest("pk").detail["reason"] == reason
        with pytest.raises(NotAllowed, match="no step to go back"):
            services.step_meeting_back("called", reason="Once more.", actor=called.officer, key=uuid.uuid4())

    def test_a_step_back_without_a_reason_changes_nothing(self, called: CalledStage) -> None:
        called.invited()
        opened(called)
        before = standing()
        with pytest.raises(NotAllowed, match="without a reason"):
            services.step_meeting_back("called", reason=" ", actor=called.officer, key=uuid.uuid4())
        assert standing() == before


class TestSessions:
    def test_stand_in_the_order_of_their_times(self, called: CalledStage) -> None:
        second = save(called, title="Session 2", starts=dt.time(14), ends=dt.time(17))
        save(called)
        save(called, title="Session 3", day=called.meeting.latest_on)
        assert list(Session.objects.values_list("title", flat=True)) == ["Session 1", "Session 2", "Session 3"]
        save(called, pk=second.pk, title="Early session", starts=dt.time(7), ends=dt.time(8))
        assert list(Session.objects.values_list("title", "position")) == [
            ("Early session", 0), ("Session 1", 1), ("Session 3", 2),
        ]  # fmt: skip

    def test_times_are_on_the_clock_of_the_meeting(self, called: CalledStage) -> None:
        Meeting.objects.filter(pk=called.meeting.pk).update(time_zone="Pacific/Auckland")
        made = save(called)
        assert made.starts_at is not None
        assert made.starts_at.utcoffset() in {dt.timedelta(hours=12), dt.timedelta(hours=13)}

    @pytest.mark.parametrize(
        ("values", "field"), [({"ends": NINE}, "ends"), ({"ends": dt.time(8)}, "ends"), ({"day": None}, "day")]
    )
    def test_refuses_at_its_field(self, called: CalledStage, values: dict[str, Any], field: str) -> None:
        after = called.meeting.latest_on + DAY
        given = {"day": after} if "day" in values else values
        before = standing()
        with pytest.raises(NotAllowed) as refused:
            save(called, **given)
        assert refused.value.field == field
        assert standing() == before

    def test_is_removed_unless_attendance_is_on_record(self, called: CalledStage) -> None:
        kept, gone = save(called), save(called, title="Session 2", starts=dt.time(14), ends=dt.time(17))
        Attendance.objects.create(session=kept, participant=called.states[0], capacity="member")
        services.remove_session("called", gone.pk, actor=called.officer, key=uuid.uuid4())
        before = standing()
        with pytest.raises(NotAllowed, match="Attendance is on record"):
            services.remove_session("called", kept.pk, actor=called.officer, key=uuid.uuid4())
        assert standing() == before
        assert Session.objects.get() == kept

    def test_the_last_one_of_a_meeting_in_session_stays(self, called: CalledStage) -> None:
        called.invited()
        opened(called)
        with pytest.raises(NotAllowed, match="one session at least"):
            services.remove_session("called", Session.objects.get().pk, actor=called.officer, key=uuid.uuid4())

    def test_of_a_closed_meeting_stay_as_they_are(self, called: CalledStage) -> None:
        called.invited()
        opened(called)
        services.close_meeting("called", actor=called.officer, key=uuid.uuid4())
        with pytest.raises(NotAllowed, match="can not be changed"):
            save(called)

    def test_one_that_is_gone_is_said(self, called: CalledStage) -> None:
        with pytest.raises(NotAllowed, match="removed in the meantime"):
            save(called, pk=999_999)

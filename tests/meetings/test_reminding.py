"""Reminders of invitations and papers: who, once, in civil hours, found by what is due."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest

from audit.models import AuditEntry
from meetings import services
from meetings.models import Meeting, MeetingInvitation, PaperRequest
from meetings.services import Paper, reminding
from meetings.tasks import remind_of_meetings
from members.clock import clock
from members.rules import NotAllowed
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_reminders import move_everyone, zone_where_it_is
from tests.factories.called import COMES, DAY, MAY_ANSWER, STAYS, CalledStage
from tests.meetings.races import without_lock
from tests.races import in_thread, waits_or_ends

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
REMINDED = MAY_ANSWER | {"ministry@aa.example"}


def due(called: CalledStage, *, hours: int = 24, ago: dt.timedelta = MINUTE, hour: int = 12) -> None:
    """An invitation whose reminder of `hours` before was due this long ago, at this hour of everyone's day."""
    called.invited()
    move_everyone(zone_where_it_is(hour))
    now = clock()
    MeetingInvitation.objects.update(
        sent_at=now - 10 * DAY, answer_by=now + dt.timedelta(hours=hours) - ago, remind_at=now - MINUTE
    )


def asked_paper(called: CalledStage) -> PaperRequest:
    paper = Paper(called.states[0], "How contact points work", clock().date() + 20 * DAY)
    return services.ask_paper(called.meeting.slug, paper, actor=called.officer, key=uuid.uuid4())


def due_paper(called: CalledStage, *, hours: int = 24) -> PaperRequest:
    made = asked_paper(called)
    move_everyone(zone_where_it_is(12))
    now = clock()
    PaperRequest.objects.update(
        asked_at=now - 10 * DAY, due_at=now + dt.timedelta(hours=hours) - MINUTE, remind_at=now - MINUTE
    )
    return made


def reminded(kind: Kind = Kind.MEETING_REMINDER) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind.value).values_list("address", flat=True))


@pytest.mark.django_db
class TestInvitations:
    @pytest.mark.parametrize(("hours", "is_last"), [(168, False), (48, False), (24, True)])
    def test_each_reminder_goes_to_those_without_an_answer(
        self, hours: int, is_last: bool, called: CalledStage
    ) -> None:
        due(called, hours=hours)
        assert services.remind_due() == len(REMINDED)
        assert set(reminded()) == REMINDED
        subjects = Notice.objects.filter(kind=Kind.MEETING_REMINDER.value).values_list("subject", flat=True)
        assert all(one.startswith("Last reminder") is is_last for one in subjects)
        entry = AuditEntry.objects.get(action="meeting.told", detail__kind=Kind.MEETING_REMINDER.value)
        assert entry.detail["count"] == len(REMINDED)

    def test_who_answered_is_not_reminded(self, called: CalledStage) -> None:
        due(called)
        called.answers(COMES)
        called.answers(STAYS, of=called.states[1], by=called.other)
        services.remind_due()
        assert set(reminded()) == {"focal.cc@members.example", "focal.org@members.example", "observer@members.example"}

    def test_late_and_twice_changes_nothing_more(self, called: CalledStage) -> None:
        due(called, ago=HOUR)
        remind_of_meetings()
        MeetingInvitation.objects.update(remind_at=clock())
        remind_of_meetings()
        remind_of_meetings()
        assert reminded() == sorted(REMINDED)

    @pytest.mark.parametrize("values", [{"state": "cancelled"}, {"state": "postponed"}, {"state": "in_session"}])
    def test_nobody_is_reminded_in_another_state(self, values: dict[str, str], called: CalledStage) -> None:
        due(called)
        Meeting.objects.update(**values)
        assert services.remind_due() == 0

    def test_nobody_is_reminded_from_the_date_on_or_before_it_is_due(self, called: CalledStage) -> None:
        due(called)
        MeetingInvitation.objects.update(answer_by=clock())
        assert services.remind_due() == 0
        assert reminding.remind_of_invitation("called") == 0
        MeetingInvitation.objects.update(answer_by=clock() + 9 * DAY)
        assert services.remind_due() == 0
        assert MeetingInvitation.objects.get().remind_at > clock()  # type: ignore[operator]

    def test_very_late_at_night_waits_for_the_morning(self, called: CalledStage) -> None:
        due(called, ago=5 * HOUR, hour=2)
        assert services.remind_due() == 0
        waits = MeetingInvitation.objects.get().remind_at
        assert waits is not None
        assert clock() < waits < clock() + 8 * HOUR

    def test_the_invitation_knows_when_the_first_is_due(self, called: CalledStage) -> None:
        called.invited()
        invitation = MeetingInvitation.objects.get()
        assert invitation.remind_at is not None
        assert dt.timedelta(days=6) < invitation.answer_by - invitation.remind_at < dt.timedelta(days=9)

    def test_without_reminders_there_is_no_look(self, called: CalledStage) -> None:
        called.invited(reminder_hours=[])
        assert MeetingInvitation.objects.get().remind_at is None
        assert services.remind_due() == 0


@pytest.mark.django_db
class TestPapers:
    def test_asked_tells_the_participant_and_asks_who_speaks(self, called: CalledStage) -> None:
        asked_paper(called)
        rows = Notice.objects.filter(kind=Kind.PAPER_ASKED.value)
        assert {one.address for one in rows if one.needs_answer} == {
            "focal.aa@members.example",
            "alternate.aa@members.example",
        }
        assert {one.address for one in rows if not one.needs_answer} == {
            "reviewer.aa@members.example",
            "ministry@aa.example",
        }
        entry = AuditEntry.objects.get(action="paper.asked")
        assert entry.detail["title"] == "How contact points work"

    def test_reminds_until_it_came(self, called: CalledStage) -> None:
        made = due_paper(called)
        assert services.remind_due() == 3
        PaperRequest.objects.update(remind_at=clock())
        assert services.remind_due() == 0
        services.receive_paper("called", made.pk, actor=called.officer, key=uuid.uuid4())
        Notice.objects.filter(kind=Kind.PAPER_REMINDER.value).delete()
        PaperRequest.objects.update(remind_at=clock())
        assert services.remind_due() == 0

    def test_received_settles_what_asked(self, called: CalledStage) -> None:
        made = asked_paper(called)
        services.receive_paper("called", made.pk, actor=called.manager, key=uuid.uuid4())
        made.refresh_from_db()
        assert (made.received_by, made.remind_at) == (called.manager, None)
        assert not Notice.objects.filter(needs_answer=True, settled_at__isnull=True).exists()
        assert AuditEntry.objects.filter(action="paper.received").count() == 1
        with pytest.raises(NotAllowed, match="already"):
            services.receive_paper("called", made.pk, actor=called.manager, key=uuid.uuid4())

    def test_refused_with_nothing_left_behind(self, called: CalledStage) -> None:
        asked_paper(called)
        before = (PaperRequest.objects.count(), Notice.objects.count(), AuditEntry.objects.count())
        ahead = clock().date() + 20 * DAY
        for paper, actor, words in [
            (Paper(called.states[0], "HOW contact  points work", ahead), called.officer, "already"),
            (Paper(called.states[0], "Another", clock().date() - DAY), called.officer, "not ahead"),
            (Paper(called.states[0], "Another", ahead), called.focal_point, "Your post"),
        ]:
            with pytest.raises(NotAllowed, match=words):
                services.ask_paper("called", paper, actor=actor, key=uuid.uuid4())
        Meeting.objects.update(state="cancelled")
        with pytest.raises(NotAllowed, match="not ahead"):
            services.ask_paper("called", Paper(called.states[0], "New", ahead), actor=called.officer, key=uuid.uuid4())
        assert (PaperRequest.objects.count(), Notice.objects.count(), AuditEntry.objects.count()) == before


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def called(self, transactional_db: None) -> CalledStage:
        return CalledStage()

    def _two_schedulers(self, called: CalledStage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The second looks while the first is about to commit; who was reminded."""
        due(called)
        first, go, real = threading.Event(), threading.Event(), reminding._next

        def slow(*args: Any) -> dt.datetime | None:
            if not first.is_set():
                first.set()
                go.wait(10)
            return real(*args)

        monkeypatch.setattr(reminding, "_next", slow)
        one, made = in_thread(services.remind_due)
        assert first.wait(10)
        two, made_too = in_thread(services.remind_due)
        waits_or_ends(two)
        go.set()
        one.join()
        two.join()
        assert all(isinstance(count, int) for count in [*made, *made_too]), (made, made_too)
        return reminded()

    def test_two_schedulers_at_once_remind_once(self, called: CalledStage, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self._two_schedulers(called, monkeypatch) == sorted(REMINDED)

    def test_the_event_alone_would_do(self, called: CalledStage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reminding, "lock_meeting", without_lock)
        assert self._two_schedulers(called, monkeypatch) == sorted(REMINDED)

    def test_twin_without_lock_and_event_everyone_is_reminded_twice(
        self, called: CalledStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reminding, "lock_meeting", without_lock)
        real = reminding._registration

        def without_event(*args: Any) -> Any:
            found = real(*args)
            return type(found)(
                found.subject, found.opened_at, found.expires_at, found.hours, lambda h: str(uuid.uuid4())
            )

        monkeypatch.setattr(reminding, "_registration", without_event)
        assert self._two_schedulers(called, monkeypatch) == sorted([*REMINDED, *REMINDED])

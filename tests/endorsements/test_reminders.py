"""Reminders of a circulation: who, when, once. The hour of the day comes from the reader's zone and is not faked."""

import datetime as dt
import json
import time
import uuid
from typing import Any

import pytest

from endorsements import services
from endorsements.enums import Act, PositionKind, State
from endorsements.models import Circulation, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import reminding
from endorsements.tasks import remind_due_circulations
from members.clock import clock
from members.enums import Role
from members.models import Participant, User
from members.services import end_appointment
from notifications.enums import Kind
from notifications.models import Notice
from tests.factories.circulations import Stage

SPEAKERS = {
    "focal.aa@members.example",
    "alternate.aa@members.example",
    "ministry@aa.example",
    "focal.bb@members.example",
    "focal.cc@members.example",
}
"""Who is reminded when nobody has replied: no reviewer, no organisation, no observer."""


def zone_where_it_is(hour: int) -> str:
    """A zone in which it is this hour of the day, some minute of it, at this moment."""
    ahead = (hour - clock().hour) % 24
    ahead -= 24 if ahead > 14 else 0
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def move_everyone(zone: str) -> None:
    """All people and places read on the clock of this zone."""
    Participant.objects.update(time_zone=zone)
    User.objects.update(time_zone="")


def running(
    stage: Stage, *, due: dt.timedelta = dt.timedelta(minutes=1), hours: int = 4, **columns: Any
) -> Circulation:
    """An open circulation whose reminder of `hours` before the deadline was due this long ago, at about noon."""
    circulation = stage.opened()
    move_everyone(zone_where_it_is(12))
    now = clock()
    values = {
        "opened_at": now - dt.timedelta(days=8),
        "expires_at": now + dt.timedelta(hours=hours) - due,
        "reminder_hours": [168, 48, 24, 4],
        "remind_at": now,
        **columns,
    }
    Circulation.objects.filter(pk=circulation.pk).update(**values)
    circulation.refresh_from_db()
    return circulation


def reminded() -> list[str]:
    rows = Notice.objects.filter(kind=Kind.CIRCULATION_REMINDER.value).order_by("pk")
    return list(rows.values_list("address", flat=True))


def said_to_be_last() -> int:
    rows = Notice.objects.filter(kind=Kind.CIRCULATION_REMINDER.value)
    return sum(one.subject.startswith("Last reminder") and "This is the last reminder." in one.body for one in rows)


def rounds(circulation: Circulation) -> list[dict[str, Any]]:
    rows = RegisterEntry.objects.filter(circulation=circulation, act=Act.NOTICES).order_by("seq")
    facts = [json.loads(row.content)["facts"] for row in rows]
    return [one for one in facts if one["kind"] == Kind.CIRCULATION_REMINDER]


@pytest.mark.django_db
class TestWho:
    def test_those_who_may_reply_and_have_not_and_their_official_addresses(self, stage: Stage) -> None:
        circulation = running(stage)
        assert services.remind_due() == len(SPEAKERS)
        assert set(reminded()) == SPEAKERS
        assert len(reminded()) == len(SPEAKERS)
        notice = Notice.objects.filter(kind=Kind.CIRCULATION_REMINDER.value, user=stage.other).get()
        assert notice.event == f"circulation.reminder:{circulation.pk}:{circulation.expires_at:%Y%m%dT%H%M%S}:4"
        assert notice.answer_by == circulation.expires_at
        found = rounds(circulation)
        assert [one["count"] for one in found] == [len(SPEAKERS)]

    def test_who_is_asked_sees_it_among_what_needs_an_answer(self, stage: Stage) -> None:
        running(stage)
        services.remind_due()
        rows = Notice.objects.filter(kind=Kind.CIRCULATION_REMINDER.value)
        asked = set(rows.filter(needs_answer=True).values_list("address", flat=True))
        assert asked == SPEAKERS - {"ministry@aa.example"}

    def test_a_participant_that_replied_is_not_reminded_whatever_it_said(self, stage: Stage) -> None:
        circulation = running(stage)
        stage.reply(circulation, PositionKind.MORE_TIME)
        services.remind_due()
        assert set(reminded()) == {"focal.bb@members.example", "focal.cc@members.example"}

    def test_of_a_vacant_participant_its_official_address_is_reminded(self, stage: Stage) -> None:
        for person in (stage.focal_point, stage.alternate, stage.third):
            end_appointment(person.appointments.get().pk, actor=stage.officer, reason="Left")
        running(stage)
        services.remind_due()
        assert set(reminded()) == {"ministry@aa.example", "focal.bb@members.example"}

    def test_a_focal_point_of_two_is_reminded_for_the_one_that_has_not_replied(self, stage: Stage) -> None:
        from tests.factories.directory import AppointmentFactory

        AppointmentFactory(user=stage.focal_point, role=Role.FOCAL_POINT.value, participant=stage.states[2])
        circulation = running(stage)
        stage.reply(circulation, PositionKind.ENDORSE)
        services.remind_due()
        rows = Notice.objects.filter(kind=Kind.CIRCULATION_REMINDER.value, user=stage.focal_point)
        assert list(rows.values_list("participant_code", flat=True)) == ["CC"]

    def test_a_new_focal_point_is_reminded_at_the_next_look(self, stage: Stage) -> None:
        circulation = running(stage)
        services.remind_due()
        stage.person("second.cc", Role.ALTERNATE, stage.states[2])
        Circulation.objects.filter(pk=circulation.pk).update(remind_at=clock())
        assert services.remind_due() == 1
        assert reminded()[-1] == "second.cc@members.example"

    def test_the_text_says_when_it_is_the_last(self, stage: Stage) -> None:
        circulation = running(stage, hours=24)
        services.remind_due()
        assert not said_to_be_last()
        later = circulation.expires_at - dt.timedelta(hours=20)
        Circulation.objects.filter(pk=circulation.pk).update(expires_at=later, remind_at=clock())
        services.remind_due()
        assert said_to_be_last() == len(SPEAKERS)


@pytest.mark.django_db
class TestWhen:
    def test_opening_sets_the_next_look_before_the_first_reminder_in_any_zone(self, stage: Stage) -> None:
        circulation = stage.opened(seconds=20 * 86400)
        circulation.refresh_from_db()
        assert circulation.remind_at == reminding.next_look(circulation, circulation.opened_at)
        first = circulation.expires_at - dt.timedelta(hours=168)
        assert first - dt.timedelta(hours=14) <= circulation.remind_at <= first

    def test_a_circulation_of_seconds_reminds_nobody(self, stage: Stage) -> None:
        circulation = stage.opened(seconds=30)
        circulation.refresh_from_db()
        assert circulation.remind_at == circulation.expires_at
        assert services.remind_due() == 0

    def test_one_that_nobody_looked_at_is_looked_at(self, stage: Stage) -> None:
        """Opened before the portal knew reminders: the column is empty."""
        circulation = running(stage, remind_at=None)
        assert services.remind_due() == len(SPEAKERS)
        circulation.refresh_from_db()
        assert circulation.remind_at is not None

    def test_late_by_days_sends_the_newest_alone(self, stage: Stage) -> None:
        """Two were missed: nobody gets both."""
        running(stage, hours=24, due=dt.timedelta(hours=2))
        assert services.remind_due() == len(SPEAKERS)
        assert {event.rpartition(":")[2] for event in events()} == {"24"}

    @pytest.mark.parametrize("late", [0, 3600, 5 * 3600])
    def test_late_or_not_the_same_mails_go_once(self, stage: Stage, late: int) -> None:
        circulation = running(stage, hours=24, due=dt.timedelta(seconds=late))
        for _ in range(3):
            Circulation.objects.filter(pk=circulation.pk).update(remind_at=clock())
            services.remind_due()
        assert sorted(reminded()) == sorted(SPEAKERS)
        assert len(rounds(circulation)) == 1

    def test_each_in_the_own_hours(self, stage: Stage) -> None:
        """Meant for a minute ago: who works now gets it now, who sleeps got it the evening before, so it is late and
        waits for the morning; who has a clock three hours back from midnight gets it when it is due."""
        circulation = running(stage, hours=24, due=dt.timedelta(minutes=1))
        night = zone_where_it_is(3)
        Participant.objects.filter(code="BB").update(time_zone=night)
        assert services.remind_due() == len(SPEAKERS) - 1
        assert "focal.bb@members.example" not in reminded()
        circulation.refresh_from_db()
        assert circulation.remind_at is not None
        wait = circulation.remind_at - clock()
        assert dt.timedelta(0) < wait <= dt.timedelta(hours=5), "looks again when it is eight there"
        assert Notice.objects.filter(event__endswith=":24").count() == len(SPEAKERS) - 1

    def test_a_persons_own_zone_goes_before_the_participants(self, stage: Stage) -> None:
        running(stage, hours=24)
        User.objects.filter(pk=stage.focal_point.pk).update(time_zone=zone_where_it_is(2))
        services.remind_due()
        assert set(reminded()) == SPEAKERS - {"focal.aa@members.example"}

    def test_an_evening_reminder_does_not_come_again_when_meant(self, stage: Stage) -> None:
        """Due at 18:00 in its place though meant for later: it goes then, and not again."""
        circulation = running(stage, hours=24, due=-dt.timedelta(hours=1))
        move_everyone(zone_where_it_is(18))
        assert services.remind_due() == len(SPEAKERS)
        Circulation.objects.filter(pk=circulation.pk).update(
            remind_at=clock(),
            expires_at=circulation.expires_at,
        )
        assert services.remind_due() == 0

    def test_a_deadline_that_moves_starts_anew(self, stage: Stage) -> None:
        circulation = running(stage)
        services.remind_due()
        later = circulation.expires_at + dt.timedelta(hours=44)
        Circulation.objects.filter(pk=circulation.pk).update(expires_at=later, remind_at=clock())
        assert services.remind_due() == len(SPEAKERS)
        assert len(set(events())) == 2

    def test_nothing_after_the_deadline_though_no_task_has_closed_it(self, stage: Stage) -> None:
        circulation = running(stage, expires_at=clock() - dt.timedelta(seconds=1))
        assert services.remind_due() == 0
        assert reminding.remind_circulation(circulation.ref) == 0
        assert reminded() == []

    def test_nothing_when_silence_was_broken(self, stage: Stage) -> None:
        circulation = running(stage)
        stage.reply(circulation, PositionKind.OBJECTION)
        circulation.refresh_from_db()
        assert (circulation.state, circulation.remind_at) == (State.BROKEN, None)
        assert services.remind_due() == 0

    def test_a_round_without_anyone_leaves_no_entry(self, stage: Stage) -> None:
        circulation = running(stage, reminder_hours=[])
        assert services.remind_due() == 0
        circulation.refresh_from_db()
        assert circulation.remind_at == circulation.expires_at
        assert rounds(circulation) == []

    def test_the_task_is_the_wake_up_call(self, stage: Stage) -> None:
        running(stage)
        remind_due_circulations()
        assert sorted(reminded()) == sorted(SPEAKERS)

    def test_queries_do_not_grow_with_the_people(self, stage: Stage, django_assert_num_queries: Any) -> None:
        circulation = running(stage)
        with django_assert_num_queries(22):
            reminding.remind_circulation(circulation.ref)
        for number in range(9):
            stage.person(f"more{number}", Role.ALTERNATE, stage.states[number % 3])
        Circulation.objects.filter(pk=circulation.pk).update(remind_at=clock())
        with django_assert_num_queries(22):
            assert reminding.remind_circulation(circulation.ref) == 9

    def test_a_tick_is_short_when_a_thousand_run_and_nothing_is_due(self, stage: Stage) -> None:
        circulation = running(stage, remind_at=clock() + dt.timedelta(hours=1))
        values = {field.attname: getattr(circulation, field.attname) for field in Circulation._meta.local_fields}
        del values["id"]
        versions = copies_of_version(circulation, 1000)
        Circulation.objects.bulk_create(
            Circulation(**{**values, "ref": f"copy-{number}", "version_id": pk}) for number, pk in enumerate(versions)
        )
        begun = time.monotonic()
        assert services.remind_due() == 0
        assert time.monotonic() - begun < 1


def copies_of_version(circulation: Circulation, count: int) -> list[int]:
    """A version is in one running circulation at a time, so each copy needs its own."""
    from documents.models import Version

    fields = {one.attname: getattr(circulation.version, one.attname) for one in Version._meta.local_fields}
    del fields["id"]
    made = Version.objects.bulk_create(Version(**{**fields, "number": number}) for number in range(100, 100 + count))
    return [one.pk for one in made]


def events() -> list[str]:
    rows = Notice.objects.filter(kind=Kind.CIRCULATION_REMINDER.value)
    return list(rows.order_by("pk").values_list("event", flat=True).distinct())


@pytest.mark.django_db
class TestByAnOfficer:
    def test_some_are_reminded_at_once_and_the_round_says_who_asked(self, stage: Stage) -> None:
        circulation = running(stage)
        move_everyone(zone_where_it_is(3))
        made = services.remind_now(circulation.ref, ["AA", "BB"], actor=stage.officer, key=uuid.uuid4())
        assert made == 4
        assert set(reminded()) == SPEAKERS - {"focal.cc@members.example"}
        assert [one["count"] for one in rounds(circulation)] == [4]
        entry = RegisterEntry.objects.filter(circulation=circulation, act=Act.NOTICES).order_by("-seq").first()
        assert entry is not None
        assert entry.actor.user == stage.officer

    def test_the_same_submission_twice_reminds_once(self, stage: Stage) -> None:
        circulation, key = running(stage), uuid.uuid4()
        first = services.remind_now(circulation.ref, ["BB"], actor=stage.officer, key=key)
        assert services.remind_now(circulation.ref, ["BB"], actor=stage.officer, key=key) == first == 1
        assert len(reminded()) == 1

    def test_who_replied_meanwhile_is_left_out(self, stage: Stage) -> None:
        circulation = running(stage)
        stage.reply(circulation, PositionKind.ENDORSE, by=stage.other, of=stage.states[1])
        services.remind_now(circulation.ref, ["BB", "CC"], actor=stage.officer, key=uuid.uuid4())
        assert reminded() == ["focal.cc@members.example"]

    def test_refused_with_nothing_left_behind(self, stage: Stage) -> None:
        circulation = running(stage)
        stage.reply(circulation, PositionKind.ENDORSE, by=stage.other, of=stage.states[1])
        end_appointment(stage.officer.appointments.get().pk, actor=stage.manager, reason="Left")
        before = RegisterEntry.objects.count()
        for actor, codes, sentence in [
            (stage.officer, ["CC"], "Your post in the secretariat has ended"),
            (stage.focal_point, ["CC"], "Your post in the secretariat has ended"),
            (stage.manager, ["BB"], "have replied meanwhile"),
            (stage.manager, ["ORG", "OO", ""], "have replied meanwhile"),
        ]:
            with pytest.raises(NotAllowed, match=sentence):
                services.remind_now(circulation.ref, codes, actor=actor, key=uuid.uuid4())
        Circulation.objects.filter(pk=circulation.pk).update(expires_at=clock())
        with pytest.raises(NotAllowed, match="takes no replies any more"):
            services.remind_now(circulation.ref, ["CC"], actor=stage.manager, key=uuid.uuid4())
        assert (reminded(), RegisterEntry.objects.count()) == ([], before)

"""The end: by the rule, once, and only the truth in it. The deadline passes by the database's own clock."""

import json
import threading
import time
import uuid
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from decisions.models import Outcome
from endorsements import positions, services
from endorsements.enums import Act, PositionKind, State, Timing
from endorsements.models import Circulation, Position, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import Reply, replies
from members.clock import clock
from members.services import end_appointment
from notifications.enums import NoticeState
from notifications.models import Notice
from tests.factories.circulations import Stage
from tests.races import in_thread, waits_for_a_lock


def accept_all(*, but: str = "") -> None:
    """As if the mail server took every notice at once, however slow this machine is; save those for one participant."""
    told = Notice.objects.exclude(participant_code=but or "-")
    told.update(state=NoticeState.ACCEPTED.value, accepted_at=F("queued_at"))


def expire(circulation: Circulation) -> None:
    """Wait until the database's clock has passed the deadline."""
    while (left := (circulation.expires_at - clock()).total_seconds()) > 0:
        time.sleep(left)


def short(stage: Stage, seconds: float = 1.0) -> Circulation:
    stage.terms = {"min_seconds": 0, **stage.terms}
    return stage.opened(seconds=seconds)


@pytest.mark.django_db
class TestEndings:
    @pytest.fixture
    def stage(self, db: None) -> Stage:
        return Stage()

    def test_silence_endorses_and_writes_one_outcome_with_a_number(self, stage: Stage) -> None:
        circulation = short(stage)
        stage.reply(circulation, PositionKind.ENDORSE)
        accept_all()
        expire(circulation)
        assert services.close_circulation(circulation.ref) is True
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED
        assert circulation.tally == {"endorsed": 1, "silent": 2, "not_eligible": 1}
        year = clock().year
        outcome = Outcome.objects.get()
        assert (outcome.number, outcome.verb.word) == (f"HF/INT/{year}/1", "endorsed")
        stage.version.document.refresh_from_db()
        assert stage.version.document.state == "endorsed"
        acts = list(RegisterEntry.objects.order_by("seq").values_list("act", flat=True))
        assert acts == [Act.OPENED, Act.NOTICES, Act.POSITION, Act.ENDED, Act.NOTICES]
        ended = json.loads(RegisterEntry.objects.get(act=Act.ENDED).content)["facts"]
        assert ended == {"number": outcome.number, "state": "endorsed", "tally": circulation.tally}

    def test_closing_twice_changes_nothing_more(self, stage: Stage) -> None:
        circulation = short(stage)
        accept_all()
        expire(circulation)
        services.close_circulation(circulation.ref)
        before = (RegisterEntry.objects.count(), Notice.objects.count(), Outcome.objects.count())
        assert services.close_circulation(circulation.ref) is False
        assert services.close_due_circulations() == 0
        assert (RegisterEntry.objects.count(), Notice.objects.count(), Outcome.objects.count()) == before

    def test_closing_before_the_deadline_is_refused(self, stage: Stage) -> None:
        circulation = stage.opened()
        with pytest.raises(NotAllowed, match="not passed yet"):
            services.close_circulation(circulation.ref)

    def test_close_due_circulations_finds_what_is_due_and_nothing_else(self, stage: Stage) -> None:
        circulation = short(stage)
        accept_all()
        assert services.close_due_circulations() == 0
        expire(circulation)
        assert services.close_due_circulations() == 1

    def test_proposals_endorse_with_proposals(self, stage: Stage) -> None:
        circulation = short(stage)
        stage.reply(circulation, PositionKind.ENDORSE_WITH_PROPOSALS)
        accept_all()
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED_WITH_PROPOSALS
        assert Outcome.objects.get().verb.word == "endorsed with proposals"

    def test_objection_withdrawn_in_time_does_not_stop_it(self, stage: Stage) -> None:
        stage.terms = {"stops_at_once": False}
        circulation = short(stage, 0.8)
        stage.reply(circulation, PositionKind.OBJECTION)
        stage.reply(circulation, PositionKind.ENDORSE)
        accept_all()
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED

    def test_objection_judged_at_the_deadline_stops_it_without_a_number(self, stage: Stage) -> None:
        stage.terms = {"stops_at_once": False}
        circulation = short(stage, 0.8)
        stage.reply(circulation, PositionKind.OBJECTION)
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert (circulation.state, Outcome.objects.count()) == (State.BROKEN, 0)

    def test_a_participant_not_reached_makes_it_wait_for_the_co_chair(self, stage: Stage) -> None:
        circulation = short(stage)
        accept_all(but="BB")
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.WAITING
        assert circulation.tally == {"no_reply": 2, "not_reached": 1, "not_eligible": 1}
        assert not Outcome.objects.exists()
        stage.version.document.refresh_from_db()
        assert stage.version.document.state == "circulated"
        assert RegisterEntry.objects.filter(act=Act.WAITING).count() == 1

    def test_opening_the_page_counts_as_reached(self, stage: Stage) -> None:
        from audit.services import record_access

        circulation = short(stage)
        accept_all(but="BB")
        record_access(stage.other, kind=positions.SUBJECT, ref=circulation.ref, on_behalf_of="BB")
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED

    def test_an_empty_desk_is_not_reached_though_its_mail_was_taken(self, stage: Stage) -> None:
        circulation = short(stage)
        accept_all()
        end_appointment(stage.third.appointments.get().pk, actor=stage.officer, reason="Left the ministry")
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.WAITING

    def test_who_answered_need_not_be_reached(self, stage: Stage) -> None:
        circulation = short(stage, 0.8)
        for person, state in zip([stage.focal_point, stage.other, stage.third], stage.states, strict=True):
            stage.reply(circulation, PositionKind.ENDORSE, by=person, of=state)
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED

    def test_reply_after_the_deadline_is_late_though_no_task_has_run(self, stage: Stage) -> None:
        circulation = short(stage)
        accept_all()
        expire(circulation)
        late = stage.reply(circulation, PositionKind.OBJECTION)
        assert (late.timing, positions.standing(circulation)) == (Timing.LATE, {})
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Two connections each; every test has a twin, in which the control is taken out and the harm happens."""

    @pytest.fixture
    def stage(self, transactional_db: None) -> Stage:
        return Stage()

    def _reply_held_up_past_the_deadline(self, stage: Stage) -> list[Any]:
        """A reply that comes in time to the lock and gets it after the deadline; what became of it."""
        circulation = short(stage, 1.0)
        raw = connection.get_new_connection(connection.get_connection_params())
        try:
            with raw.cursor() as cursor:
                cursor.execute("SELECT 1 FROM endorsements_circulation WHERE id = %s FOR UPDATE", [circulation.pk])
            thread, found = in_thread(lambda: stage.reply(circulation, PositionKind.OBJECTION))
            waits_for_a_lock()
            assert clock() < circulation.expires_at, "the reply must have been under way before the deadline"
            expire(circulation)
            raw.rollback()
        finally:
            raw.close()
        thread.join()
        return found

    def test_stamp_is_read_after_the_lock(self, stage: Stage) -> None:
        found = self._reply_held_up_past_the_deadline(stage)
        assert (found[0].timing, Circulation.objects.get().state) == (Timing.LATE, State.OPEN)

    def test_twin_clock_read_before_the_lock_lets_a_late_reply_in(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real_lock, stamps = replies.lock_circulation, threading.local()

        def clock_first(ref: str) -> Circulation:
            stamps.value = clock()
            return real_lock(ref)

        monkeypatch.setattr(replies, "lock_circulation", clock_first)
        monkeypatch.setattr(replies, "clock", lambda: stamps.value)
        found = self._reply_held_up_past_the_deadline(stage)
        assert (found[0].timing, Circulation.objects.get().state) == (Timing.IN_TIME, State.BROKEN)
        assert found[0].recorded_at < found[0].circulation.expires_at < clock()

    def _end_appointment_while_replying(self, stage: Stage) -> tuple[list[Any], list[Any]]:
        """The reply holds its appointment; ending it starts then. What became of the reply and of the ending."""
        circulation = stage.opened()
        appointment = stage.focal_point.appointments.get()
        held, go = threading.Event(), threading.Event()
        real = replies.write

        def slow(*args: Any, **kwargs: Any) -> Position:
            held.set()
            go.wait(10)
            return real(*args, **kwargs)

        replies.write, restore = slow, replies.write
        try:
            replying, position = in_thread(lambda: stage.reply(circulation, PositionKind.ENDORSE))
            held.wait(10)
            ending, ended = in_thread(lambda: end_appointment(appointment.pk, actor=stage.officer, reason="Moved"))
            ending.join(0.7)
            finished_first = not ending.is_alive()
            go.set()
            replying.join()
            ending.join()
        finally:
            replies.write = restore
        return [*position, finished_first], ended

    def test_ending_an_appointment_waits_for_the_reply_under_way(self, stage: Stage) -> None:
        (position, finished_first), ended = self._end_appointment_while_replying(stage)
        assert not finished_first
        assert position.recorded_at < ended[0].ends_at

    def test_twin_without_the_share_lock_a_reply_outlives_its_appointment(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from members.models import Appointment

        monkeypatch.setattr(
            replies,
            "hold_appointment",
            lambda actor, participant: Appointment.objects.select_related("user").get(
                user=actor, participant=participant
            ),
        )
        (position, finished_first), ended = self._end_appointment_while_replying(stage)
        assert finished_first
        committed_after_the_end = Position.objects.filter(pk=position.pk).exists() and ended[0].ends_at is not None
        assert committed_after_the_end

    def test_one_key_in_parallel_makes_one_position(self, stage: Stage) -> None:
        circulation, key = stage.opened(), uuid.uuid4()
        made = [in_thread(lambda: stage.reply(circulation, PositionKind.ENDORSE, key=key)) for _ in range(6)]
        for thread, _ in made:
            thread.join()
        assert {found[0].pk for _, found in made} == {Position.objects.get().pk}

    def test_twin_without_the_key_each_click_makes_a_position(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        circulation, key = stage.opened(), uuid.uuid4()
        monkeypatch.setattr(replies, "once", lambda *args, **kwargs: None)
        monkeypatch.setattr(replies, "done", lambda *args, **kwargs: None)
        made = [in_thread(lambda: stage.reply(circulation, PositionKind.ENDORSE, key=key)) for _ in range(3)]
        for thread, _ in made:
            thread.join()
        assert Position.objects.count() == 3

    def test_many_replies_at_once_keep_the_register_gapless(self, stage: Stage) -> None:
        circulation = stage.opened()
        people = [stage.focal_point, stage.alternate, stage.other, stage.third]
        states = [stage.states[0], stage.states[0], stage.states[1], stage.states[2]]
        made = [
            in_thread(
                lambda person=person, state=state: [
                    services.record_position(
                        circulation.ref,
                        Reply(PositionKind.ENDORSE),
                        participant=state,
                        actor=person,
                        key=uuid.uuid4(),
                    )
                    for _ in range(5)
                ]
            )
            for person, state in zip(people, states, strict=True)
        ]
        for thread, _ in made:
            thread.join()
        seqs = list(RegisterEntry.objects.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, 2 + 20 + 1))
        assert len(positions.standing(circulation)) == 3

    def test_two_closers_make_one_ending(self, stage: Stage) -> None:
        circulation = short(stage)
        accept_all()
        expire(circulation)
        made = [in_thread(lambda: services.close_circulation(circulation.ref)) for _ in range(3)]
        for thread, _ in made:
            thread.join()
        assert sorted(found[0] for _, found in made) == [False, False, True]
        assert RegisterEntry.objects.filter(act=Act.ENDED).count() == 1
        assert Outcome.objects.count() == 1

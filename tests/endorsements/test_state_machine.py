"""The real services beside a model of a page: any order of deeds gives the same state, positions, register, notices."""

import datetime as dt
import json
import uuid
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from decisions.enums import Standing
from decisions.models import Outcome
from endorsements import positions, services
from endorsements.chain import GENESIS, digest
from endorsements.enums import ON_THE_DRAFT, SUCCESSFUL, Act, PositionKind, State
from endorsements.models import Circulation, Position, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import Reply
from members.clock import clock
from members.services import end_appointment
from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from tests.conftest import FULL
from tests.endorsements.doubt_model import DoubtModel
from tests.factories.circulations import Stage

MEMBERS = ("AA", "BB", "CC")
SPEAKERS = {"focal_point": "AA", "alternate": "AA", "other": "BB", "third": "CC"}
PEOPLE = [*SPEAKERS, "reviewer", "org_person", "observer", "officer"]
RECEIPTS = [Kind.POSITION_RECORDED.value, Kind.POSITION_OTHERWISE.value]
ROUNDS = [Kind.CIRCULATION_OPENED.value, Kind.CIRCULATION_EXTENDED.value, Kind.CIRCULATION_ENDED.value]


class Circulations(RuleBasedStateMachine):
    """One circulation in a transaction of its own, which is undone after each example."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone._from_testcase = True  # type: ignore[attr-defined]  # the services are outermost, as in a request
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(stops_at_once=st.booleans())
    def open(self, stops_at_once: bool) -> None:
        self.stage = Stage(terms={"stops_at_once": stops_at_once, "min_seconds": 0})
        self.ref = self.stage.opened(seconds=3600).ref
        self.by_code = {one.code: one for one in [*self.stage.states, self.stage.organisation]}
        self.model = DoubtModel(MEMBERS, dict(SPEAKERS), stops_at_once)

    def agree(self, expected: bool, deed: object) -> None:
        """The deed is done exactly when the model says so; a refusal changes nothing (the invariants see to that)."""
        try:
            done = deed() is not False  # type: ignore[operator]
        except NotAllowed:
            done = False
        assert done is expected

    @rule(person=st.sampled_from(PEOPLE), member=st.sampled_from([*MEMBERS, "ORG"]), kind=st.sampled_from(ON_THE_DRAFT))
    def reply(self, person: str, member: str, kind: PositionKind) -> None:
        expected = self.model.reply(person, member, kind)
        reply = Reply(kind, "Because." if kind in {PositionKind.OBJECTION, PositionKind.ENDORSE_WITH_PROPOSALS} else "")
        actor = getattr(self.stage, person)
        key = uuid.uuid4()
        for _ in range(2):  # a second click does nothing more
            self.agree(
                expected,
                lambda: services.record_position(
                    self.ref, reply, participant=self.by_code[member], actor=actor, key=key
                ),
            )

    @rule(person=st.sampled_from(list(SPEAKERS)))
    def end_post(self, person: str) -> None:
        post = getattr(self.stage, person).appointments.get()
        if post.ends_at is None:
            end_appointment(post.pk, actor=self.stage.officer, reason="Moved")
        self.model.speakers.pop(person, None)

    @rule()
    def deliver(self) -> None:
        """The mail server takes all that waits."""
        waiting = Notice.objects.filter(state=NoticeState.QUEUED.value)
        waiting.update(state=NoticeState.ACCEPTED.value, accepted_at=clock())
        self.model.deliver()

    @rule()
    def extend(self) -> None:
        before = Circulation.objects.get(ref=self.ref).expires_at
        self.agree(
            self.model.extend(),
            lambda: services.extend_circulation(
                self.ref,
                before + dt.timedelta(hours=1),
                reason="More time.",
                actor=self.stage.officer,
                key=uuid.uuid4(),
            ),
        )

    @rule()
    def pass_deadline(self) -> None:
        """The database's clock cannot be turned: the deadline comes to it."""
        if self.model.runs:
            Circulation.objects.filter(ref=self.ref).update(expires_at=clock())
            self.model.is_over = True

    @precondition(lambda self: self.model.is_over)
    @rule()
    def close(self) -> None:
        self.agree(self.model.close(), lambda: services.close_circulation(self.ref))

    @rule()
    def withdraw(self) -> None:
        self.agree(
            self.model.withdraw(),
            lambda: services.withdraw_circulation(
                self.ref, reason="Not needed.", actor=self.stage.officer, key=uuid.uuid4()
            ),
        )

    @rule(who=st.sampled_from(["co_chair", "officer", "focal_point"]), aside=st.booleans())
    def decide(self, who: str, aside: bool) -> None:
        expected = (self.model.set_aside() if aside else self.model.confirm()) if who == "co_chair" else False
        deed = services.set_aside if aside else services.confirm_circulation
        actor = getattr(self.stage, who)
        self.agree(expected, lambda: deed(self.ref, note="Looked at.", actor=actor, key=uuid.uuid4()))

    @rule(member=st.sampled_from([*MEMBERS, "ORG"]), kind=st.sampled_from(ON_THE_DRAFT))
    def letter(self, member: str, kind: PositionKind) -> None:
        expected = self.model.letter(member, kind)
        circulation = Circulation.objects.get(ref=self.ref)
        self.agree(expected, lambda: self.stage.letter(circulation, kind, of=self.by_code[member]))

    @precondition(lambda self: self.model.said.rows)
    @rule(person=st.sampled_from(PEOPLE), data=st.data())
    def contest(self, person: str, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.model.said.rows) - 1))
        pk = Position.objects.order_by("pk").values_list("pk", flat=True)[at]
        expected, actor = self.model.contest(person, at), getattr(self.stage, person)
        self.agree(
            expected, lambda: services.contest_position(self.ref, pk, reason="No.", actor=actor, key=uuid.uuid4())
        )

    @precondition(lambda self: self.model.said.rows)
    @rule(data=st.data())
    def take_note(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.model.said.rows) - 1))
        pk = Position.objects.order_by("pk").values_list("pk", flat=True)[at]
        expected, actor = self.model.note(at), self.stage.co_chair
        self.agree(expected, lambda: services.take_note(self.ref, pk, note="", actor=actor, key=uuid.uuid4()))

    @invariant()
    def state_and_positions_agree(self) -> None:
        circulation = Circulation.objects.get(ref=self.ref)
        assert circulation.state == self.model.state
        if self.model.state != State.WAITING:
            assert bool(circulation.outcome_id) is (self.model.state in SUCCESSFUL)
        assert set(circulation.waits_for) == self.model.waits_for
        standing = positions.standing(circulation).values()
        said = {code: one.kind for code, one in self.model.said.standing().items()}
        assert {one.on_behalf_of.code: one.kind for one in standing} == said
        assert Position.objects.count() == len(self.model.said.rows)
        numbers = list(Outcome.objects.exclude(pk=circulation.outcome_id).values_list("standing", flat=True))
        assert set(numbers) <= {Standing.SET_ASIDE}
        for one in Position.objects.select_related("appointment"):
            assert circulation.opened_at <= one.recorded_at  # type: ignore[operator]
            assert one.appointment.ends_at is None or one.recorded_at < one.appointment.ends_at

    @invariant()
    def register_tells_the_same(self) -> None:
        prev, told = GENESIS, []
        rows = list(RegisterEntry.objects.order_by("seq"))
        assert [one.seq for one in rows] == list(range(1, self.model.entries + 1))
        for one in rows:
            entry = json.loads(one.content)
            assert (entry["prev"], digest(one.content)) == (prev, one.head)
            prev = one.head
            if one.act == Act.POSITION:
                told.append((entry["participant"], entry["facts"]["kind"], entry["facts"]["timing"]))
        assert told == [(one.member, one.kind, one.timing) for one in self.model.said.rows]
        ended = [json.loads(one.content)["facts"]["state"] for one in rows if one.act in {Act.ENDED, Act.WAITING}]
        assert (ended or [State.OPEN])[-1] == self.model.state

    @invariant()
    def notices_are_the_expected(self) -> None:
        """One notice of each round to each address in office, one receipt of each reply to each who speaks."""
        events = Counter(Notice.objects.filter(kind__in=ROUNDS).values_list("event", flat=True))
        assert len(events) == self.model.rounds
        receipts = Notice.objects.filter(kind__in=RECEIPTS)
        assert receipts.order_by().values("event").distinct().count() == self.model.receipts
        asked = Notice.objects.filter(needs_answer=True, settled_at=None, kind=Kind.CIRCULATION_OPENED.value)
        open_for = set(asked.values_list("participant_code", flat=True)) - {"ORG"}
        if self.model.state == State.OPEN:
            assert open_for == set(MEMBERS) - {one.member for one in self.model.said.rows if one.timing == "in_time"}
        else:
            assert not open_for


@pytest.mark.django_db
@pytest.mark.prove
def test_services_agree_with_the_model_whatever_the_order() -> None:
    run_state_machine_as_test(
        Circulations,
        settings=settings(
            max_examples=500 if FULL else 30,
            stateful_step_count=30 if FULL else 20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

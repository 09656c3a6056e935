"""The real services beside a model, in all three modes and under any terms: the same state, tally, number, notices."""

import uuid
from collections import Counter
from typing import Any

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

from endorsements import positions, services, words
from endorsements.enums import ENDED, SUCCESSFUL, Act, Mode, PositionKind, State
from endorsements.models import Circulation, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import Reply
from members.clock import clock
from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from tests.conftest import FULL
from tests.endorsements.mode_model import MEMBERS, ModeModel
from tests.factories.circulations import Stage

SPEAKERS = {"AA": "focal_point", "BB": "other", "CC": "third"}


@st.composite
def any_terms(draw: st.DrawFn) -> dict[str, Any]:
    mode = draw(st.sampled_from(Mode))
    return {
        "mode": mode.value,
        "objections_that_stop": 1 if mode == Mode.EXPLICIT else draw(st.integers(1, 4)),
        "stops_at_once": draw(st.booleans()),
        "proposals_stop": draw(st.booleans()),
        "unreached_hold": draw(st.booleans()),
        "quorum": draw(st.none() | st.integers(1, 3)) if mode == Mode.EXPLICIT else None,
        "closes_early": draw(st.booleans()),
    }


class Modes(RuleBasedStateMachine):
    """One circulation in a transaction of its own, which is undone after each example."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone._from_testcase = True  # type: ignore[attr-defined]  # the services are outermost, as in a request
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(terms=any_terms())
    def open(self, terms: dict[str, Any]) -> None:
        self.stage = Stage(terms={**terms, "min_seconds": 0})
        self.ref = self.stage.opened(seconds=3600).ref
        self.by_code = {one.code: one for one in self.stage.states}
        self.model = ModeModel(terms)

    @precondition(lambda self: self.model.state == State.OPEN)
    @rule(member=st.sampled_from(MEMBERS), kind=st.sampled_from(PositionKind))
    def reply(self, member: str, kind: PositionKind) -> None:
        expected = self.model.reply(member, kind)
        try:
            services.record_position(
                self.ref,
                Reply(kind, "Paragraph 2 is too long."),
                participant=self.by_code[member],
                actor=getattr(self.stage, SPEAKERS[member]),
                key=uuid.uuid4(),
            )
        except NotAllowed:
            assert not expected
        else:
            assert expected

    @precondition(lambda self: self.model.state == State.OPEN)
    @rule()
    def deliver(self) -> None:
        waiting = Notice.objects.filter(state=NoticeState.QUEUED.value)
        waiting.update(state=NoticeState.ACCEPTED.value, accepted_at=clock())
        self.model.is_delivered = True

    @precondition(lambda self: self.model.state == State.OPEN)
    @rule()
    def close(self) -> None:
        """The deadline comes to the database's clock, and the closing with it."""
        Circulation.objects.filter(ref=self.ref).update(expires_at=clock())
        self.model.close()
        assert services.close_circulation(self.ref)

    @precondition(lambda self: self.model.state != State.OPEN)
    @rule()
    def close_again(self) -> None:
        assert services.close_circulation(self.ref) is False

    @precondition(lambda self: self.model.state == State.WAITING)
    @rule()
    def confirm(self) -> None:
        self.model.state = self.model.ending()
        services.confirm_circulation(self.ref, note="", actor=self.stage.co_chair, key=uuid.uuid4())

    @invariant()
    def they_agree(self) -> None:
        circulation = Circulation.objects.get(ref=self.ref)
        assert circulation.state == self.model.state
        standing = positions.standing(circulation).values()
        assert {one.on_behalf_of.code: one.kind for one in standing} == self.model.said
        assert bool(circulation.outcome_id) is (self.model.state in SUCCESSFUL)
        if self.model.state in ENDED:
            assert sum(circulation.tally.values()) == len(MEMBERS) + 1
            said = Counter(words.REPLIES[kind][1] for kind in self.model.said.values())
            assert said.items() <= dict(words.tally_rows(circulation)).items()

    @invariant()
    def each_ending_is_told_and_registered_once(self) -> None:
        ended = list(RegisterEntry.objects.filter(act__in=[Act.ENDED, Act.WAITING]).order_by("seq"))
        assert bool(ended) is (self.model.state != State.OPEN)
        told = Notice.objects.filter(kind=Kind.CIRCULATION_ENDED.value)
        assert told.values("event").distinct().count() == len(ended)
        if self.model.terms["mode"] != Mode.SILENCE:
            assert not [one for one in told if "silence" in f"{one.subject} {one.body}".lower()]


@pytest.mark.django_db
@pytest.mark.prove
def test_services_agree_with_the_model_in_every_mode() -> None:
    run_state_machine_as_test(
        Modes,
        settings=settings(
            max_examples=500 if FULL else 25,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

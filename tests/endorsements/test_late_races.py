"""Letters, contests and decisions at the same instant, each with a twin in which the control is taken out."""

import threading
import uuid
from typing import Any

import pytest

from decisions.enums import Standing
from decisions.models import Outcome
from endorsements import positions, services
from endorsements.enums import PositionKind, State, Timing
from endorsements.models import Circulation, Position, RegisterEntry
from endorsements.rules import NotAllowed, SaidMeanwhile
from endorsements.services import contesting, deciding, otherwise
from members.clock import clock
from tests.conftest import FULL
from tests.endorsements.late_steps import contest, over
from tests.endorsements.test_closing import accept_all
from tests.endorsements.test_reminder_races import without_lock
from tests.factories.circulations import Stage, VersionFactory
from tests.races import in_thread, waits_or_ends

pytestmark = pytest.mark.django_db(transaction=True)
K = PositionKind
ROUNDS = 200 if FULL else 2


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return Stage()


def eight_at_once(stage: Stage, *, seen: int | None) -> list[Any]:
    """Officer, focal point and alternate record for the same participant; what became of each."""
    circulation = stage.opened()
    at = circulation.opened_at
    letters = [lambda: stage.letter(circulation, K.NO_POSITION, received_at=at, seen=seen)] * 2
    own = [
        lambda person=person: services.record_position(
            circulation.ref,
            services.Reply(K.ENDORSE),
            participant=stage.states[0],
            actor=person,
            key=uuid.uuid4(),
            seen=seen,
        )
        for person in [stage.focal_point, stage.alternate] * 3
    ]
    made = [in_thread(one) for one in [*letters, *own]]
    for thread, _ in made:
        thread.join()
    assert len(positions.standing(circulation)) == 1
    seqs = list(RegisterEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    return [found[0] for _, found in made]


@pytest.mark.prove
def test_of_eight_one_is_recorded_and_the_others_are_told_who_and_when(stage: Stage) -> None:
    for _ in range(ROUNDS):
        stage.__dict__["version"] = VersionFactory(document__body=stage.body)
        results = eight_at_once(stage, seen=0)
        done = [one for one in results if isinstance(one, Position)]
        told = [one for one in results if isinstance(one, SaidMeanwhile)]
        assert (len(done), len(told)) == (1, 7)
        assert all(str(one).startswith(f"{done[0].actor} recorded a reply of Aland at") for one in told)


def test_twin_without_the_key_of_what_was_seen_nobody_is_told(stage: Stage) -> None:
    results = eight_at_once(stage, seen=None)
    assert [type(one) for one in results] == [Position] * 8


def contest_while_closing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Circulation:
    """A contest has begun when the closing comes; how it ended."""
    stage.terms = {"stops_at_once": False}
    circulation = stage.opened()
    letter = stage.letter(circulation)
    accept_all()
    held, go = threading.Event(), threading.Event()
    real = contesting._position

    def slow(*args: Any) -> Position:
        held.set()
        go.wait(10)
        return real(*args)

    monkeypatch.setattr(contesting, "_position", slow)
    Circulation.objects.filter(pk=circulation.pk).update(expires_at=clock())
    contesting_now, contested = in_thread(lambda: contest(stage, letter))
    assert held.wait(10)
    closing, closed = in_thread(lambda: services.close_circulation(circulation.ref))
    waits_or_ends(closing)
    go.set()
    contesting_now.join()
    closing.join()
    assert not isinstance(contested[0], Exception)
    assert closed == [True]
    circulation.refresh_from_db()
    return circulation


def test_closing_waits_for_the_contest(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert contest_while_closing(stage, monkeypatch).state == State.ENDORSED


def test_twin_without_the_lock_a_break_stands_on_a_contested_letter(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contesting, "lock_circulation", without_lock)
    assert contest_while_closing(stage, monkeypatch).state == State.BROKEN


def letter_while_confirming(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Circulation:
    """A co-chair is about to confirm when an officer records a letter."""
    circulation = over(stage.opened())
    stage.letter(circulation, K.NO_POSITION, of=stage.states[2])
    Circulation.objects.filter(pk=circulation.pk).update(outcome=None)
    Outcome.objects.all().delete()
    held, go = threading.Event(), threading.Event()
    real = deciding._decide

    def slow(*args: Any) -> None:
        held.set()
        go.wait(10)
        real(*args)

    monkeypatch.setattr(deciding, "_decide", slow)
    confirming, confirmed = in_thread(
        lambda: services.confirm_circulation(circulation.ref, note="", actor=stage.co_chair, key=uuid.uuid4())
    )
    assert held.wait(10)
    real_write = otherwise.write

    def after_the_decision(*args: Any, **kwargs: Any) -> Position:
        go.set()
        confirming.join(3)
        return real_write(*args, **kwargs)

    monkeypatch.setattr(otherwise, "write", after_the_decision)
    writing, written = in_thread(lambda: stage.letter(circulation))
    waits_or_ends(writing)
    go.set()
    for thread in (confirming, writing):
        thread.join()
    assert not isinstance(confirmed[0], Exception)
    assert written[0].timing == Timing.RECORDED_AFTER
    circulation.refresh_from_db()
    return circulation


def test_letter_waits_for_the_decision_and_opens_it_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    circulation = letter_while_confirming(stage, monkeypatch)
    assert circulation.state == State.WAITING
    assert circulation.outcome == Outcome.objects.get(standing=Standing.UNDER_REVIEW)


def test_twin_without_the_lock_it_stays_endorsed_over_a_letter_nobody_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otherwise, "lock_circulation", without_lock)
    circulation = letter_while_confirming(stage, monkeypatch)
    assert circulation.state == State.ENDORSED
    assert [one.on_behalf_of for one in positions.doubtful(circulation)] == [stage.states[0]]


def decide_unseen(stage: Stage, *, seen: int | None) -> Circulation:
    """The page was opened when nothing was in doubt yet; then a letter came."""
    circulation = stage.opened()
    accept_all(but="BB")
    Circulation.objects.filter(pk=circulation.pk).update(expires_at=clock())
    services.close_circulation(circulation.ref)
    stage.letter(circulation)
    services.confirm_circulation(circulation.ref, note="", actor=stage.co_chair, key=uuid.uuid4(), seen=seen)
    circulation.refresh_from_db()
    return circulation


def test_co_chair_does_not_decide_on_a_letter_that_the_page_did_not_show(stage: Stage) -> None:
    with pytest.raises(NotAllowed, match="since you opened this page"):
        decide_unseen(stage, seen=0)
    assert Circulation.objects.get().state == State.WAITING


def test_twin_without_the_key_a_letter_is_left_out_unread(stage: Stage) -> None:
    assert decide_unseen(stage, seen=None).state == State.ENDORSED

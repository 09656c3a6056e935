"""The last reply closes early while the officer withdraws; with a twin in which the reply does not lock."""

import threading
import uuid
from typing import Any

import pytest

from endorsements import services
from endorsements.enums import PositionKind, State
from endorsements.models import Circulation, Position
from endorsements.rules import NotAllowed
from endorsements.services import replies
from tests.endorsements.test_reminder_races import without_lock
from tests.factories.circulations import Stage
from tests.races import in_thread, waits_or_ends

pytestmark = pytest.mark.django_db(transaction=True)
K = PositionKind


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return Stage(terms={"closes_early": True})


def withdraw_at_the_last_reply(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> tuple[Circulation, Any]:
    """The last reply that is missing has been checked and is about to be written when the officer withdraws; how it
    ended, and what became of the withdrawal."""
    circulation = stage.opened()
    for place, person in [(1, stage.other), (2, stage.third)]:
        stage.reply(circulation, K.ENDORSE, by=person, of=stage.states[place])
    held, go = threading.Event(), threading.Event()
    real = replies.write

    def slow(*args: Any) -> Position:
        held.set()
        go.wait(10)
        return real(*args)

    monkeypatch.setattr(replies, "write", slow)
    replying, _ = in_thread(lambda: stage.reply(circulation, K.ENDORSE))
    assert held.wait(10)
    withdrawing, withdrawn = in_thread(
        lambda: services.withdraw_circulation(
            circulation.ref, reason="A new text comes.", actor=stage.officer, key=uuid.uuid4()
        )
    )
    waits_or_ends(withdrawing)
    go.set()
    for thread in (replying, withdrawing):
        thread.join()
    circulation.refresh_from_db()
    return circulation, withdrawn[0]


def test_the_withdrawal_waits_for_the_last_reply_and_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    circulation, withdrawn = withdraw_at_the_last_reply(stage, monkeypatch)
    assert circulation.state == State.ENDORSED
    assert isinstance(withdrawn, NotAllowed)


def test_twin_without_the_lock_what_was_withdrawn_is_endorsed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "lock_circulation", without_lock)
    circulation, withdrawn = withdraw_at_the_last_reply(stage, monkeypatch)
    assert withdrawn.state == State.WITHDRAWN
    assert circulation.state == State.ENDORSED

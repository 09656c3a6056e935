"""Two schedulers at once, and a reply while they run. Every test has a twin in which the control is taken out."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest

from endorsements import services
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from endorsements.services import reminding, replies
from tests.endorsements.test_reminders import SPEAKERS, reminded, rounds, running
from tests.factories.circulations import Stage
from tests.races import in_thread, waits_or_ends


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Two connections each; every test has a twin, in which the control is taken out and the harm happens."""

    @pytest.fixture
    def stage(self, transactional_db: None) -> Stage:
        return Stage()

    def _two_schedulers(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The second scheduler looks while the first is about to commit; who was reminded."""
        circulation = running(stage)
        real, first, go = reminding.next_look, threading.Event(), threading.Event()

        def slow(*args: Any) -> dt.datetime:
            if not first.is_set():
                first.set()
                go.wait(10)
            return real(*args)

        monkeypatch.setattr(reminding, "next_look", slow)
        one, made = in_thread(services.remind_due)
        assert first.wait(10)
        two, made_too = in_thread(services.remind_due)
        waits_or_ends(two)
        go.set()
        one.join()
        two.join()
        assert all(isinstance(count, int) for count in [*made, *made_too]), (made, made_too)
        assert sum(made + made_too) == len(reminded())
        assert len(rounds(circulation)) in (1, 2)
        return sorted(reminded())

    def test_two_schedulers_at_once_remind_once(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self._two_schedulers(stage, monkeypatch) == sorted(SPEAKERS)

    def test_the_event_alone_would_do(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reminding, "lock_circulation", without_lock)
        assert self._two_schedulers(stage, monkeypatch) == sorted(SPEAKERS)

    def test_the_lock_alone_would_do(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reminding, "event_of", lambda circulation, hours: f"reminder:{uuid.uuid4()}")
        assert self._two_schedulers(stage, monkeypatch) == sorted(SPEAKERS)

    def test_twin_without_lock_and_event_everyone_is_reminded_twice(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reminding, "lock_circulation", without_lock)
        monkeypatch.setattr(reminding, "event_of", lambda circulation, hours: f"reminder:{uuid.uuid4()}")
        assert self._two_schedulers(stage, monkeypatch) == sorted([*SPEAKERS, *SPEAKERS])

    def _reply_while_reminding(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """A reply holds the circulation and is about to commit when the scheduler comes; who was reminded."""
        circulation = running(stage)
        written, go = threading.Event(), threading.Event()
        real = replies.write

        def slow(*args: Any, **kwargs: Any) -> Any:
            made = real(*args, **kwargs)
            written.set()
            go.wait(10)
            return made

        monkeypatch.setattr(replies, "write", slow)
        replying, position = in_thread(lambda: stage.reply(circulation, PositionKind.ENDORSE))
        assert written.wait(10)
        reminding_too, made = in_thread(services.remind_due)
        waits_or_ends(reminding_too)
        go.set()
        replying.join()
        reminding_too.join()
        assert not isinstance(position[0], Exception)
        assert made[0] == len(reminded())
        return sorted(reminded())

    def test_a_reply_committed_just_before_is_not_reminded(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        found = self._reply_while_reminding(stage, monkeypatch)
        assert found == ["focal.bb@members.example", "focal.cc@members.example"]

    def test_twin_without_the_lock_it_is(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reminding, "lock_circulation", without_lock)
        assert self._reply_while_reminding(stage, monkeypatch) == sorted(SPEAKERS)


def without_lock(ref: str) -> Circulation:
    return Circulation.objects.select_related("version__document", "body", "procedure").get(ref=ref)

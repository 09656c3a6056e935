"""Told otherwise: recorded before the deadline it reaches; later it is kept and counts for nothing."""

import datetime as dt
import json
import threading
import uuid
from typing import Any

import pytest

from endorsements import services
from endorsements.chain import digest
from endorsements.contexts.board import entry_in_words
from endorsements.enums import Act, State
from endorsements.models import Circulation, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import Telling, telling
from members.clock import clock
from members.models import Participant, User
from members.services import end_appointment
from notifications.enums import Handling, NoticeState, Way
from notifications.models import Notice, ToldOtherwise
from tests.endorsements.test_closing import accept_all, expire, short
from tests.endorsements.test_reminder_races import without_lock
from tests.factories.circulations import Stage
from tests.races import in_thread

NOTE = "The counsellor of the embassy. She will tell the ministry."


def tell(
    stage: Stage,
    circulation: Circulation,
    *,
    of: Participant | None = None,
    at: dt.datetime | None = None,
    by: User | None = None,
    note: str = NOTE,
    key: uuid.UUID | None = None,
) -> ToldOtherwise:
    return services.tell_otherwise(
        circulation.ref,
        Telling(Way.PHONE, at or clock(), note),
        participant=of or stage.states[1],
        actor=by or stage.officer,
        key=key or uuid.uuid4(),
    )


def rows() -> tuple[int, int, int]:
    return RegisterEntry.objects.count(), ToldOtherwise.objects.count(), Notice.objects.count()


@pytest.mark.django_db
class TestTelling:
    def test_it_is_a_row_and_one_entry_without_the_words(self, stage: Stage) -> None:
        circulation = stage.opened()
        before = RegisterEntry.objects.count()
        made = tell(stage, circulation)
        assert (made.participant_code, made.way, made.note, made.recorded_by) == ("BB", "phone", NOTE, stage.officer)
        entry = RegisterEntry.objects.first()
        assert entry is not None
        assert RegisterEntry.objects.count() == before + 1
        assert (entry.act, entry.participant_code, entry.at) == (Act.TOLD, "BB", made.recorded_at)
        facts = json.loads(entry.content)["facts"]
        assert (facts["note_sha256"], facts["way"], facts["is_late"]) == (digest(NOTE), "phone", False)
        assert NOTE not in entry.content
        assert entry_in_words(entry.act, entry.participant_code, entry.content) == "BB: told by telephone"

    def test_the_same_form_twice_is_one_row(self, stage: Stage) -> None:
        circulation, key = stage.opened(), uuid.uuid4()
        assert tell(stage, circulation, key=key).pk == tell(stage, circulation, key=key).pk
        assert ToldOtherwise.objects.count() == 1

    def test_what_came_back_from_the_participant_is_no_task_any_more(self, stage: Stage) -> None:
        circulation = stage.opened()
        Notice.objects.filter(participant_code__in=["BB", "CC"]).update(state=NoticeState.FAILED.value)
        tell(stage, circulation)
        closed = Notice.objects.filter(handling=Handling.TOLD_OTHERWISE.value)
        assert set(closed.values_list("participant_code", flat=True)) == {"BB"}

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"at": dt.timedelta(minutes=5)}, "not come yet"),
            ({"at": dt.timedelta(days=-1)}, "not open at this time"),
            ({"note": "  "}, "who was told"),
            ({"of": "observer_state"}, "not sent to"),
            ({"by": "other"}, "post in the secretariat"),
        ],
    )
    def test_refused_with_nothing_left_behind(self, stage: Stage, change: dict[str, Any], words: str) -> None:
        circulation = stage.opened()
        given = {name: getattr(stage, one) if name in {"of", "by"} else one for name, one in change.items()}
        if "at" in given:
            given["at"] += clock()
        before = rows()
        with pytest.raises(NotAllowed, match=words):
            tell(stage, circulation, **given)
        assert rows() == before

    def test_the_minute_of_the_opening_is_in_time(self, stage: Stage) -> None:
        circulation = stage.opened()
        assert circulation.opened_at
        tell(stage, circulation, at=circulation.opened_at.replace(second=0, microsecond=0))
        assert ToldOtherwise.objects.count() == 1

    def test_a_draft_and_an_ended_circulation_take_none(self, stage: Stage) -> None:
        circulation = stage.asked()
        with pytest.raises(NotAllowed, match="not open"):
            tell(stage, circulation)
        Circulation.objects.filter(pk=circulation.pk).update(
            state=State.BROKEN.value, opened_at=clock(), approved_by=stage.manager
        )
        with pytest.raises(NotAllowed, match="not open"):
            tell(stage, circulation)


@pytest.mark.django_db
class TestReached:
    def test_told_by_telephone_before_the_deadline_is_reached_though_no_mail_arrived(self, stage: Stage) -> None:
        circulation = short(stage, 0.8)
        accept_all(but="BB")
        tell(stage, circulation)
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED

    def test_also_where_nobody_is_in_office(self, stage: Stage) -> None:
        circulation = short(stage, 0.8)
        accept_all()
        end_appointment(stage.third.appointments.get().pk, actor=stage.officer, reason="Left the ministry")
        tell(stage, circulation, of=stage.states[2])
        expire(circulation)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.ENDORSED

    def test_recorded_after_the_deadline_it_is_kept_as_late_and_counts_for_nothing(self, stage: Stage) -> None:
        circulation = short(stage)
        accept_all(but="BB")
        in_time = clock()
        expire(circulation)
        tell(stage, circulation, at=in_time)
        entry = RegisterEntry.objects.get(act=Act.TOLD)
        assert json.loads(entry.content)["facts"]["is_late"] is True
        assert "noted late" in entry_in_words(entry.act, entry.participant_code, entry.content)
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.WAITING
        tell(stage, circulation, at=in_time, note="Once more.")
        circulation.refresh_from_db()
        assert (circulation.state, circulation.tally["not_reached"]) == (State.WAITING, 1)

    def test_a_page_opened_after_the_deadline_reaches_nobody(self, stage: Stage) -> None:
        from audit.services import record_access

        circulation = short(stage)
        accept_all(but="BB")
        expire(circulation)
        record_access(stage.other, kind="circulation", ref=circulation.ref, on_behalf_of="BB")
        services.close_circulation(circulation.ref)
        circulation.refresh_from_db()
        assert circulation.state == State.WAITING


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Two connections; each twin takes the control out and the harm happens."""

    @pytest.fixture
    def stage(self, transactional_db: None) -> Stage:
        return Stage()

    def _closing_while_telling(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, Circulation]:
        """The deed has read its clock before the deadline and is about to commit when the closing comes; did the
        closing end first, and how did it end?"""
        circulation = short(stage, 1.5)
        accept_all(but="BB")
        stamped, go = threading.Event(), threading.Event()
        real = telling._write

        def slow(*args: Any) -> ToldOtherwise:
            stamped.set()
            go.wait(10)
            return real(*args)

        monkeypatch.setattr(telling, "_write", slow)
        teller, told = in_thread(lambda: tell(stage, circulation))
        assert stamped.wait(10)
        expire(circulation)
        closer, closed = in_thread(lambda: services.close_circulation(circulation.ref))
        closer.join(0.7)
        closed_first = not closer.is_alive()
        go.set()
        teller.join()
        closer.join()
        assert closed == [True]
        assert told[0].recorded_at < circulation.expires_at
        circulation.refresh_from_db()
        return closed_first, circulation

    def test_closing_waits_for_the_telling_under_way(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        closed_first, circulation = self._closing_while_telling(stage, monkeypatch)
        assert not closed_first
        assert circulation.state == State.ENDORSED

    def test_twin_without_the_lock_it_was_told_in_time_and_judged_not_reached(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(telling, "lock_circulation", without_lock)
        closed_first, circulation = self._closing_while_telling(stage, monkeypatch)
        assert closed_first
        assert circulation.state == State.WAITING
        assert not circulation.eligible.get(participant=stage.states[1]).reached

    def test_the_post_of_the_officer_cannot_end_under_the_deed(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert not self._post_ends_while_telling(stage, monkeypatch)

    def test_twin_without_holding_the_post_it_ends_under_the_deed(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(telling, "hold_staff", lambda actor, sentence: None)
        assert self._post_ends_while_telling(stage, monkeypatch)

    def _post_ends_while_telling(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> bool:
        circulation = stage.opened()
        stamped, go = threading.Event(), threading.Event()
        real = telling._write

        def slow(*args: Any) -> ToldOtherwise:
            stamped.set()
            go.wait(10)
            return real(*args)

        monkeypatch.setattr(telling, "_write", slow)
        teller, _ = in_thread(lambda: tell(stage, circulation))
        assert stamped.wait(10)
        post = stage.officer.appointments.get().pk
        ending, _ = in_thread(lambda: end_appointment(post, actor=stage.manager, reason="Moved"))
        ending.join(0.7)
        ended_first = not ending.is_alive()
        go.set()
        teller.join()
        ending.join()
        return ended_first

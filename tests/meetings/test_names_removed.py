"""Names are removed some days after a meeting, once, and counts stay; nothing is removed a moment too early."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest

from audit.models import AuditEntry
from meetings import list_rules, services
from meetings.enums import LetterState
from meetings.files.sheets import people_of
from meetings.list_rules import names_are_due
from meetings.models import Delegate, Delegation, DelegationChange, FinalList, Meeting, NominationLetter
from meetings.services import Answer, removing
from meetings.services.removing import remove_names, remove_names_due
from meetings.tasks import remove_names as task
from members.clock import clock
from tests.factories.called import ADVISER, DAY, HEAD, STAYS, CalledStage
from tests.meetings.races import without_lock
from tests.meetings.test_called_views import DELEGATION, signed_in, words
from tests.meetings.test_recording import COPY, source
from tests.races import in_thread, waits_or_ends

ENDS = dt.datetime(2026, 7, 25, tzinfo=dt.UTC)
NAMED = ["Zahead", "Zaadviser", "Director", "Zramp", "Zevidence", "Zletter"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (ENDS, False),
        (ENDS + 30 * DAY - dt.timedelta(microseconds=1), False),
        (ENDS + 30 * DAY, True),
        (ENDS + 400 * DAY, True),
    ],
)
def test_due_from_that_instant_on(now: dt.datetime, due: bool) -> None:
    assert names_are_due(ENDS, 30, now) is due


def held(called: CalledStage, *, days_ago: int) -> None:
    """A meeting to which two came, whose last day was so long ago; its list was frozen."""
    called.invited()
    called.answers(Answer(True, (HEAD, ADVISER), "Zramp.", COPY))
    services.record_answer(
        "called",
        Answer(True, (HEAD, ADVISER), "Zramp."),
        source(evidence="Zevidence"),
        participant=called.states[0],
        version=1,
        actor=called.officer,
        key=uuid.uuid4(),
    )
    called.answers(STAYS, of=called.states[1], by=called.other)
    services.freeze_list("called", actor=called.officer, key=uuid.uuid4())
    last = clock().date() - days_ago * DAY
    Meeting.objects.update(starts_on=last, ends_on=last, earliest_on=last, latest_on=last, state="published")


def everything() -> str:
    models = (Delegate, Delegation, DelegationChange, FinalList, NominationLetter, AuditEntry)
    return " ".join(str(list(model.objects.values())) for model in models)


@pytest.mark.django_db
class TestRemoving:
    @pytest.fixture(autouse=True)
    def _days(self, settings: Any) -> None:
        settings.DELEGATES_KEPT_DAYS = 30

    def test_names_go_and_counts_stay(self, called: CalledStage) -> None:
        held(called, days_ago=40)
        assert "Zahead" in everything()
        assert remove_names_due() == 2
        found = everything()
        assert not [word for word in NAMED if word in found]
        assert not NominationLetter.objects.exists()
        assert set(Delegate.objects.values_list("badge_token", flat=True)) == {None}
        assert people_of(called.meeting) == []
        row = Delegation.objects.get(participant__code="AA")
        assert (row.state, row.delegates.count(), row.letter) == ("confirmed", 2, LetterState.COPY)
        entry = AuditEntry.objects.get(action="delegation.names_removed")
        assert entry.detail == {"delegations": 5, "people": 2, "letters": 1}
        assert entry.actor is None

    def test_the_pages_say_so(self, called: CalledStage) -> None:
        held(called, days_ago=40)
        task()
        for who in (called.officer, called.focal_point):
            page = words(signed_in(who).get(DELEGATION))
            assert "Names removed on" in page
            assert "2 people came." in page
            assert "Zahead" not in page
        client = signed_in(called.officer)
        page = words(client.get("/meetings/called/participants/"))
        assert "Names removed." in page
        assert "People 2" in page
        for form in ("pdf", "docx", "xlsx"):
            assert client.get(f"/meetings/called/participants/file/{form}/").status_code == 200
        assert client.get("/meetings/called/answers/").status_code == 200

    def test_twice_removes_nothing_more(self, called: CalledStage) -> None:
        held(called, days_ago=40)
        remove_names_due()
        before = everything()
        assert remove_names_due() == 0
        assert remove_names("called") == 0
        assert everything() == before

    def test_not_before_it_is_due(self, called: CalledStage) -> None:
        held(called, days_ago=28)
        before = everything()
        assert remove_names_due() == 0
        assert remove_names("called") == 0
        assert everything() == before

    def test_a_meeting_whose_days_moved_meanwhile_keeps_its_names(self, called: CalledStage) -> None:
        held(called, days_ago=40)
        Meeting.objects.update(latest_on=clock().date())
        assert remove_names("called") == 0
        assert "Zahead" in everything()


@pytest.mark.django_db(transaction=True)
class TestTwoSchedulers:
    """At once they remove once; without the lock the second does not see that it was done."""

    @pytest.fixture
    def called(self, transactional_db: None, settings: Any) -> CalledStage:
        settings.DELEGATES_KEPT_DAYS = 30
        stage = CalledStage()
        held(stage, days_ago=40)
        return stage

    def _twice(self, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
        """Whether each of two found something to do: the first waits, before it writes, until the second waits or
        ended."""
        inside, go, real = threading.Event(), threading.Event(), list_rules.names_are_due

        def slow(*args: Any) -> bool:
            if not inside.is_set():
                inside.set()
                go.wait(10)
            return real(*args)

        monkeypatch.setattr(list_rules, "names_are_due", slow)
        first, one = in_thread(lambda: remove_names("called"))
        assert inside.wait(10)
        second, two = in_thread(lambda: remove_names("called"))
        waits_or_ends(second)
        went_ahead = not second.is_alive()
        go.set()
        first.join()
        second.join()
        assert sorted([*one, *two]) == [0, 2]
        return [went_ahead]

    def test_the_second_waits_for_the_first(self, called: CalledStage, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self._twice(monkeypatch) == [False]
        assert AuditEntry.objects.filter(action="delegation.names_removed").count() == 1

    def test_twin_without_the_lock_it_goes_ahead(self, called: CalledStage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(removing, "lock_meeting", without_lock)
        assert self._twice(monkeypatch) == [True]

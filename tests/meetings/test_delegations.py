"""A participant answers: the row, its people, one audit row without a name, who is told in the inbox; on refusal
nothing at all. Two connections for each lock, with a twin."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from audit.models import AuditEntry
from meetings import services
from meetings.enums import DelegateRole
from meetings.models import Delegate, Delegation, Meeting, MeetingInvitation
from meetings.services import Answer, DelegationIsStale, Person, delegations
from members.clock import clock
from members.rules import NotAllowed
from members.services import end_appointment
from notifications.drainer import drain
from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from tests.factories.called import ADVISER, COMES, DAY, HEAD, STAYS, CalledStage
from tests.meetings.races import without_lock
from tests.races import in_thread, waits_or_ends


def people(delegation: Delegation) -> list[tuple[int, str, str]]:
    return list(delegation.delegates.values_list("position", "name", "role"))


def answered() -> list[Notice]:
    return list(Notice.objects.filter(kind=Kind.DELEGATION_ANSWERED.value).order_by("pk"))


def state_of_things() -> list[object]:
    rows = list(Delegation.objects.order_by("pk").values())
    counts = [model.objects.count() for model in (Delegate, AuditEntry, Notice)]
    return [rows, counts, Notice.objects.filter(settled_at__isnull=True).count()]


@pytest.mark.django_db
class TestAnswer:
    def test_comes_with_its_people_in_the_order_given(self, called: CalledStage) -> None:
        called.invited()
        other = Person("Ms Zaalternate", DelegateRole.ALTERNATE, "Desk officer")
        made = called.answers(Answer(True, (HEAD, other, ADVISER), " A ramp. "))
        assert (made.state, made.version, made.is_late, made.special_needs) == ("confirmed", 1, False, "A ramp.")
        assert (made.answered_by, made.participant) == (called.focal_point, called.states[0])
        assert people(made) == [
            (1, "Ms Zahead", "head"),
            (2, "Ms Zaalternate", "alternate"),
            (3, "Mr Zaadviser", "adviser"),
        ]
        entry = AuditEntry.objects.get(action="delegation.answered")
        assert entry.detail == {"participant": "AA", "state": "confirmed", "people": 3, "version": 1, "is_late": False}

    def test_declines_and_names_nobody(self, called: CalledStage) -> None:
        called.invited()
        called.answers(COMES)
        made = called.answers(STAYS, by=called.alternate, version=1)
        assert (made.state, made.special_needs, people(made)) == ("declined", "", [])

    def test_settles_what_asked_this_participant_alone(self, called: CalledStage) -> None:
        called.invited()
        called.answers()
        open_ones = Notice.objects.filter(needs_answer=True, settled_at__isnull=True, kind=Kind.MEETING_INVITED.value)
        assert set(open_ones.values_list("participant_code", flat=True)) == {"BB", "CC", "ORG", "OO"}

    def test_tells_own_people_and_staff_in_the_inbox_and_mails_nobody(self, called: CalledStage) -> None:
        called.invited()
        drain(seconds=0)
        called.answers()
        rows = {one.address: one for one in answered()}
        own = {"alternate.aa@members.example", "reviewer.aa@members.example"}
        staff = {"officer@members.example", "manager@members.example"}
        assert set(rows) == own | staff
        assert {one.state for one in rows.values()} == {NoticeState.WITHHELD.value}
        assert {rows[name].path for name in own} == {"/meetings/called/delegation/AA/"}
        assert {rows[name].path for name in staff} == {"/meetings/called/answers/"}
        for one in rows.values():
            assert one.subject == "Aland comes with 2 people: Fifth Harbour Meeting"
            assert "Zahead" not in one.body
            assert "ramp" not in one.body

    def test_after_the_date_it_is_late_and_says_so(self, called: CalledStage) -> None:
        called.invited()
        called.answers()
        MeetingInvitation.objects.update(answer_by=clock())
        made = called.answers(Answer(True, (HEAD,)), version=1)
        assert made.is_late
        assert AuditEntry.objects.filter(action="delegation.answered").latest("pk").detail["is_late"] is True
        assert answered()[-1].subject == "Aland comes with 1 person, changed, late: Fifth Harbour Meeting"

    def test_the_same_submission_twice_has_one_effect(self, called: CalledStage) -> None:
        called.invited()
        key = uuid.uuid4()
        first, second = (called.answers(key=key) for _ in range(2))
        assert first.pk == second.pk
        assert AuditEntry.objects.filter(action="delegation.answered").count() == 1

    def test_an_old_page_is_told_and_changes_nothing(self, called: CalledStage) -> None:
        called.invited()
        called.answers()
        before = state_of_things()
        with pytest.raises(DelegationIsStale, match="Nothing is lost") as stale:
            called.answers(STAYS, by=called.alternate, version=0)
        assert stale.value.saved.state == "confirmed"
        assert state_of_things() == before


def over(called: CalledStage) -> dict[str, Any]:
    yesterday = clock().date() - DAY
    Meeting.objects.update(
        starts_on=yesterday, ends_on=yesterday, earliest_on=yesterday - DAY, latest_on=yesterday - DAY
    )
    return {}


def cancelled(called: CalledStage) -> dict[str, Any]:
    services.cancel_meeting("called", reason="A storm.", actor=called.officer, key=uuid.uuid4())
    return {}


def postponed(called: CalledStage) -> dict[str, Any]:
    services.postpone_meeting("called", reason="A storm.", actor=called.officer, key=uuid.uuid4())
    return {}


def post_ended(called: CalledStage) -> dict[str, Any]:
    end_appointment(called.focal_point.appointments.get().pk, actor=None, reason="Moved")
    return {}


def too_many(called: CalledStage) -> dict[str, Any]:
    Meeting.objects.update(seats=1)
    return {}


CASES: dict[Callable[[CalledStage], dict[str, Any]], str] = {
    over: "has ended",
    cancelled: "is cancelled",
    postponed: "is postponed",
    post_ended: "Your post for Aland has ended",
    too_many: "You name 2 people; this meeting has 1 seat",
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda one: one.__name__)
def test_refused_with_nothing_left_behind(case: Callable[..., dict[str, Any]], called: CalledStage) -> None:
    called.invited()
    case(called)
    before = state_of_things()
    with pytest.raises(NotAllowed, match=CASES[case]):
        called.answers()
    assert state_of_things() == before


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["reviewer", "observer", "officer", "other", "co_chair", "stranger"])
def test_only_the_focal_point_and_the_alternate_answer(who: str, called: CalledStage) -> None:
    called.invited()
    before = state_of_things()
    with pytest.raises(NotAllowed, match="has ended"):
        called.answers(by=getattr(called, who))
    assert state_of_things() == before


@pytest.mark.django_db
def test_who_is_not_invited_is_refused(called: CalledStage) -> None:
    called.invited(observers=[])
    from members.enums import Role

    person = called.person("focal.oo", Role.FOCAL_POINT, called.observer_state)
    with pytest.raises(NotAllowed, match="Osland is not invited"):
        called.answers(of=called.observer_state, by=person)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Two connections each; every test has a twin, in which the lock is taken out and the harm happens."""

    @pytest.fixture
    def called(self, transactional_db: None) -> CalledStage:
        stage = CalledStage()
        stage.invited()
        return stage

    def _held(
        self, called: CalledStage, monkeypatch: pytest.MonkeyPatch
    ) -> tuple[threading.Thread, list[Any], threading.Event]:
        """An answer of the focal point that has written and is about to commit."""
        written, go, real = threading.Event(), threading.Event(), delegations._tell

        def slow(*args: Any, **kwargs: Any) -> None:
            if not written.is_set():
                written.set()
                go.wait(10)
            real(*args, **kwargs)

        monkeypatch.setattr(delegations, "_tell", slow)
        thread, made = in_thread(lambda: called.answers(COMES))
        assert written.wait(10)
        return thread, made, go

    def _two_at_once(self, called: CalledStage, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        """The alternate declines from the same page while the focal point's answer is about to commit."""
        one, made, go = self._held(called, monkeypatch)
        two, made_too = in_thread(lambda: called.answers(STAYS, by=called.alternate))
        waits_or_ends(two)
        go.set()
        one.join()
        two.join()
        return [*made, *made_too]

    def test_of_two_people_of_one_participant_the_second_is_told(
        self, called: CalledStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = self._two_at_once(called, monkeypatch)
        assert first.state == "confirmed"
        assert isinstance(second, DelegationIsStale)
        row = Delegation.objects.get(participant__code="AA")
        assert (row.state, row.version, row.delegates.count()) == ("confirmed", 1, 2)

    def test_twin_without_the_lock_the_first_answer_is_lost_unseen(
        self, called: CalledStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(delegations, "lock_meeting", without_lock)
        found = self._two_at_once(called, monkeypatch)
        assert not any(isinstance(one, DelegationIsStale) for one in found)
        assert Delegation.objects.get(participant__code="AA").version == 1
        assert AuditEntry.objects.filter(action="delegation.answered", detail__version=1).count() >= 1

    def _cancel_meanwhile(self, called: CalledStage, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        """The cancelling has written and is about to commit when an answer comes."""
        from meetings.services import calling_off

        written, go, real = threading.Event(), threading.Event(), calling_off._tell

        def slow(*args: Any, **kwargs: Any) -> None:
            written.set()
            go.wait(10)
            real(*args, **kwargs)

        monkeypatch.setattr(calling_off, "_tell", slow)
        cancelling, ended = in_thread(
            lambda: services.cancel_meeting("called", reason="A storm.", actor=called.officer, key=uuid.uuid4())
        )
        assert written.wait(10)
        answering, made = in_thread(lambda: called.answers(COMES))
        waits_or_ends(answering)
        go.set()
        cancelling.join()
        answering.join()
        assert not isinstance(ended[0], Exception), ended
        return made

    def test_an_answer_at_the_instant_of_a_cancelling_is_refused(
        self, called: CalledStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (found,) = self._cancel_meanwhile(called, monkeypatch)
        assert isinstance(found, NotAllowed)
        assert Delegation.objects.get(participant__code="AA").state == "invited"

    def test_twin_without_the_lock_who_comes_to_a_cancelled_meeting_is_recorded(
        self, called: CalledStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(delegations, "lock_meeting", without_lock)
        (found,) = self._cancel_meanwhile(called, monkeypatch)
        assert not isinstance(found, Exception)
        assert Meeting.objects.get(slug="called").state == "cancelled"
        assert Delegation.objects.get(participant__code="AA").state == "confirmed"

    def test_a_post_that_ends_waits_for_the_answer_or_the_answer_sees_it(
        self, called: CalledStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, made, go = self._held(called, monkeypatch)
        post = called.focal_point.appointments.get().pk
        ending, ended = in_thread(lambda: end_appointment(post, actor=None, reason="Moved"))
        waits_or_ends(ending)
        assert ending.is_alive()
        go.set()
        one.join()
        ending.join()
        assert made[0].state == "confirmed"
        assert not isinstance(ended[0], Exception)

    def test_twin_a_post_not_held_ends_before_the_answer_commits(
        self, called: CalledStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from members.models import Appointment

        monkeypatch.setattr(
            delegations, "hold_speaker", lambda actor, of: Appointment.objects.get(user=actor, participant=of)
        )
        one, made, go = self._held(called, monkeypatch)
        post = called.focal_point.appointments.get().pk
        ending, _ = in_thread(lambda: end_appointment(post, actor=None, reason="Moved"))
        ending.join(10)
        assert not ending.is_alive()
        go.set()
        one.join()
        assert made[0].state == "confirmed"
        assert Appointment.objects.get(pk=post).ends_at < clock()

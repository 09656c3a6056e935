"""A meeting is made in its series, goes on from an earlier one, and is changed while it is ahead."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.db import IntegrityError

from audit.models import AuditEntry
from meetings import services
from meetings.enums import Format
from meetings.models import Meeting, MeetingInvitation, PreparationTask
from meetings.planning_rules import Days
from meetings.services import MeetingIsStale, MeetingPlan, planning
from members.clock import clock
from members.directory import co_chairs_of, today
from members.models import User
from members.rules import NotAllowed
from members.services import end_appointment
from notifications.models import Notice
from tests.factories.called import DAY, CalledStage
from tests.factories.directory import ParticipantFactory
from tests.factories.meetings import MeetingFactory
from tests.meetings.races import without_lock
from tests.races import in_thread, waits_or_ends

pytestmark = pytest.mark.django_db


def plan_of(**values: Any) -> MeetingPlan:
    first = today() + 90 * DAY
    return MeetingPlan(**{"title": "Sixth Harbour Meeting", "days": Days(first, first + DAY), **values})


def make(called: CalledStage, key: uuid.UUID | None = None, like: Meeting | None = None, **values: Any) -> Meeting:
    series = called.meeting.series
    return services.plan_meeting(series, plan_of(**values), like=like, actor=called.officer, key=key or uuid.uuid4())


def change(called: CalledStage, *, version: int = 0, **values: Any) -> Meeting:
    meeting = called.meeting
    given = {"title": meeting.title, "days": Days(meeting.starts_on, meeting.ends_on), "place": meeting.place}
    meeting.co_chairs.set([called.states[1]])
    given["co_chairs"] = (called.states[1],)
    plan = MeetingPlan(**{**given, "country": meeting.country, **values})
    return services.change_meeting(meeting.slug, plan, version=version, actor=called.officer, key=uuid.uuid4())


class TestPlan:
    def test_one_row_one_entry_nobody_told(self, called: CalledStage) -> None:
        host = ParticipantFactory(code="HH", short_name="Hostland", time_zone="Asia/Colombo")
        key = uuid.uuid4()
        made = [make(called, key, host=host, place="Port", ordinal="6", symbol="HG/6") for _ in range(2)]
        assert made[0].pk == made[1].pk
        meeting = Meeting.objects.get(slug="sixth-harbour-meeting")
        assert (meeting.state, meeting.country, meeting.time_zone) == ("planned", "Hostland", "Asia/Colombo")
        assert (meeting.earliest_on, meeting.latest_on) == (meeting.starts_on, meeting.ends_on)
        entry = AuditEntry.objects.get(action="meeting.planned")
        assert (entry.subject_ref, entry.detail["series"]) == (meeting.slug, "harbour-som")
        assert not Notice.objects.exists()

    def test_address_is_unique_and_kept_from_words_of_other_addresses(self, called: CalledStage) -> None:
        slugs = [
            make(called, title=title).slug for title in ("The Meeting", "The meeting!", "Plan", "ประชุม", "x" * 200)
        ]
        assert slugs[:4] == ["the-meeting", "the-meeting-2", "plan-2", "meeting"]
        assert len(slugs[4]) == 74

    def test_vague_days_and_single_days_and_no_place(self, called: CalledStage) -> None:
        first = today() + 40 * DAY
        vague = make(
            called, days=Days(words="mid-year", earliest=first, latest=first + 60 * DAY), format=Format.VIRTUAL
        )
        assert (vague.starts_on, vague.planned_text, vague.latest_on) == (None, "mid-year", first + 60 * DAY)
        apart = make(called, days=Days(sits_on=(first, first + 3 * DAY)))
        assert (apart.starts_on, apart.ends_on, apart.sits_on) == (first, first + 3 * DAY, [first, first + 3 * DAY])

    def test_co_chairs_are_those_of_the_body_unless_chosen(self, called: CalledStage) -> None:
        assert list(make(called).co_chairs.all()) == co_chairs_of(called.body, today()) != []
        assert list(make(called, co_chairs=(called.states[0],)).co_chairs.all()) == [called.states[0]]

    def test_back_to_back_is_said_of_both(self, called: CalledStage) -> None:
        made = make(called, beside=(called.meeting,))
        assert list(called.meeting.beside.all()) == [made]

    def test_place_that_was_plotted_before_is_plotted_again(self, called: CalledStage) -> None:
        MeetingFactory(place="Port", latitude=3, longitude=101)
        assert make(called, place="Port").latitude == 3
        assert make(called, place="Elsewhere").latitude is None

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"title": " "}, "title"),
            ({"days": Days()}, "words"),
            ({"days": Days(dt.date(2020, 1, 1))}, "first_day"),
            ({"days": Days(dt.date(2031, 1, 2), dt.date(2031, 1, 1))}, "last_day"),
        ],
    )
    def test_refused_with_nothing_left_behind(self, called: CalledStage, values: Any, field: str) -> None:
        before = Meeting.objects.filter(series=called.meeting.series).count()
        with pytest.raises(NotAllowed) as refused:
            make(called, **values)
        assert refused.value.field == field
        assert Meeting.objects.filter(series=called.meeting.series).count() == before
        assert not AuditEntry.objects.filter(action="meeting.planned").exists()

    def test_a_deed_of_the_secretariat(self, called: CalledStage) -> None:
        series = called.meeting.series
        end_appointment(called.officer.appointments.get().pk, actor=called.manager, reason="Moved")
        for actor in (called.focal_point, called.officer):
            with pytest.raises(NotAllowed, match="Your post in the secretariat"):
                services.plan_meeting(series, plan_of(), actor=actor, key=uuid.uuid4())

    def test_takes_over_seats_reminders_and_checklist(self, called: CalledStage) -> None:
        series = called.meeting.series
        series.tasks.create(text="Usual line", days_before=30)
        assert [one.text for one in make(called).tasks.all()] == ["Usual line"]
        like = MeetingFactory(series=series, seats=4, reminder_hours=[24], is_sample=True)
        assert [one.text for one in make(called, like=like).tasks.all()] == ["Usual line"], "the earlier one has none"
        done = {"done_at": clock(), "done_by": called.officer}
        like.tasks.create(text="Own line", days_before=10, who="Conference officer", **done)
        made = make(called, like=like)
        assert (made.seats, made.reminder_hours, made.is_sample) == (4, [24], True)
        line = PreparationTask.objects.get(meeting=made)
        assert (line.text, line.days_before, line.who, line.done_at) == ("Own line", 10, "Conference officer", None)


class TestChange:
    def test_one_entry_names_what_changed(self, called: CalledStage) -> None:
        changed = change(called, title="Fifth  Meeting", place="Port")
        assert (changed.slug, changed.title, changed.version) == ("called", "Fifth Meeting", 1)
        entry = AuditEntry.objects.get(action="meeting.changed")
        assert entry.detail["changed"] == ["place", "title"]

    def test_a_stale_page_is_told_and_changes_nothing(self, called: CalledStage) -> None:
        change(called, place="Port")
        with pytest.raises(MeetingIsStale) as stale:
            change(called, place="Harbour")
        assert stale.value.saved.place == "Port"
        assert Meeting.objects.get(slug="called").place == "Port"

    def test_days_known_to_who_was_invited_move_by_postponing(self, called: CalledStage) -> None:
        called.invited()
        first = today() + 200 * DAY
        with pytest.raises(NotAllowed, match="postpone") as refused:
            change(called, days=Days(first))
        assert refused.value.field == "first_day"
        assert change(called, place="Port").place == "Port"

    def test_a_postponed_meeting_makes_an_open_page_stale(self, called: CalledStage) -> None:
        services.postpone_meeting(called.meeting.slug, reason="A storm.", actor=called.officer, key=uuid.uuid4())
        with pytest.raises(MeetingIsStale):
            change(called)

    @pytest.mark.parametrize("state", ["in_session", "closed", "published", "cancelled"])
    def test_only_while_it_is_ahead(self, called: CalledStage, state: str) -> None:
        Meeting.objects.filter(pk=called.meeting.pk).update(state=state)
        with pytest.raises(NotAllowed, match="not ahead any more"):
            change(called)

    @pytest.mark.parametrize(("values", "is_void"), [({"place": "Port"}, True), ({"purpose": "To meet."}, False)])
    def test_approval_that_was_asked_is_void_where_the_invitation_names_it(
        self, called: CalledStage, values: Any, is_void: bool
    ) -> None:
        called.approval_asked()
        change(called, **values)
        assert (MeetingInvitation.objects.get().asked_at is None) is is_void
        assert Notice.objects.filter(needs_answer=True, settled_at__isnull=True).exists() is not is_void


def _two_at_once(monkeypatch: pytest.MonkeyPatch, first: Any, second: Any) -> list[Any]:
    """The first has written and is about to commit when the second comes."""
    written, go, real = threading.Event(), threading.Event(), planning._set_related

    def slow(meeting: Meeting, plan: MeetingPlan) -> list[str]:
        if not written.is_set():
            written.set()
            go.wait(10)
        return real(meeting, plan)

    monkeypatch.setattr(planning, "_set_related", slow)
    one, of_one = in_thread(first)
    assert written.wait(10)
    other, of_other = in_thread(second)
    waits_or_ends(other)
    go.set()
    one.join()
    other.join()
    return [*of_one, *of_other]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_lock", [True, False])
def test_two_meetings_of_one_title_at_once(has_lock: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each gets an address of its own; without the lock both would take the same, and one is lost."""
    called = CalledStage()
    series = called.meeting.series
    if not has_lock:
        monkeypatch.setattr(planning, "lock_slugs", lambda: None)
    lost: list[IntegrityError] = []

    def made_by(actor: User) -> str:
        try:
            return services.plan_meeting(series, plan_of(), actor=actor, key=uuid.uuid4()).slug
        except IntegrityError as error:
            lost.append(error)
            return ""

    found = _two_at_once(monkeypatch, lambda: made_by(called.officer), lambda: made_by(called.manager))
    assert found == ["sixth-harbour-meeting", "sixth-harbour-meeting-2" if has_lock else ""]
    assert len(lost) == (0 if has_lock else 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_lock", [True, False])
def test_two_changes_at_once(has_lock: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that comes second is told; without the lock it would write over the first without a word."""
    called = CalledStage()
    assert called.meeting.place == "Colombo"
    if not has_lock:
        monkeypatch.setattr(planning, "lock_meeting", without_lock)
    found = _two_at_once(monkeypatch, lambda: change(called, place="Port"), lambda: change(called, place="Harbour"))
    assert isinstance(found[1], MeetingIsStale) is has_lock
    assert Meeting.objects.get(slug="called").place == ("Port" if has_lock else "Harbour")

"""Items are taken up and done with, outcomes noted as they fall; the page shows the time left and what is next."""

import datetime as dt
import uuid
from typing import Any

import pytest

from audit.models import AuditEntry
from decisions.models import Outcome
from meetings import services
from meetings.access import items_to_run
from meetings.models import AgendaItem, ItemRun, MeetingOutcome
from meetings.running import day_of, lines_of, next_of
from meetings.services import OutcomePlan
from members.access import forum
from members.clock import clock
from members.rules import NotAllowed
from tests.factories.agenda import NOTE, AgendaStage
from tests.factories.called import DAY
from tests.factories.meetings import VerbFactory
from tests.meetings.test_called_views import signed_in, words

pytestmark = pytest.mark.django_db
RUN = "/meetings/called/run/"


class Running(AgendaStage):
    """A meeting in session with an agenda."""

    def start(self) -> None:
        self.invited()
        self.opening, _, self.trends, self.crime, self.labour, self.closing = self.filled()
        services.open_meeting("called", actor=self.officer, key=uuid.uuid4())

    def starts(self, item: AgendaItem, key: uuid.UUID | None = None) -> None:
        services.start_item("called", item.pk, actor=self.officer, key=key or uuid.uuid4())

    def finishes(self, item: AgendaItem) -> None:
        services.finish_item("called", item.pk, actor=self.officer, key=uuid.uuid4())

    def notes(self, **values: Any) -> Outcome:
        given = {
            "actor": "Members", "verb": VerbFactory(word="endorsed"), "text": "the work plan",
            "day": self.meeting.earliest_on, **values,
        }  # fmt: skip
        return services.note_outcome("called", OutcomePlan(**given), actor=self.officer, key=uuid.uuid4())


@pytest.fixture
def running(db: None) -> Running:
    stage = Running()
    stage.start()
    return stage


def counts() -> list[int]:
    return [model.objects.count() for model in (ItemRun, Outcome, MeetingOutcome, AuditEntry)]


class TestItems:
    def test_taking_one_up_is_done_with_the_one_before(self, running: Running) -> None:
        running.starts(running.opening)
        running.starts(running.trends)
        first, second = ItemRun.objects.order_by("pk")
        assert (first.item, first.finished_at) == (running.opening, second.started_at)
        assert (second.item, second.finished_at, second.started_by) == (running.trends, None, running.officer)
        assert AuditEntry.objects.filter(action="item.started").count() == 2

    def test_is_done_and_can_be_taken_up_again(self, running: Running) -> None:
        running.starts(running.opening)
        running.finishes(running.opening)
        running.starts(running.opening)
        assert ItemRun.objects.get().finished_at is None

    def test_sent_twice_it_is_one_deed(self, running: Running) -> None:
        key = uuid.uuid4()
        running.starts(running.opening, key)
        running.starts(running.opening, key)
        assert AuditEntry.objects.filter(action="item.started").count() == 1

    def test_refuses_what_does_not_fit(self, running: Running) -> None:
        running.starts(running.opening)
        before = counts()
        for deed, said in [
            (lambda: running.starts(running.opening), "was taken up already"),
            (lambda: running.finishes(running.closing), "does not run now"),
            (lambda: running.starts(AgendaItem.objects.get(kind="break")), "not in the agenda"),
        ]:
            with pytest.raises(NotAllowed, match=said):
                deed()
        services.close_meeting("called", actor=running.officer, key=uuid.uuid4())
        with pytest.raises(NotAllowed, match="not in session"):
            running.starts(running.trends)
        assert counts() == [*before[:3], before[3] + 1]


class TestOutcomes:
    def test_is_linked_to_meeting_and_item_and_not_public(self, running: Running) -> None:
        made = running.notes(item=running.trends.pk)
        link = MeetingOutcome.objects.get(outcome=made)
        assert (link.meeting, link.item) == (running.meeting, running.trends)
        assert (made.source_kind, made.source_on, made.is_public) == ("meeting", running.meeting.earliest_on, False)
        assert made.source_path == "/meetings/called/"

    def test_a_proposal_stands_under_its_decision(self, running: Running) -> None:
        decision = running.notes()
        proposal = running.notes(text="to add a chapter", parent=decision.pk)
        assert proposal.parent == decision
        with pytest.raises(NotAllowed, match="stands under an outcome") as refused:
            running.notes(parent=proposal.pk)
        assert refused.value.field == "parent"

    def test_is_not_dated_outside_its_meeting(self, running: Running) -> None:
        before = counts()
        after = running.meeting.latest_on + DAY
        with pytest.raises(NotAllowed, match="not dated outside its meeting"):
            running.notes(day=after)
        assert counts() == before


class TestPage:
    def test_shows_the_item_its_time_and_what_is_next(self, running: Running) -> None:
        running.starts(running.opening)
        page = words(signed_in(running.officer).get(RUN))
        assert "1. Opening" in page
        assert "30 minutes left, until" in page or "29 minutes left, until" in page
        assert "Done. Next: 2. Trends" in page

    def test_says_by_how_much_an_item_is_over(self, running: Running) -> None:
        running.starts(running.opening)
        ItemRun.objects.update(started_at=clock() - dt.timedelta(minutes=42, seconds=5))
        assert "12 minutes over." in words(signed_in(running.officer).get(RUN))

    def test_is_for_the_secretariat_and_co_chairs_in_session(self, running: Running) -> None:
        running.starts(running.trends)
        chair = signed_in(running.co_chair)
        page = words(chair.get(RUN))
        assert NOTE in page
        assert "Note the outcome" not in page
        assert chair.post(RUN, {"text": "x"}).status_code == 404
        assert signed_in(running.focal_point).get(RUN).status_code == 404
        services.close_meeting("called", actor=running.officer, key=uuid.uuid4())
        assert chair.get(RUN).status_code == 404

    def test_notes_an_outcome_and_keeps_what_was_typed_wrongly(self, running: Running) -> None:
        officer, verb = signed_in(running.officer), VerbFactory(word="endorsed")
        typed = {
            "key": str(uuid.uuid4()), "actor": "Members", "verb": str(verb.pk), "text": "the work plan",
            "item": str(running.trends.pk), "day": "2001-01-01",
        }  # fmt: skip
        refused = officer.post(RUN, typed)
        assert "not dated outside its meeting" in words(refused)
        assert "the work plan</textarea>" in refused.content.decode()
        day = running.meeting.earliest_on.isoformat()
        assert officer.post(RUN, {**typed, "day": day}).status_code == 302
        assert "Members endorsed the work plan" in words(officer.get(RUN))

    def test_starts_and_finishes_by_buttons(self, running: Running) -> None:
        officer = signed_in(running.officer)
        for verb in ("start", "finish"):
            path = f"{RUN}{running.opening.pk}/{verb}/"
            assert officer.post(path, {"key": str(uuid.uuid4())}).status_code == 302
        again = officer.post(f"{RUN}{running.opening.pk}/finish/", {"key": str(uuid.uuid4())})
        assert "does not run now" in words(again)

    def test_queries_do_not_grow(self, running: Running, django_assert_max_num_queries: Any) -> None:
        for number in range(60):
            AgendaItem.objects.create(meeting=running.meeting, day=1, position=100 + number, title=f"Item {number}")
        running.starts(running.opening)
        running.notes()
        officer = signed_in(running.officer)
        with django_assert_max_num_queries(15):
            assert officer.get(RUN).status_code == 200


def test_next_is_the_first_that_was_not_taken_up(running: Running) -> None:
    items = items_to_run(running.meeting)
    assert [one["name"] for one in lines_of(items, clock())][:3] == ["1. Opening", "2. Trends", "2 (a). Crime"]
    found = next_of(lines_of(items, clock()))
    assert found is not None
    assert found["item"] == running.opening


def test_the_day_offered_is_one_of_the_meeting(running: Running) -> None:
    first, last = running.meeting.earliest_on, running.meeting.latest_on
    assert day_of(running.meeting, clock(), forum()) == first
    assert day_of(running.meeting, clock() + 400 * DAY, forum()) == last

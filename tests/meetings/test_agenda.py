"""The deeds of an agenda: the rows, one audit row each, and nothing left behind by a refusal."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import AuditEntry
from meetings import services
from meetings.agenda_enums import AgendaVerb, ItemKind, Move
from meetings.agenda_rules import Spot
from meetings.models import Agenda, AgendaItem, AgendaPaper, Meeting
from meetings.services import AgendaIsStale, ItemIsStale, ItemPlan, Paper
from members.clock import clock
from members.rules import NotAllowed
from tests.factories.agenda import NOTE, PLANNED, AgendaStage
from tests.factories.called import DAY
from tests.factories.circulations import DocumentFactory
from tests.factories.meetings import MeetingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None) -> AgendaStage:
    made = AgendaStage()
    assert made.meeting.slug == "called"
    return made


def order(meeting: Meeting) -> list[tuple[str, str, int]]:
    rows = AgendaItem.objects.filter(meeting=meeting).select_related("parent").order_by("day", "parent_id", "position")
    return [(one.title, one.parent.title if one.parent else "", one.day) for one in rows]


def actions() -> list[str]:
    return list(AuditEntry.objects.filter(action__startswith="agenda.").order_by("pk").values_list("action", flat=True))


def test_an_item_is_added_with_one_audit_row_that_keeps_the_note_out(stage: AgendaStage) -> None:
    made = stage.adds("  Trends   in the region ", restricted_note=NOTE, purpose="endorsement", presenter="UNODC")
    made.refresh_from_db()
    assert (made.title, made.day, made.position, made.minutes, made.purpose) == (
        "Trends in the region",
        1,
        0,
        60,
        "endorsement",
    )
    assert (made.restricted_note, made.is_late, made.changed_by) == (NOTE, False, stage.officer)
    assert stage.agenda.version == 1
    entry = AuditEntry.objects.get(action="agenda.item_added")
    assert entry.subject_ref == stage.meeting.slug
    assert NOTE not in str(entry.detail)


def test_twice_the_same_submission_adds_one(stage: AgendaStage) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        services.add_item(stage.meeting.slug, PLANNED, Spot(None, 1), actor=stage.officer, key=key)
    assert AgendaItem.objects.count() == 1
    assert actions() == ["agenda.item_added"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"minutes": 0}, "Write minutes from 1 to 600"),
        ({"minutes": 5000}, "Write minutes from 1 to 600"),
        ({"day": 3}, "The meeting has 2 days"),
        ({"day": 0}, "The meeting has 2 days"),
        ({"title": "  "}, "Write the title"),
    ],
)
def test_what_can_not_be_is_refused_and_leaves_nothing(
    values: dict[str, Any], sentence: str, stage: AgendaStage
) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        stage.adds(**{"title": "Trends", **values})
    assert not AgendaItem.objects.exists()
    assert actions() == []


def test_a_meeting_without_fixed_days_takes_items_on_days_by_number(stage: AgendaStage) -> None:
    Meeting.objects.filter(pk=stage.meeting.pk).update(starts_on=None, ends_on=None, planned_text="mid-2027")
    assert stage.adds("Third day", day=3).day == 3


def test_the_meeting_over_takes_no_change(stage: AgendaStage) -> None:
    Meeting.objects.filter(pk=stage.meeting.pk).update(state="closed")
    with pytest.raises(NotAllowed, match="is over"):
        stage.adds("Too late")


def test_who_left_the_secretariat_changes_nothing(stage: AgendaStage) -> None:
    with pytest.raises(NotAllowed, match="post in the secretariat has ended"):
        services.add_item(stage.meeting.slug, PLANNED, Spot(None, 1), actor=stage.focal_point, key=uuid.uuid4())


def test_two_officers_change_one_item_and_neither_is_lost(stage: AgendaStage) -> None:
    item = stage.adds("Trends")
    stage.changes(item, ItemPlan("Trends and responses"), version=0, by=stage.manager)
    with pytest.raises(ItemIsStale, match="Nothing is lost") as refused:
        stage.changes(item, ItemPlan("Responses"), version=0)
    assert refused.value.saved.title == "Trends and responses"
    assert refused.value.saved.changed_by == stage.manager
    assert AgendaItem.objects.get().title == "Trends and responses"


def test_two_officers_change_two_items_at_once(stage: AgendaStage) -> None:
    one, two = stage.adds("One"), stage.adds("Two")
    stage.changes(one, ItemPlan("First"), by=stage.manager)
    stage.changes(two, ItemPlan("Second"))
    assert set(AgendaItem.objects.values_list("title", flat=True)) == {"First", "Second"}


@pytest.mark.parametrize("deed", ["moves", "removes", "publishes"])
def test_on_an_old_page_nothing_is_moved_removed_or_published(deed: str, stage: AgendaStage) -> None:
    items = stage.filled()
    old = stage.agenda.version
    stage.changes(items[0], ItemPlan("Opening ceremony"), by=stage.manager)
    with pytest.raises(AgendaIsStale, match="in the meantime"):
        {
            "moves": lambda: stage.moves(items[1], Move.UP, version=old),
            "removes": lambda: stage.removes(items[1], version=old),
            "publishes": lambda: stage.publishes(version=old),
        }[deed]()
    assert AgendaItem.objects.count() == 6
    assert stage.agenda.state == "draft"


def test_items_move_one_step_and_over_days(stage: AgendaStage) -> None:
    opening, _pause, trends, crime, labour, closing = stage.filled()
    stage.moves(trends, Move.UP)
    stage.moves(labour, Move.UP)
    stage.moves(closing, Move.UP)
    stage.moves(opening, Move.DOWN)
    assert order(stage.meeting) == [
        ("Labour", "Trends", 1),
        ("Crime", "Trends", 1),
        ("Trends", "", 1),
        ("Opening", "", 1),
        ("Coffee", "", 1),
        ("Closing", "", 1),
    ]
    stage.moves(crime, Move.OUT)
    stage.moves(crime, Move.IN)
    crime.refresh_from_db()
    assert crime.parent == trends


def test_sub_items_follow_to_another_day(stage: AgendaStage) -> None:
    *_, trends, crime, _labour, closing = stage.filled()[1:]
    stage.moves(trends, Spot(None, 2, closing.pk))
    crime.refresh_from_db()
    assert crime.day == 2


def test_nowhere_to_go_is_said(stage: AgendaStage) -> None:
    opening = stage.adds("Opening")
    with pytest.raises(NotAllowed, match="can not move further"):
        stage.moves(opening, Move.UP)
    with pytest.raises(NotAllowed, match="The meeting has 2 days"):
        stage.moves(opening, Spot(None, 3))


def test_an_item_under_itself_is_refused_by_the_deed_and_by_the_database(stage: AgendaStage) -> None:
    _, _, trends, crime, _, _ = stage.filled()
    with pytest.raises(NotAllowed, match="under itself"):
        stage.moves(trends, Spot(trends.pk, 1))
    with pytest.raises(NotAllowed, match="one of its own sub-items"):
        stage.moves(trends, Spot(crime.pk, 1))
    for parent in (trends, crime):
        with pytest.raises(IntegrityError, match=r"under itself|not_under_itself"), transaction.atomic():
            AgendaItem.objects.filter(pk=trends.pk).update(parent=parent)


def test_the_database_refuses_a_parent_of_another_meeting_and_one_under_a_break(stage: AgendaStage) -> None:
    _, pause, trends, *_ = stage.filled()
    with pytest.raises(DatabaseError, match="another meeting"), transaction.atomic():
        AgendaItem.objects.create(meeting=MeetingFactory(), parent=trends, title="Lost", position=0)
    with pytest.raises(DatabaseError, match="can not stand there"), transaction.atomic():
        AgendaItem.objects.create(meeting=stage.meeting, parent=pause, title="Lost", position=0)


@pytest.mark.parametrize(
    "values", [{"minutes": 0}, {"minutes": 601}, {"purpose": "fun"}, {"kind": "x"}, {"title": ""}, {"day": 0}]
)
def test_the_database_refuses_what_can_not_be(values: dict[str, Any], stage: AgendaStage) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.create(**{"meeting": stage.meeting, "title": "x", "position": 0, **values})


def test_a_removed_item_takes_all_under_it_along(stage: AgendaStage) -> None:
    _, _, trends, *_ = stage.filled()
    stage.removes(trends)
    assert {one.title for one in AgendaItem.objects.all()} == {"Opening", "Coffee", "Closing"}
    assert AuditEntry.objects.latest("pk").detail["sub_items"] == 2
    with pytest.raises(NotAllowed, match="not in the agenda any more"):
        stage.removes(trends)


def test_an_item_with_sub_items_becomes_no_break_and_a_sub_item_gets_no_start(stage: AgendaStage) -> None:
    _, _, trends, crime, *_ = stage.filled()
    with pytest.raises(NotAllowed, match="has sub-items"):
        stage.changes(trends, ItemPlan("Pause", kind=ItemKind.BREAK))
    with pytest.raises(NotAllowed, match="no fixed start"):
        stage.changes(crime, ItemPlan("Crime", starts_at=dt.time(10)))


def test_hours_of_a_day(stage: AgendaStage) -> None:
    stage.filled()
    with pytest.raises(NotAllowed, match="ends before it begins"):
        services.set_agenda_hours("called", starts=dt.time(9), ends=dt.time(9), **stage._deed({}))
    services.set_agenda_hours("called", starts=dt.time(8, 30), ends=dt.time(16), **stage._deed({}))
    assert (stage.agenda.day_starts, stage.agenda.day_ends) == (dt.time(8, 30), dt.time(16))


def test_from_draft_to_frozen_and_back_each_with_its_row(stage: AgendaStage) -> None:
    stage.filled()
    assert stage.publishes().state == "published"
    assert stage.freezes().state == "frozen"
    with pytest.raises(NotAllowed, match="Write the reason"):
        stage.steps_back(AgendaVerb.THAW, " ")
    assert stage.steps_back(AgendaVerb.THAW).state == "published"
    assert AuditEntry.objects.latest("pk").detail["reason"] == "A co-chair asked for it."
    assert stage.steps_back(AgendaVerb.TAKE_BACK).published_at is None
    assert actions()[6:] == ["agenda.published", "agenda.frozen", "agenda.thawed", "agenda.taken_back"]


def test_an_agenda_without_an_item_is_not_published(stage: AgendaStage) -> None:
    stage.adds_break()
    with pytest.raises(NotAllowed, match="no item yet"):
        stage.publishes()


def test_after_freezing_items_stay_and_later_ones_are_marked(stage: AgendaStage) -> None:
    opening, *_ = stage.filled()
    stage.publishes()
    stage.freezes()
    for deed in (lambda: stage.moves(opening, Move.DOWN), lambda: stage.removes(opening)):
        with pytest.raises(NotAllowed, match="frozen"):
            deed()
    with pytest.raises(NotAllowed, match="frozen"):
        stage.changes(opening, ItemPlan("Another title", minutes=30))
    stage.changes(opening, ItemPlan("Opening", minutes=45, presenter="The host"))
    late = stage.adds("Urgent matter", before=opening.pk)
    assert late.is_late
    stage.moves(late, Move.DOWN)
    stage.changes(late, ItemPlan("Most urgent matter"))
    stage.steps_back(AgendaVerb.THAW)
    late.refresh_from_db()
    assert late.is_late, "what came late stays marked"
    stage.removes(late)


def test_papers_are_documents_and_papers_asked_for_of_this_meeting(stage: AgendaStage) -> None:
    document, _ = DocumentFactory(), stage.meeting
    due = clock().date() + 20 * DAY
    asked = services.ask_paper(
        "called", Paper(stage.states[1], "How it works", due), actor=stage.officer, key=uuid.uuid4()
    )
    item = stage.adds("Papers", documents=(document.pk,), requests=(asked.pk,))
    assert {(one.document, one.request) for one in item.papers.all()} == {(document, None), (None, asked)}
    stage.changes(item, ItemPlan("Papers", documents=(document.pk, 999_999), requests=()))
    assert [one.document for one in AgendaPaper.objects.all()] == [document]


def test_a_copy_is_a_draft_without_notes_and_marks(stage: AgendaStage) -> None:
    stage.filled()
    stage.publishes()
    stage.freezes()
    stage.adds("Late", documents=(DocumentFactory().pk,))
    target = MeetingFactory(state="planned")
    with transaction.atomic():
        assert services.copy_agenda(stage.meeting, target, actor=stage.officer, with_documents=True) == 7
    assert order(target) == order(stage.meeting)
    copied = AgendaItem.objects.filter(meeting=target)
    assert not copied.exclude(restricted_note="").exists()
    assert not copied.filter(is_late=True).exists()
    assert AgendaPaper.objects.filter(item__meeting=target).count() == 1
    assert Agenda.objects.get(meeting=target).state == "draft"
    with pytest.raises(NotAllowed, match="has an agenda already"), transaction.atomic():
        services.copy_agenda(stage.meeting, target, actor=stage.officer)


def test_the_database_counts_what_a_calendar_must_know(stage: AgendaStage) -> None:
    meeting = stage.meeting
    meeting.save()
    meeting.refresh_from_db()
    assert meeting.calendar_sequence == 0
    meeting.place = "Harbour City"
    meeting.calendar_sequence = 40
    meeting.save()
    meeting.refresh_from_db()
    assert meeting.calendar_sequence == 1

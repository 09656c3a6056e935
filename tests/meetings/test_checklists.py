"""The checklist: days count back and move with the meeting, nothing done is lost, each tick is one deed."""

import datetime as dt
import uuid
from typing import Any

import pytest

from audit.models import AuditEntry
from meetings import checklist_rules, services
from meetings.checklists import checklist_page, due_on_desk
from meetings.models import Meeting, PreparationTask
from meetings.services import MeetingPlan, TaskLine, checklists
from members.access import reader_of
from members.directory import today
from members.rules import NotAllowed
from tests.factories.called import DAY, CalledStage
from tests.factories.meetings import MeetingFactory
from tests.meetings.races import without_lock
from tests.meetings.test_called_views import MOST_QUERIES, key, signed_in, words
from tests.races import in_thread, waits_or_ends

pytestmark = pytest.mark.django_db
ON = dt.date(2030, 7, 23)
LIST = "/meetings/called/checklist/"


@pytest.mark.parametrize(
    ("days_before", "due", "overdue", "in_sight"),
    [
        (0, ON, False, False),
        (7, dt.date(2030, 7, 16), False, False),
        (8, dt.date(2030, 7, 15), False, True),
        (14, dt.date(2030, 7, 9), False, True),
        (15, dt.date(2030, 7, 8), True, True),
    ],
)
def test_due_overdue_and_in_sight(days_before: int, due: dt.date, overdue: bool, in_sight: bool) -> None:
    on = dt.date(2030, 7, 9)
    assert checklist_rules.due_on(ON, days_before) == due
    assert checklist_rules.is_overdue(due, is_done=False, today=on) is overdue
    assert checklist_rules.is_in_sight(due, is_done=False, today=on) is in_sight
    assert not checklist_rules.is_overdue(due, is_done=True, today=on)
    assert not checklist_rules.is_in_sight(due, is_done=True, today=on)


def line(called: CalledStage, text: str = "Book the venue", days_before: int = 65) -> PreparationTask:
    made: PreparationTask = called.meeting.tasks.create(text=text, days_before=days_before)
    return made


def gap(called: CalledStage) -> int:
    """Days from the forum's today to the opening."""
    assert called.meeting.starts_on
    return (called.meeting.starts_on - today()).days


def do(verb: Any, called: CalledStage, *args: Any, **values: Any) -> Any:
    return verb(called.meeting.slug, *args, **{"actor": called.officer, "key": uuid.uuid4(), **values})


def test_tick_and_undo_keep_who_and_when(called: CalledStage) -> None:
    task, one = line(called), uuid.uuid4()
    for _ in range(2):
        ticked = do(services.finish_task, called, task.pk, key=one)
    assert ticked.done_by == called.officer
    with pytest.raises(NotAllowed, match="ticked this before you"):
        do(services.finish_task, called, task.pk, actor=called.manager)
    with pytest.raises(NotAllowed, match="What is done stays"):
        do(services.drop_task, called, task.pk)
    do(services.reopen_task, called, task.pk, actor=called.manager)
    with pytest.raises(NotAllowed, match="not ticked any more"):
        do(services.reopen_task, called, task.pk)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["task.done", "task.reopened"]
    assert AuditEntry.objects.latest("pk").detail["done_by"] == called.officer.pk


def test_lines_are_added_taken_over_and_left_out(called: CalledStage) -> None:
    do(services.add_task, called, TaskLine(" Order  flags ", 5, "Conference officer"))
    for text in ("Order flags", "Book the venue"):
        called.meeting.series.tasks.create(text=text, days_before=100)
    assert [do(services.take_usual_tasks, called) for _ in range(2)] == [1, 0]
    assert list(called.meeting.tasks.values_list("text", "days_before")) == [
        ("Book the venue", 100),
        ("Order flags", 5),
    ]
    do(services.drop_task, called, called.meeting.tasks.get(text="Book the venue").pk)
    assert called.meeting.tasks.count() == 1
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["task.added", "task.usual_taken", "task.dropped"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (TaskLine(" ", 5), "text"),
        (TaskLine("Order flags", 731), "days_before"),
        (TaskLine("book the VENUE", 5), "text"),
    ],
)
def test_lines_refused_at_their_field(called: CalledStage, given: TaskLine, field: str) -> None:
    line(called)
    with pytest.raises(NotAllowed) as refused:
        do(services.add_task, called, given)
    assert refused.value.field == field
    assert called.meeting.tasks.count() == 1


def test_a_deed_of_the_secretariat_while_the_meeting_is_not_published(called: CalledStage) -> None:
    task = line(called)
    with pytest.raises(NotAllowed, match="Your post in the secretariat"):
        do(services.finish_task, called, task.pk, actor=called.focal_point)
    for state in ("published", "cancelled"):
        Meeting.objects.filter(pk=called.meeting.pk).update(state=state)
        with pytest.raises(NotAllowed, match="can not be changed any more"):
            do(services.finish_task, called, task.pk)
    other = MeetingFactory(series=called.meeting.series, state="planned")
    with pytest.raises(NotAllowed, match="off the list"):
        services.finish_task(other.slug, task.pk, actor=called.officer, key=uuid.uuid4())


def test_days_move_with_the_meeting_and_what_is_done_stays(called: CalledStage) -> None:
    done, left = line(called, "Book the venue", gap(called) + 5), line(called, "Papers due", gap(called) + 1)
    do(services.finish_task, called, done.pk)
    page = checklist_page(called.meeting, today())
    assert [row["is_overdue"] for row in page["open"]] == [True]
    assert page["lede"] == "1 of 2 done. 1 is overdue."
    first = called.meeting.starts_on + 100 * DAY  # type: ignore[operator]
    services.postpone_meeting("called", reason="A storm.", first_day=first, actor=called.officer, key=uuid.uuid4())
    meeting = Meeting.objects.get(slug="called")
    page = checklist_page(meeting, today())
    assert [(row["due"], row["is_overdue"]) for row in page["open"]] == [(first - left.days_before * DAY, False)]
    assert [row["task"].pk for row in page["done"]] == [done.pk]
    assert page["open"][0]["task"].pk == left.pk


def test_desk_shows_what_is_overdue_or_due_within_a_week(called: CalledStage) -> None:
    reader = reader_of(called.officer)
    line(called, "Far", 20)
    assert due_on_desk(reader, today()) == []
    line(called, "Overdue", gap(called) + 1)
    line(called, "Soon", gap(called) - 6)
    line(called, "Not yet", gap(called) - 7)
    (row,) = due_on_desk(reader, today())
    assert ([one["task"].text for one in row["rows"]], row["overdue"]) == (["Overdue", "Soon"], 1)
    assert (row["ready"], row["total"]) == (0, 4)
    assert due_on_desk(reader_of(called.focal_point), today()) == []
    page = words(signed_in(called.officer).get("/"))
    assert "Preparing meetings" in page
    assert "Overdue overdue since" in page
    assert "Preparing meetings" not in words(signed_in(called.focal_point).get("/"))
    services.postpone_meeting("called", reason="A storm.", actor=called.officer, key=uuid.uuid4())
    assert due_on_desk(reader, today()) == [], "no day is known to count from"


def test_the_next_meeting_begins_with_the_list_and_agenda_of_this_one(called: CalledStage) -> None:
    task = line(called, "Own line", 12)
    do(services.finish_task, called, task.pk)
    called.meeting.agenda_items.create(position=1, day=1, title="Opening")
    days = checklists.checklist_rules.due_on(today(), -400)
    from meetings.planning_rules import Days

    made = services.plan_meeting(
        called.meeting.series, MeetingPlan("Sixth Meeting", Days(days)), like=called.meeting, actor=called.officer,
        key=uuid.uuid4(),
    )  # fmt: skip
    assert [(one.text, one.done_at) for one in made.tasks.all()] == [("Own line", None)]
    assert [one.title for one in made.agenda_items.all()] == ["Opening"]


def test_the_page_ticks_and_undoes_without_script(called: CalledStage) -> None:
    task = line(called)
    client = signed_in(called.officer)
    page = words(client.get(LIST))
    assert "Book the venue overdue since" in page
    assert "Ticked." in words(client.post(f"{LIST}{task.pk}/done/", {"key": key()}, follow=True))
    assert "Everything on the list is done." in words(client.get(LIST))
    twice = words(client.post(f"{LIST}{task.pk}/done/", {"key": key()}))
    assert "ticked this before you" in twice
    assert "taken back" in words(client.post(f"{LIST}{task.pk}/undo/", {"key": key()}, follow=True))
    assert "left out" in words(client.post(f"{LIST}{task.pk}/drop/", {"key": key()}, follow=True))
    given = {"key": key(), "text": "Order flags", "days_before": "5"}
    assert "Order flags" in words(client.post(LIST, given, follow=True))
    wrong = words(client.post(LIST, {**given, "key": key(), "days_before": "soon"}))
    assert "Write a number, as 30." in wrong
    called.meeting.series.tasks.create(text="Badges", days_before=3)
    assert "Badges" in words(client.post(f"{LIST}usual/", {"key": key()}, follow=True))
    assert client.get(f"{LIST}usual/").status_code == 405
    assert signed_in(called.focal_point).get(LIST).status_code == 404


@pytest.mark.parametrize("more", [0, 30])
def test_queries_do_not_grow(more: int, called: CalledStage, django_assert_max_num_queries: Any) -> None:
    for number in range(more + 1):
        do(services.finish_task, called, line(called, f"Line {number}").pk)
    client = signed_in(called.officer)
    with django_assert_max_num_queries(MOST_QUERIES) as found:
        client.get(LIST)
    assert len(found) == 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_lock", [True, False])
def test_two_tick_at_once(has_lock: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is told who was first; without the lock both have done it, and the log holds two."""
    import threading

    called = CalledStage()
    task = line(called)
    if not has_lock:
        monkeypatch.setattr(checklists, "lock_meeting", without_lock)
    read, go, real = threading.Event(), threading.Event(), checklists.clock

    def slow() -> dt.datetime:
        if not read.is_set():
            read.set()
            go.wait(10)
        return real()

    monkeypatch.setattr(checklists, "clock", slow)
    one, first = in_thread(lambda: do(services.finish_task, called, task.pk))
    assert read.wait(10)
    other, second = in_thread(lambda: do(services.finish_task, called, task.pk, actor=called.manager))
    waits_or_ends(other)
    go.set()
    one.join()
    other.join()
    assert isinstance(second[0], NotAllowed) is has_lock
    assert not isinstance(first[0], NotAllowed)
    assert AuditEntry.objects.filter(action="task.done").count() == (1 if has_lock else 2)

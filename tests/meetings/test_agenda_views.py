"""Pages of an agenda: who reads what, what is typed is kept, and a fixed number of queries."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings import services
from meetings.models import AgendaItem, AgendaPaper, PaperRequest
from meetings.services import ItemPlan
from members.clock import clock
from members.models import User
from tests.factories.agenda import NOTE, AgendaStage
from tests.factories.called import DAY
from tests.factories.circulations import DocumentFactory

pytestmark = pytest.mark.django_db
PAGE = "/meetings/called/agenda/"
HOSTILE = '<img src=x onerror=alert(1)> #{"a"} $x$ \u202e٣'


@pytest.fixture
def stage(db: None) -> AgendaStage:
    made = AgendaStage()
    assert made.meeting.slug == "called"
    return made


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def typed(**values: Any) -> dict[str, Any]:
    return {"key": uuid.uuid4(), "title": "Trends", "kind": "item", "place": "day-1", **values}


def test_a_draft_is_seen_by_the_secretariat_and_the_chairs_alone(stage: AgendaStage) -> None:
    stage.filled()
    stage.invited()
    for user in (stage.officer, stage.manager, stage.co_chair):
        assert NOTE in text(as_(user))
    for user in (stage.focal_point, stage.observer):
        assert as_(user).get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_published_it_is_read_without_notes_by_members_and_invited_observers(stage: AgendaStage) -> None:
    stage.filled()
    stage.invited()
    stage.publishes()
    for user in (stage.focal_point, stage.observer):
        page = text(as_(user))
        assert "Crime" in page
        assert NOTE not in page
        assert "Edit" not in page
        assert "agenda.js" not in page
    assert as_(stage.stranger).get(PAGE).status_code == 404


def test_an_observer_who_is_not_invited_reads_nothing(stage: AgendaStage) -> None:
    stage.filled()
    stage.invited(observers=[])
    stage.publishes()
    assert as_(stage.observer).get(PAGE).status_code == 404
    assert "agenda/" not in text(as_(stage.observer), "/meetings/called/")
    assert "agenda/" in text(as_(stage.focal_point), "/meetings/called/")
    assert "agenda/" not in text(Client(), "/meetings/called/")


def test_as_delegates_see_it_the_notes_and_buttons_are_away(stage: AgendaStage) -> None:
    stage.filled()
    page = text(as_(stage.officer), f"{PAGE}?as=delegates")
    assert NOTE not in page
    assert "Move item" not in page
    assert "Delegates see nothing of it" in page


def test_the_desk_shows_numbers_times_and_words_for_what_does_not_fit(stage: AgendaStage) -> None:
    opening, *_ = stage.filled()
    stage.changes(opening, ItemPlan("Opening", minutes=600))
    page = text(as_(stage.officer))
    assert "<time>19:15" in page
    assert "Ends 195 minutes after 17:00, the end of the day." in page
    assert "over 2 days" in page
    assert "Bangkok, UTC+7. When an item moves, later times follow." in page


def test_add_move_change_and_remove_by_plain_forms(stage: AgendaStage) -> None:
    client = as_(stage.officer)
    assert "Nothing on this day yet." in text(client)
    assert 'name="place"' in text(client, f"{PAGE}?add=day-2")
    for title in ("One", "Two"):
        answer = client.post(f"{PAGE}add/", typed(title=title, minutes="30"))
        item = AgendaItem.objects.get(title=title)
        assert answer.headers["Location"] == f"{PAGE}#i{item.pk}"
    answer = client.post(
        f"{PAGE}items/{item.pk}/move/", {"key": uuid.uuid4(), "version": stage.agenda.version, "move": "up"}
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.position == 0
    assert 'value="Two"' in text(client, f"{PAGE}?edit={item.pk}")
    client.post(f"{PAGE}items/{item.pk}/change/", typed(title="Second", version="0"))
    assert AgendaItem.objects.filter(title="Second").exists()
    page = text(client, f"{PAGE}items/{item.pk}/remove/")
    assert "This item alone." in page
    client.post(f"{PAGE}items/{item.pk}/remove/", {"key": uuid.uuid4(), "version": stage.agenda.version})
    assert AgendaItem.objects.count() == 1


def test_a_place_by_dragging_and_an_old_page(stage: AgendaStage) -> None:
    opening, _, trends, *_ = stage.filled()
    client = as_(stage.officer)
    deed = {"move": "place", "day": 1, "before": opening.pk, "version": stage.agenda.version}
    client.post(f"{PAGE}items/{trends.pk}/move/", {**deed, "key": uuid.uuid4()})
    trends.refresh_from_db()
    assert trends.position == 0
    page = client.post(f"{PAGE}items/{trends.pk}/move/", {**deed, "key": uuid.uuid4()}, follow=True)
    assert "changed the agenda in the meantime" in page.content.decode()
    under = {**deed, "under": trends.pk, "before": "", "version": stage.agenda.version, "key": uuid.uuid4()}
    page = client.post(f"{PAGE}items/{trends.pk}/move/", under, follow=True)
    assert "An item can not stand under itself." in page.content.decode()


def test_who_writes_on_an_old_item_sees_both_and_saves_again(stage: AgendaStage) -> None:
    item, *_ = stage.filled()
    stage.changes(item, ItemPlan("Opening by the host", presenter="Viet Nam"), by=stage.manager)
    client = as_(stage.officer)
    page = client.post(f"{PAGE}items/{item.pk}/change/", typed(title="Opening by the chairs", version="0"))
    words = page.content.decode()
    assert "changed this item while you wrote" in words
    assert "Opening by the host" in words
    assert 'value="Opening by the chairs"' in words
    assert 'name="version" value="1"' in words
    client.post(f"{PAGE}items/{item.pk}/change/", typed(title="Opening by the chairs", version="1"))
    item.refresh_from_db()
    assert item.title == "Opening by the chairs"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"minutes": "0"}, "Write minutes from 1 to 600, or nothing."),
        ({"minutes": "100000"}, "Write minutes from 1 to 600, or nothing."),
        ({"minutes": "ten"}, "Write a number of minutes, as 45."),
        ({"starts_at": "25:99"}, "Write the time as 09:30."),
        ({"title": ""}, "Write the title."),
        ({"title": "x" * 201}, "Write 200 characters at most."),
        ({"place": "under-999999"}, "This place is not there any more."),
        ({"documents": "XX/1"}, "There is no document with the symbol XX/1."),
        ({"requests": ["999"]}, "One of these papers is not asked for any more."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(
    values: dict[str, Any], sentence: str, stage: AgendaStage
) -> None:
    page = as_(stage.officer).post(f"{PAGE}add/", typed(presenter="The host", **values)).content.decode()
    assert sentence in page
    assert 'value="The host"' in page
    assert "<title>Error:" in page
    assert not AgendaItem.objects.exists()


def test_a_title_of_200_characters_and_hostile_words(stage: AgendaStage) -> None:
    client = as_(stage.officer)
    client.post(f"{PAGE}add/", typed(title="w" * 200))
    client.post(f"{PAGE}add/", typed(title=HOSTILE, presenter=HOSTILE, restricted_note=HOSTILE))
    page = text(client)
    assert "w" * 200 in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_fixed_start_before_the_end_of_the_one_before_is_shown_not_refused(stage: AgendaStage) -> None:
    client = as_(stage.officer)
    client.post(f"{PAGE}add/", typed(minutes="60"))
    client.post(f"{PAGE}add/", typed(title="Early", starts_at="09:30"))
    assert "Starts 30 minutes before the end of what stands before it." in text(client)


def test_publish_freeze_and_back_by_the_page(stage: AgendaStage) -> None:
    stage.filled()
    client = as_(stage.officer)

    def deed() -> dict[str, Any]:
        return {"key": uuid.uuid4(), "version": stage.agenda.version}

    assert "Published." in client.post(f"{PAGE}publish/", deed(), follow=True).content.decode()
    assert "Frozen." in client.post(f"{PAGE}freeze/", deed(), follow=True).content.decode()
    client.post(f"{PAGE}add/", typed(title="Urgent"))
    assert "Late" in text(client)
    assert client.get(f"{PAGE}take-back/").status_code == 403
    page = client.post(f"{PAGE}thaw/", {**deed(), "reason": ""}).content.decode()
    assert "Write the reason. It stays on record." in page
    client.post(f"{PAGE}thaw/", {**deed(), "reason": "A slip."})
    client.post(f"{PAGE}take-back/", {**deed(), "reason": "A slip."})
    assert stage.agenda.state == "draft"
    old = client.post(f"{PAGE}publish/", {"key": uuid.uuid4(), "version": 0}, follow=True).content.decode()
    assert "in the meantime" in old


def test_hours_that_end_before_they_begin(stage: AgendaStage) -> None:
    stage.filled()
    client = as_(stage.officer)
    assert 'value="09:00"' in text(client, f"{PAGE}?hours=1")
    deed = {"key": uuid.uuid4(), "version": stage.agenda.version, "day_starts": "09:00", "day_ends": "08:00"}
    assert "The day ends before it begins." in client.post(f"{PAGE}hours/", deed).content.decode()
    client.post(f"{PAGE}hours/", {**deed, "key": uuid.uuid4(), "day_ends": "16:00"})
    assert stage.agenda.day_ends.hour == 16


def test_papers_are_linked_for_who_may_open_them(stage: AgendaStage) -> None:
    paper = DocumentFactory(symbol="HF/1", title="Restricted guide")
    stage.invited()
    due = clock().date() + 20 * DAY
    asked = services.ask_paper(
        "called", services.Paper(stage.states[1], "How it works", due), actor=stage.officer, key=uuid.uuid4()
    )
    stage.adds("Papers", documents=(paper.pk,), requests=(asked.pk,))
    stage.publishes()
    office, delegate = text(as_(stage.officer)), text(as_(stage.focal_point))
    assert f'href="{paper.get_absolute_url()}"' in office
    assert "Paper due on" in office
    assert "Restricted guide" in delegate
    assert f'href="{paper.get_absolute_url()}"' not in delegate
    assert "To follow." in delegate
    assert "2, 1 to come" in delegate


@pytest.mark.parametrize("rows", [1, 60])
@pytest.mark.parametrize(("who", "queries"), [("officer", 9), ("focal_point", 11)])
def test_the_page_asks_the_same_few_questions(who: str, queries: int, rows: int, stage: AgendaStage) -> None:
    meeting = stage.invited()
    stage.adds("First")
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, title=f"Item {n}", position=n, minutes=5) for n in range(1, rows)
    )
    first = AgendaItem.objects.earliest("pk")
    now = clock()
    asked = PaperRequest.objects.bulk_create(
        PaperRequest(
            meeting=meeting, participant=stage.states[n % 3], title=f"P {n}", due_on=now.date(), due_at=now,
            asked_by=stage.officer, asked_at=now,
        )
        for n in range(100 if rows > 1 else 1)
    )  # fmt: skip
    all_items = [first, *items]
    AgendaPaper.objects.bulk_create(
        AgendaPaper(item=all_items[n % len(all_items)], request=one) for n, one in enumerate(asked)
    )
    AgendaPaper.objects.bulk_create(
        AgendaPaper(item=all_items[n % len(all_items)], document=DocumentFactory()) for n in range(len(asked))
    )
    stage.publishes()
    client = as_(getattr(stage, who))
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(PAGE).status_code == 200
    assert len(seen) == queries, "\n".join(one["sql"][:150] for one in seen)

"""Pages on which the secretariat plans meetings: what is proposed, what is refused at its field, what is kept."""

import re
from typing import Any

import pytest
from django.test import Client

from meetings.models import Meeting
from members.directory import today
from tests.factories.called import DAY, CalledStage
from tests.factories.meetings import MeetingFactory
from tests.meetings.test_called_views import MOST_QUERIES, key, signed_in, words

pytestmark = pytest.mark.django_db
PLAN, CHANGE, NEXT = "/meetings/plan/", "/meetings/called/change/", "/meetings/called/next/"


@pytest.fixture(autouse=True)
def _there(called: CalledStage, settings: Any) -> None:
    """The meeting is there; a decisive act asks who it is only after this long."""
    assert called.meeting
    settings.REAUTHENTICATE_SECONDS = 10**6


def typed(called: CalledStage, **values: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    first = today() + 90 * DAY
    return {
        "key": key(),
        "version": "0",
        "series": called.meeting.series.pk,
        "title": "Sixth Harbour Meeting",
        "first_day": first.isoformat(),
        "last_day": (first + DAY).isoformat(),
        "format": "in_person",
        **values,
    }


def value_of(page: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field, name
    found = re.search(r'value="([^"]*)"', field[0])
    return found[1] if found else ""


def test_a_meeting_is_planned_and_everyone_sees_it(called: CalledStage) -> None:
    client = signed_in(called.officer)
    assert "Plan a meeting" in words(client.get("/meetings/"))
    page = client.get(f"{PLAN}?series=harbour-som").content.decode()
    assert f'<option value="{called.meeting.series.pk}" selected>' in page
    answer = client.post(PLAN, typed(called, beside=[called.meeting.pk], ordinal="5"), follow=True)
    assert "The meeting is planned" in words(answer)
    path = "/meetings/sixth-harbour-meeting/"
    assert answer.redirect_chain == [(path, 302)]
    public = words(Client().get(path))
    assert "Fifth Harbour Meeting, Colombo back to back with this meeting" in public
    assert "Plan the next one" not in public
    assert "Sixth Harbour Meeting back to back with this meeting" in words(Client().get("/meetings/called/"))


def test_a_repeated_ordinal_is_pointed_out_and_kept(called: CalledStage) -> None:
    MeetingFactory(series=called.meeting.series, ordinal="5", title="The other fifth")
    page = words(signed_in(called.officer).post(PLAN, typed(called, ordinal="5"), follow=True))
    assert "The ordinal 5 stands twice in this series now. Also: The other fifth, 2 May 2024." in page
    assert Meeting.objects.get(slug="sixth-harbour-meeting").ordinal == "5"


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"last_day": "2030-01-01"}, "last_day", "The last day is before the first."),
        ({"first_day": "2020-01-01", "last_day": ""}, "first_day", "This day is not ahead."),
        ({"first_day": "soon"}, "first_day", "Write the day as 2026-07-23."),
        ({"first_day": "", "last_day": ""}, "words", "say here roughly when"),
        ({"single_days": "2 July"}, "single_days", "Write each day as 2027-07-02"),
        ({"title": ""}, "title", "Write the title."),
        ({"series": ""}, "series", "Choose the series."),
        ({"time_zone": "Mars/North"}, "time_zone", "is not a time zone"),
    ],
)
def test_refused_at_its_field_with_what_was_typed(called: CalledStage, values: Any, field: str, sentence: str) -> None:
    client = signed_in(called.officer)
    if field == "last_day":
        values = {"first_day": (today() + 400 * DAY).isoformat(), "last_day": (today() + 399 * DAY).isoformat()}
    page = client.post(PLAN, typed(called, place="Typed Town", **values)).content.decode()
    assert f'href="#id_{field}"' in page
    assert sentence in page
    assert value_of(page, "place") == "Typed Town"
    assert not Meeting.objects.filter(slug="sixth-harbour-meeting").exists()


def test_two_co_chairs_are_two(called: CalledStage) -> None:
    chair = called.states[0].pk
    page = words(signed_in(called.officer).post(PLAN, typed(called, first_chair=chair, second_chair=chair)))
    assert "This is the same as the first." in page


def test_the_next_one_is_proposed_and_says_what_is_taken_over(called: CalledStage) -> None:
    meeting = called.meeting
    first = meeting.starts_on
    assert first is not None
    Meeting.objects.filter(pk=meeting.pk).update(ordinal="5", seats=4, purpose="To meet.")
    meeting.tasks.create(text="Book the venue", days_before=120)
    client = signed_in(called.officer)
    response = client.get(NEXT)
    page, said = response.content.decode(), words(response)
    assert value_of(page, "title") == "Sixth Harbour Meeting"
    assert (value_of(page, "ordinal"), value_of(page, "place")) == ("6", "")
    assert value_of(page, "first_day") == (first + 364 * DAY).isoformat()
    assert value_of(page, "last_day") == (first + 365 * DAY).isoformat()
    for fact in (
        "Seats 4 for each delegation",
        "Reminders 168, 48, 24 hours before",
        "Checklist 1 line, none of them done",
    ):
        assert fact in said
    given = {name: value_of(page, name) for name in ("title", "ordinal", "first_day", "last_day", "version")}
    client.post(NEXT, {"key": key(), "format": "in_person", **given})
    made = Meeting.objects.get(slug="sixth-harbour-meeting")
    assert (made.series, made.seats, made.tasks.get().text) == (meeting.series, 4, "Book the venue")


def test_changed_page_and_stale_page(called: CalledStage) -> None:
    first = called.meeting.starts_on
    assert first is not None
    client = signed_in(called.officer)
    page = client.get(CHANGE).content.decode()
    assert value_of(page, "first_day") == first.isoformat()
    given = {
        "key": key(), "version": value_of(page, "version"), "title": "Renamed", "format": "hybrid", "place": "Port",
        "first_day": first.isoformat(), "last_day": (first + DAY).isoformat(),
    }  # fmt: skip
    assert "The meeting is changed." in words(client.post(CHANGE, given, follow=True))
    stale = client.post(CHANGE, {**given, "key": key(), "place": "Harbour"})
    said, page = words(stale), stale.content.decode()
    assert "Somebody changed this meeting while you wrote." in said
    assert "differs from what you wrote Place Port" in said
    assert (value_of(page, "place"), value_of(page, "version")) == ("Harbour", "1")
    client.post(CHANGE, {**given, "key": key(), "place": "Harbour", "version": "1"})
    assert Meeting.objects.get(slug="called").place == "Harbour"


def test_a_meeting_that_is_over_is_not_changed(called: CalledStage) -> None:
    Meeting.objects.filter(pk=called.meeting.pk).update(state="closed")
    assert signed_in(called.officer).get(CHANGE).status_code == 403


def test_postponed_reads_as_such_in_lists_and_on_its_page(called: CalledStage) -> None:
    first = called.meeting.starts_on
    assert first is not None
    client = signed_in(called.officer)
    path = "/meetings/called/postpone/"
    client.post(path, {"key": key(), "reason": "A storm."})
    old = f"{first:%B %Y}"
    assert "postponed, new days not known" in words(client.get("/meetings/"))
    page = words(Client().get("/meetings/called/"))
    assert "is postponed, new days not known" in page
    assert "Dates not known yet; planned for" in page
    assert old in page
    assert "Fifth Harbour Meeting" not in words(Client().get("/"))
    new = first + 70 * DAY
    client.post(path, {"key": key(), "reason": "A storm.", "first_day": new.isoformat()})
    assert "postponed to these days" in words(client.get("/meetings/"))
    page = words(Client().get("/meetings/called/"))
    assert f"{new.day} {new:%B %Y}" in page
    assert "First planned" in page
    assert "postponed to these days" in words(Client().get("/"))


def test_cancelled_is_not_to_come(called: CalledStage) -> None:
    client = signed_in(called.officer)
    client.post("/meetings/called/cancel/", {"key": key(), "reason": "A storm."})
    listed = words(Client().get("/meetings/"))
    assert "cancelled" in listed
    assert "still to come" not in listed
    assert "Fifth Harbour Meeting" not in words(Client().get("/"))


@pytest.mark.parametrize("more", [0, 30])
def test_queries_do_not_grow(more: int, called: CalledStage, django_assert_max_num_queries: Any) -> None:
    for number in range(more):
        made = MeetingFactory(series=called.meeting.series, state="planned", title=f"Meeting {number}")
        made.tasks.create(text="Line", days_before=3)
    client = signed_in(called.officer)
    counts = {}
    for path in (PLAN, NEXT, CHANGE):
        with django_assert_max_num_queries(MOST_QUERIES) as found:
            client.get(path)
        counts[path] = len(found)
    assert counts == {PLAN: 9, NEXT: 14, CHANGE: 10}

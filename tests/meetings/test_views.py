"""The public pages of meetings as anyone opens them."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from meetings.models import Meeting
from members.models import FormerName
from tests.factories.directory import AppointmentFactory, ForumFactory, ParticipantFactory
from tests.factories.meetings import MeetingFactory, SeriesFactory, VerbFactory, attend, resolve
from tests.portal.forum_copy import load

pytestmark = pytest.mark.django_db
LIST_QUERIES = 5
DETAIL_QUERIES = 7


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture(autouse=True)
def harbour(request: pytest.FixtureRequest) -> None:
    if "real" not in request.fixturenames:
        ForumFactory.create()


@pytest.fixture
def real(db: None) -> None:
    load()


# --- the real meeting


def test_meeting_detail_shows_the_facts_to_anyone(real: None, client: Client) -> None:
    page = text_of(client, "/meetings/ahg-som-14/")
    assert "<h1>Fourteenth Meeting of the Ad Hoc Group Senior Officials</h1>" in page
    days = '<time datetime="2019-07-23">23</time>–<time datetime="2019-07-24">24 July 2019</time>'
    assert days in page
    for fact in ("Da Nang, Viet Nam", "Australia and Indonesia", "18 States, 6 organisations"):
        assert fact in page
    for heading, count in (
        ("Member States", 16),
        ("Member organisations", 4),
        ("Observer States", 2),
        ("Guests", 2),
    ):
        assert f'{heading} <span class="fw-normal quiet">{count}</span>' in page
    assert page.index("Observer States") < page.index(">Canada</a>") < page.index("Guests")
    assert "Asia Dialogue on Forced Migration (ADFM)" in page
    assert "3 decisions, 4 proposals." in page
    order = ["Endorsed</dt>", "Endorsed with proposals</dt>", "Planned</dt>", "Commended</dt>", "Highlighted</dt>"]
    assert sorted(order, key=page.index) == order
    assert page.count("<li>", page.index("Proposals that came with it"), page.index("</ol>")) == 4
    assert "Working Group on Trafficking in Persons (WG-TIP):" in page
    assert "Background, not an outcome of this meeting" in page
    assert "25 countries and territories" in page
    assert "Sample" not in page


def test_meeting_detail_links_neighbours(real: None, client: Client) -> None:
    page = text_of(client, "/meetings/ahg-som-14/")
    for slug in ("ahg-som-13", "ahg-som-15", "ministerial-conference-7", "ministerial-conference-8"):
        assert f'href="/meetings/{slug}/"' in page
    assert "8–10 February 2023, first planned for mid-2020" in page
    first = text_of(client, "/meetings/ministerial-conference-1/")
    assert 'href="/meetings/ministerial-conference-2/"' in first


def test_every_real_meeting_opens(real: None, client: Client) -> None:
    for slug in Meeting.objects.values_list("slug", flat=True):
        assert client.get(f"/meetings/{slug}/").status_code == 200


def test_virtual_meeting_has_no_place_to_miss(real: None, client: Client) -> None:
    page = text_of(client, "/meetings/wg-tip-6/")
    assert "<dt>Format</dt><dd>Virtual</dd>" in page
    assert "<dt>Place</dt>" not in page


def test_meeting_list_holds_all_real_meetings(real: None, client: Client) -> None:
    page = text_of(client, "/meetings/")
    assert "61 meetings are on record." in page
    second = text_of(client, "/meetings/?page=2")
    assert page.count('class="line three"') + second.count('class="line three"') == 61
    assert "Date not on record" in second
    assert '<span class="note">Virtual</span>' in page
    assert page.count("<h1") == 1


# --- what is not shown


def test_meeting_detail_hides_what_is_not_published(client: Client) -> None:
    planned = MeetingFactory.create(slug="next", state="planned", purpose="Secret purpose", summary="Secret summary")
    resolve(planned, text="Secret outcome", is_public=False)
    attend(planned, "LK")
    page = text_of(client, "/meetings/next/")
    assert "The Harbour Group is to meet in Colombo, Sri Lanka." in page
    assert "Secret" not in page
    assert "State LK" not in page
    MeetingFactory.create(slug="shut", state="closed")
    assert client.get("/meetings/shut/").status_code == 404
    assert "Title of shut" not in text_of(client, "/meetings/")
    assert client.get("/meetings/none/").status_code == 404


def test_meeting_detail_public_in_part_shows_who_came_alone(client: Client) -> None:
    secret = {
        "purpose": "Secret purpose",
        "summary": "Secret summary",
        "source": "Secret source",
        "next_text": "Secret",
    }
    meeting = MeetingFactory.create(slug="quiet", is_public_in_part=True, **secret)
    meeting.notes.create(text="Secret note")
    resolve(meeting, text="Secret outcome")
    attend(meeting, "LK")
    page = text_of(client, "/meetings/quiet/")
    assert "Public is only that it took place, and who came." in page
    assert "State LK" in page
    assert "Secret" not in page


def test_meeting_detail_hides_outcomes_that_are_not_public(client: Client) -> None:
    meeting = MeetingFactory.create(slug="m")
    resolve(meeting, text="For everyone.")
    resolve(meeting, text="For the secretariat.", is_public=False)
    page = text_of(client, "/meetings/m/")
    assert "For everyone." in page
    assert "For the secretariat." not in page


def test_meeting_detail_shows_staff_the_unpublished(client: Client) -> None:
    meeting = MeetingFactory.create(slug="shut", state="closed", purpose="Own purpose")
    resolve(meeting, text="Own outcome.", is_public=False)
    client.force_login(AppointmentFactory.create(role="officer").user)
    page = text_of(client, "/meetings/shut/")
    assert "Own purpose" in page
    assert "Own outcome." in page
    assert "Meeting, record not published yet" in page


def test_meeting_detail_marks_samples_and_what_is_to_be_confirmed(client: Client) -> None:
    meeting = MeetingFactory.create(slug="m", is_sample=True)
    ParticipantFactory.create(code="QQ", mark="C")
    attend(meeting, "LK", "QQ")
    page = text_of(client, "/meetings/m/")
    assert "<strong>Sample</strong>" in page
    assert page.count('href="#unsure"') == 1
    assert "To be confirmed by the secretariat" in page


def test_meeting_detail_counts_a_participant_once_over_sessions(client: Client) -> None:
    meeting = MeetingFactory.create(slug="m")
    attend(meeting, "LK", presence="absent")
    attend(meeting, "AU", presence="excused")
    second = meeting.sessions.create(title="Day 2", position=1)
    lk = meeting.sessions.get(position=0).attendances.get(participant__code="LK").participant
    second.attendances.create(participant=lk, capacity="member")
    page = text_of(client, "/meetings/m/")
    assert "1 State" in page
    assert "Excused: State AU." in page


def test_meeting_detail_escapes_text(client: Client) -> None:
    meeting = MeetingFactory.create(slug="m", title="<script>alert(1)</script>", summary="<b>x</b>")
    resolve(meeting, text="<img src=x onerror=alert(1)>", actor="<i>WG</i>")
    page = text_of(client, "/meetings/m/")
    for raw in ("<script>alert", "<b>x</b>", "<img src=x", "<i>WG"):
        assert raw not in page


# --- filter and pages


def test_meeting_list_filters(real: None, client: Client) -> None:
    assert text_of(client, "/meetings/?series=ministerial-conference").count('class="line three"') == 8
    assert text_of(client, "/meetings/?body=ad-hoc-group").count('class="line three"') == 17
    page = text_of(client, "/meetings/?year=2016")
    assert page.count('class="line three"') == 4
    assert '<option value="2016" selected>' in page
    assert "4 meetings, newest first." in page
    none = text_of(client, "/meetings/?year=2002&series=ahg-som")
    assert "No meeting matches." in none


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("series=nothing", "“nothing” is not a series on record, so all are shown."),
        ("body=%00", "is not a body on record"),
        ("year=20199", "“20199” is not a year with a meeting on record, so all are shown."),
        ("year=x'--", "is not a year with a meeting on record"),
        ("page=0", "There is no page “0” of this list, so the first is shown."),
        ("page=99", "There is no page “99” of this list, so the first is shown."),
        ("page=²", "There is no page “²” of this list, so the first is shown."),
        ("page=99999999999999999999", "of this list, so the first is shown."),
        (f"series={'a' * 300}", f"“{'a' * 40}” is not a series on record"),
    ],
)
def test_meeting_list_ignores_bad_values_in_a_sentence(query: str, sentence: str, client: Client) -> None:
    MeetingFactory.create(slug="m")
    page = text_of(client, f"/meetings/?{query}")
    assert sentence in page
    assert "Title of m" in page


def test_meeting_list_pages_keep_the_filter(client: Client) -> None:
    for year in (2020, 2021):
        for day in range(1, 29):
            MeetingFactory.create(starts_on=dt.date(year, 1, day))
    first = text_of(client, "/meetings/?series=harbour-som")
    assert "Meetings 1 to 28 of 56, newest first. A year is never cut in two." in first
    assert 'href="?series=harbour-som&amp;page=2">2020</a>' in first
    second = text_of(client, "/meetings/?series=harbour-som&page=2")
    assert "Meetings 29 to 56 of 56" in second
    assert "Page 2 of 2" in second


def test_meeting_list_empty_says_so(client: Client) -> None:
    assert "No meeting is on record yet." in text_of(client, "/meetings/")


def test_meeting_list_names_the_next(client: Client) -> None:
    day = timezone.localdate() + dt.timedelta(days=400)
    MeetingFactory.create(state="planned", starts_on=day, place="Perth")
    MeetingFactory.create()
    page = text_of(client, "/meetings/")
    assert f"One of them is still to come; the next one is in Perth on {day.day} {day:%B %Y}." in page
    vague = {"starts_on": None, "ends_on": None, "planned_text": "spring", "place": ""}
    sooner = timezone.localdate() + dt.timedelta(days=30)
    MeetingFactory.create(state="planned", earliest_on=sooner, latest_on=day, **vague)
    assert "2 of them are still to come; the next one is planned for spring." in text_of(client, "/meetings/")


# --- cost, caches, methods


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_meeting_list_takes_the_same_queries(rows: int, client: Client, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        attend(MeetingFactory.create(starts_on=dt.date(2000 + number % 20, 1, 1)), "LK", "AU")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/meetings/")


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_meeting_detail_takes_the_same_queries(rows: int, client: Client, django_assert_num_queries: Any) -> None:
    meeting = MeetingFactory.create(slug="m")
    MeetingFactory.create(starts_on=dt.date(2020, 1, 1))
    attend(meeting, *(f"X{number}" for number in range(rows)))
    for number in range(rows):
        parent = resolve(meeting, verb=VerbFactory.create(word=f"verb {number % 9}"), actor="WG")
        resolve(meeting, parent=parent)
        meeting.notes.create(text="Note")
    with django_assert_num_queries(DETAIL_QUERIES):
        response = client.get("/meetings/m/")
    assert response.content.count(b"State X") == rows


def test_public_pages_may_be_kept_only_when_made_for_nobody(client: Client) -> None:
    MeetingFactory.create(slug="m")
    for path in ("/meetings/", "/meetings/m/"):
        response = client.get(path)
        assert response["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in response["Vary"]
        assert not response.cookies
        assert b"csrfmiddlewaretoken" not in response.content
    client.force_login(AppointmentFactory.create(participant=ParticipantFactory.create()).user)
    for path in ("/meetings/", "/meetings/m/"):
        assert "public" not in client.get(path)["Cache-Control"]


def test_public_pages_take_no_post(client: Client) -> None:
    MeetingFactory.create(slug="m")
    for path in ("/meetings/", "/meetings/m/"):
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200


def test_series_without_a_shown_meeting_is_no_choice(client: Client) -> None:
    MeetingFactory.create(state="closed", series=SeriesFactory.create(slug="hidden", name="Hidden series"))
    assert "Hidden series" not in text_of(client, "/meetings/")


def test_meeting_detail_names_participants_as_they_were_called_then(client: Client) -> None:
    participant = ParticipantFactory.create(code="TL", short_name="Türkland")
    FormerName.objects.create(participant=participant, short_name="Turkland", to_on=dt.date(2022, 5, 31))
    before, after = (
        MeetingFactory.create(
            slug=f"m{year}", starts_on=dt.date(year, 5, 31), host=participant, place="Turkcity", country="there"
        )
        for year in (2022, 2023)
    )
    for meeting in (before, after):
        meeting.co_chairs.add(participant)
        attend(meeting, "TL")
    page = client.get(before.get_absolute_url()).content.decode()
    assert page.count("Turkland") == 3
    assert "Türkland" not in page
    assert f'href="{participant.get_absolute_url()}"' in page
    page = client.get(after.get_absolute_url()).content.decode()
    assert page.count("Türkland") == 3
    assert "Turkland" not in page

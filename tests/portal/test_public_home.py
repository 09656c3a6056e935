"""The public home: everything from the forum's data, nothing that is not public."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from members.models import BodyChair
from portal.public import public_home_context
from tests.factories.directory import BodyFactory, ForumFactory, ParticipantFactory, StandingFactory
from tests.factories.meetings import MeetingFactory, OutcomeFactory, VerbFactory, resolve
from tests.portal.forum_copy import load

pytestmark = pytest.mark.django_db
HOME_QUERIES = 8


def home(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_public_home_says_what_the_real_forum_is(client: Client) -> None:
    load()
    page = home(client)
    assert "<h1>Bali Process on People Smuggling, Trafficking in Persons and Related Transnational Crime</h1>" in page
    for fact in (
        "45 States, 4 organisations",
        "18 States, 9 organisations",
        "Founded in 2002",
        "Australia and Indonesia",
    ):
        assert fact in page
    assert page.count("4 to be confirmed by the secretariat") == 2
    assert "13 places, 49 meetings since 2002" in page
    assert "For 7 meetings no place is on record." in page
    assert "Fourteenth Meeting of the Ad Hoc Group Senior Officials" in page
    assert "Four proposals came with it." in page
    assert "Co-chairs: New Zealand and Viet Nam." in page
    assert "Coming meetings" not in page
    assert "Global Compact" not in page
    assert page.count("<h1") == 1


def test_public_home_is_nothing_of_the_real_forum_with_another_one(client: Client) -> None:
    ForumFactory.create()
    body = BodyFactory.create(name="Harbour Council", parent=None)
    for code in ("AA", "BB", "CC"):
        BodyChair.objects.create(body=body, participant=ParticipantFactory.create(code=code))
    StandingFactory.create(participant=ParticipantFactory.create(code="ORG", kind="organisation"))
    StandingFactory.create(participant=ParticipantFactory.create(code="OLD"), to_on=dt.date(2010, 1, 1))
    page = home(client)
    assert "Harbour Forum on Safe Passage" in page
    assert '<dd><a href="/members/?standing=member">1 organisation</a></dd>' in page
    assert f'<a href="/bodies/{body.slug}/">Harbour Council</a>' in page
    assert "<dd>none</dd>" in page
    assert "State AA, State BB and State CC" in page
    assert not re.search(r"Bali|Bangkok,? 1|Ad Hoc", page.replace("Forum Office, Bangkok", ""))


def test_templates_and_code_name_no_forum() -> None:
    folders = ("templates/meetings", "templates/portal", "meetings", "members", "decisions", "portal")
    named = [
        path
        for folder in folders
        for path in Path(settings.BASE_DIR / folder).rglob("*")
        if path.suffix in (".py", ".html") and re.search(r"Bali Process|Ad Hoc Group|\bAHG\b|Da Nang", path.read_text())
    ]
    assert named == []


def test_public_home_lists_coming_meetings_and_hides_closed_ones(client: Client) -> None:
    ForumFactory.create()
    day = timezone.localdate() + dt.timedelta(days=30)
    MeetingFactory.create(title="Coming one", state="planned", starts_on=day, place="Perth")
    MeetingFactory.create(title="Closed one", state="closed")
    MeetingFactory.create(title="Cancelled one", state="cancelled", starts_on=day)
    page = home(client)
    assert "Coming one" in page
    assert f"The next meeting is in Perth, on {day.day} {day:%B %Y}." in page
    assert "Closed one" not in page
    assert "Cancelled one" not in page


def test_public_home_shows_latest_public_outcomes(client: Client) -> None:
    ForumFactory.create()
    meeting = MeetingFactory.create(title="Source meeting")
    parent = resolve(meeting, text="Decided text.")
    resolve(meeting, text="Proposal text.", parent=parent, verb=VerbFactory.create(word="proposed", weight="asks"))
    resolve(meeting, text="Hidden text.", is_public=False)
    resolve(meeting, text="Background text.", is_background=True)
    resolve(meeting, text="Noted text.", verb=VerbFactory.create(word="noted", weight="notes"))
    OutcomeFactory.create(
        text="Circulated text.",
        source_path="/c/1/",
        source_title="Circulation 1",
        source_on=dt.date(2024, 6, 1),
        is_sample=True,
    )
    page = home(client)
    assert page.index("Circulated text.") < page.index("Decided text.")
    assert "One proposal came with it." in page
    assert '<strong class="note">Sample</strong>' in page
    for words in ("Proposal text", "Hidden text", "Background text", "Noted text"):
        assert words not in page


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_public_home_takes_the_same_queries(rows: int, django_assert_num_queries: Any) -> None:
    ForumFactory.create()
    for number in range(rows):
        meeting = MeetingFactory.create(starts_on=dt.date(2000 + number % 20, 1, 1), latitude=number, longitude=number)
        resolve(meeting)
        BodyChair.objects.create(body=BodyFactory.create(), participant=ParticipantFactory.create())
        StandingFactory.create()
    with django_assert_num_queries(HOME_QUERIES):
        public_home_context()


def test_public_home_before_any_data_is_loaded(client: Client) -> None:
    page = home(client)
    assert "<h1>Forum</h1>" in page
    assert "Coming meetings" not in page
    assert '<svg class="place"' not in page

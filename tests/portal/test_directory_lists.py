"""The list of members and observers: on any day, by filter, with its plot."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client

from members.models import Alias, BodyMembership, FormerName, Participant, Standing
from members.names import fold
from tests.factories.directory import BodyFactory, ForumFactory, ParticipantFactory, StandingFactory
from tests.portal.forum_copy import load

pytestmark = pytest.mark.django_db
LIST_QUERIES = 5
CHANGE = dt.date(2013, 4, 1)


def listed(client: Client, query: str = "") -> str:
    response = client.get(f"/members/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def names(page: str) -> list[str]:
    """The names of the list in their order."""
    return re.findall(r'<li><a class="serif fw-normal" href="/members/[\w-]+/">(.*?)</a>', page)


def status(page: str) -> str:
    return re.search(r'role="status">(.*?)</span>', page).group(1)  # type: ignore[union-attr]


def member(code: str, **values: Any) -> Participant:
    standing = {name: values.pop(name) for name in ("standing", "from_on", "to_on", "mark") if name in values}
    participant: Participant = ParticipantFactory.create(code=code, **values)
    StandingFactory.create(participant=participant, **standing)
    return participant


@pytest.fixture
def small() -> None:
    """Two member States, a member organisation, an observer that became a member, a former member, a guest."""
    ForumFactory.create()
    member("BB", short_name="Bland", sort_key="bland")
    member("AA", short_name="Aland", sort_key="aland", from_on=CHANGE)
    member("ORG", short_name="Orga", kind="organisation", formal_name="Organisation of All", sort_key="orga")
    grown = member("CC", short_name="Cland", sort_key="cland", from_on=CHANGE)
    StandingFactory.create(participant=grown, standing="observer", to_on=CHANGE - dt.timedelta(days=1))
    member("DD", short_name="Dland", sort_key="dland", to_on=dt.date(2015, 1, 1))
    ParticipantFactory.create(code="EE", short_name="Eland", sort_key="eland")


def test_list_of_the_real_forum(client: Client) -> None:
    load()
    page = listed(client)
    assert (
        "45 member States and 4 member organisations, with 18 observer States and 9 observer organisations, on" in page
    )
    assert "The standing of 8 of them is to be confirmed by the secretariat." in page
    assert [re.sub("<.*?>", "", one) for one in re.findall(r"<h2 id=\"g\d.*?</p>", page)] == [
        "Member States 45",
        "Member organisations 4",
        "Observer States 18",
        "Observer organisations 9",
    ]
    assert len(names(page)) == 76
    assert page.count("standing to be confirmed") == 8
    assert '<svg class="place globe"' in page
    assert "FSC" not in page


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("Vietnam", "Viet Nam"),
        ("viet nam", "Viet Nam"),
        ("turkey", "Türkiye"),
        ("TURKIYE", "Türkiye"),
        ("vn", "Viet Nam"),
    ],
)
def test_names_are_found_as_people_write_them(client: Client, wanted: str, found: str) -> None:
    load()
    assert found in names(listed(client, f"?q={wanted}"))


def test_list_groups_by_standing_and_sorts_by_key(client: Client, small: None) -> None:
    page = listed(client)
    assert names(page) == ["Aland", "Bland", "Cland", "Orga"]
    assert "3 member States and 1 member organisation, on" in page
    assert "Since 1 April 2013" in page
    assert "Organisation of All" in page
    assert status(page) == "4 participants."
    assert "to be confirmed" not in page


def test_list_of_a_past_day_has_the_standing_of_that_day(client: Client, small: None) -> None:
    page = listed(client, "?on=2013-03-31")
    assert names(page) == ["Bland", "Dland", "Orga", "Cland"]
    assert "2 member States and 1 member organisation, with 1 observer State, on 31 March 2013." in page
    assert status(page) == "4 participants, as on 31 March 2013."
    assert "As of 31 March 2013" in page
    assert 'value="2013-03-31"' in page
    assert names(listed(client, "?on=2013-04-01")) == ["Aland", "Bland", "Cland", "Dland", "Orga"]


def test_list_of_a_past_day_has_the_name_of_that_day(client: Client) -> None:
    ForumFactory.create()
    one = member("AA", short_name="Newland", formal_name="Republic of Newland")
    FormerName.objects.create(participant=one, short_name="Oldland", to_on=dt.date(2020, 6, 30))
    assert names(listed(client)) == ["Newland"]
    past = listed(client, "?on=2020-06-30")
    assert names(past) == ["Oldland"]
    assert "now Newland" in past
    assert "Republic of Newland" not in past
    assert names(listed(client, "?q=oldland")) == ["Newland"]
    assert names(listed(client, "?on=2020-07-01")) == ["Newland"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?standing=member", ["Aland", "Bland", "Cland", "Orga"]),
        ("?standing=observer", []),
        ("?standing=observer&on=2013-03-31", ["Cland"]),
        ("?standing=none", ["Dland", "Eland"]),
        ("?kind=organisation", ["Orga"]),
        ("?kind=state&q=land&standing=member", ["Aland", "Bland", "Cland"]),
        ("?q=organisation of", ["Orga"]),
        ("?q=%20bb%20", ["Bland"]),
        ("?q=Beeland", ["Bland"]),
        ("?q=%25", []),
        ("?q=eland", []),
    ],
)
def test_filter(client: Client, small: None, query: str, found: list[str]) -> None:
    Alias.objects.create(participant=Participant.objects.get(code="BB"), name="Bééland", folded=fold("Bééland"))
    page = listed(client, query)
    if query == "?q=eland":
        assert names(page) == ["Bland", "Eland"]  # by its other spelling; and one without standing, asked for by name
    else:
        assert names(page) == found
    assert ("No participant matches." in page) == (not names(page))


def test_none_has_a_group_only_when_asked_for(client: Client, small: None) -> None:
    assert "No standing on this day" not in listed(client)
    assert "No standing on this day" in listed(client, "?standing=none")


def test_filter_by_body_takes_its_members_of_the_day(client: Client, small: None) -> None:
    group = BodyFactory.create(slug="group", abbreviation="GRP")
    BodyFactory.create(slug="council", takes_all_members=True)
    for code, from_on in (("BB", None), ("EE", None), ("AA", CHANGE)):
        BodyMembership.objects.create(body=group, participant=Participant.objects.get(code=code), from_on=from_on)
    page = listed(client, "?body=group")
    assert names(page) == ["Aland", "Bland", "Eland"]
    assert page.count("GRP") >= 3
    assert names(listed(client, "?body=group&on=2013-03-31")) == ["Bland", "Eland"]
    assert names(listed(client, "?body=council&on=2013-03-31")) == ["Bland", "Dland", "Orga"]


def test_bodies_of_a_row_are_those_of_the_day(client: Client, small: None) -> None:
    group = BodyFactory.create(slug="group", abbreviation="GRP")
    BodyMembership.objects.create(body=group, participant=Participant.objects.get(code="AA"), from_on=CHANGE)
    BodyMembership.objects.create(
        body=BodyFactory.create(slug="gone", abbreviation="GONE", is_current=False),
        participant=Participant.objects.get(code="AA"),
    )
    page = listed(client)
    assert "Since 1 April 2013; GRP" in page
    assert '<div class="note">GRP' not in page
    assert ">GONE" not in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?standing=king", "“king” is not a standing, so all are shown."),
        ("?kind=planet", "“planet” is not a kind of participant, so all are shown."),
        ("?body=no-such", "“no-such” is not a body on record, so all are shown."),
        (f"?q={'x' * 101}", "A name to look for has at most 100 characters, so all are shown."),
        ("?q=%00", "so all are shown."),
    ],
)
def test_what_cannot_be_used_is_left_out_and_said(client: Client, small: None, query: str, sentence: str) -> None:
    page = listed(client, query)
    assert sentence in page
    assert names(page) == ["Aland", "Bland", "Cland", "Orga"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2013-02-30", "“2013-02-30” is not a day of the calendar."),
        ("yesterday", "“yesterday” is not a day of the calendar."),
        ("0001-01-01", "Choose a day from 1900 to 2100."),
        ("9999-12-31", "Choose a day from 1900 to 2100."),
        ("&lt;b&gt;", "is not a day of the calendar."),
    ],
)
def test_bad_day_is_said_beside_its_field_and_stays_there(
    client: Client, small: None, typed: str, sentence: str
) -> None:
    page = " ".join(client.get("/members/", {"on": typed, "standing": "member"}).content.decode().split())
    field = re.search(r'<p class="err" id="day-fault">(.*?)</p><input (.*?)>', page)
    assert field
    assert sentence in field.group(1)
    assert "The list is of today" in field.group(1)
    assert 'aria-describedby="day-fault"' in field.group(2)
    assert 'value="' in field.group(2)
    assert names(page) == ["Aland", "Bland", "Cland", "Orga"]
    assert "<title>Error: " in page


def test_mark_is_said_at_the_row_and_counted(client: Client) -> None:
    ForumFactory.create()
    member("AA", mark="C")
    other = member("BB")
    Participant.objects.filter(pk=other.pk).update(mark="C")
    page = listed(client)
    assert '<a href="#unsure">standing to be confirmed</a>' in page
    assert '<a href="#unsure">name to be confirmed</a>' in page
    assert "The standing of 1 of them is to be confirmed by the secretariat." in page
    assert 'id="unsure"' in page


def test_standing_that_is_written_twice_is_listed_once(client: Client) -> None:
    ForumFactory.create()
    one = member("AA")
    Standing.objects.create(participant=one, standing="member", from_on=CHANGE)
    assert names(listed(client)) == ["State AA"]


def test_list_before_any_data_is_loaded(client: Client) -> None:
    page = listed(client)
    assert "No member or observer is on record on" in page
    assert status(page) == "No participant with standing is on record on this day."
    assert '<svg class="place globe"' not in page


def test_list_as_a_file_for_spreadsheets(client: Client, small: None) -> None:
    Participant.objects.filter(code="AA").update(formal_name="=1+1", formal_mark="C")
    Standing.objects.filter(participant__code="BB").update(mark="C")
    link = re.search(r'href="(\?[^"]*format=csv)"', listed(client, "?kind=state&on=2014-01-01"))
    assert link
    response = client.get(f"/members/{link.group(1).replace('&amp;', '&')}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="members-and-observers-2014-01-01.csv"' in response["Content-Disposition"]
    text = response.content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["Day", "Standing", "Code", "Name", "Note", "Since", "Bodies", "To be confirmed"],
        ["2014-01-01", "Member States", "AA", "Aland", "'=1+1", "2013-04-01", "", "name to be confirmed"],
        ["2014-01-01", "Member States", "BB", "Bland", "", "", "", "standing to be confirmed"],
        ["2014-01-01", "Member States", "CC", "Cland", "", "2013-04-01", "", ""],
        ["2014-01-01", "Member States", "DD", "Dland", "", "", "", ""],
    ]


def test_list_may_be_kept_by_caches_for_who_is_not_signed_in(client: Client) -> None:
    ForumFactory.create()
    assert "public" in client.get("/members/")["Cache-Control"]


@pytest.mark.parametrize("rows", [3, 30])
def test_list_takes_the_same_queries(client: Client, rows: int, django_assert_num_queries: Any) -> None:
    ForumFactory.create()
    group = BodyFactory.create(slug="group")
    for number in range(rows):
        one = member(f"P{number}", standing="member" if number % 3 else "observer", latitude=number, longitude=number)
        BodyMembership.objects.create(body=group, participant=one)
        FormerName.objects.create(participant=one, short_name=f"Old {number}", to_on=CHANGE)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(names(listed(client, "?q=old&on=2013-04-01"))) == rows
    with django_assert_num_queries(LIST_QUERIES):
        listed(client)

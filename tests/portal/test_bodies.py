"""The list of bodies and the page of one: everything from the forum's data, and only what the reader may see."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from documents.enums import Audience, DocumentState
from documents.models import Document, Version
from endorsements.enums import State
from endorsements.models import Circulation, Procedure
from members.models import Admission, Body, BodyChair, BodyMembership
from portal.directory.words import listed, period_in_words
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.directory import BodyFactory, ForumFactory, ParticipantFactory, StandingFactory
from tests.factories.meetings import MeetingFactory, OutcomeFactory, SeriesFactory
from tests.portal.forum_copy import load

pytestmark = pytest.mark.django_db
LIST_QUERIES, DETAIL_QUERIES = 5, 10


def opened(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def part(page: str, heading: str) -> str:
    """One section of a page."""
    return re.search(rf'<section [^>]*aria-labelledby="{heading}">(.*?)</section>', page).group(1)  # type: ignore[union-attr]


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_bodies_of_the_real_forum_hang_under_the_body_they_report_to(client: Client) -> None:
    load()
    page = opened(client, "/bodies/")
    assert page.count("<h1") == 1
    order = [
        page.index(f">{name}</a>") for name in ("Ministerial Conference", "Ad Hoc Group", "Ad Hoc Experts’ Group I")
    ]
    assert order == sorted(order)
    assert page.index("Bodies of earlier years") < order[2]
    assert "Co-chairs: New Zealand and Viet Nam." in page
    assert "16 States, 3 organisations." in page
    assert page.count("45 States, 4 organisations.") == 2


def test_page_of_a_real_body(client: Client) -> None:
    load()
    page = opened(client, "/bodies/ad-hoc-group/")
    head = text(page[page.index("<h1") : page.index("</dl>")])
    assert "Abbreviation AHG" in head
    assert "Reports to Senior Officials’ Meeting" in head
    assert "Co-chairs Australia and Indonesia" in head
    assert "Participants 16 States, 3 organisations" in head
    assert '<a href="/members/lk/">Sri Lanka</a>' in part(page, "participants").replace("sri-lanka", "lk")
    assert "Working Group on Trafficking in Persons" in part(page, "children")
    assert '<a href="/meetings/?body=ad-hoc-group">' in page
    terms = text(part(page, "procedure"))
    assert "10 working days" in terms
    assert "17:00 in Bangkok" in terms
    assert "1 objection, at once" in terms
    assert "read the draft and do not count" in terms
    assert "Circulations" not in text(page[page.index("<main") :])


def test_bodies_before_any_data_is_loaded(client: Client) -> None:
    assert "No body is on record yet." in opened(client, "/bodies/")


def test_body_without_anything(client: Client) -> None:
    ForumFactory.create()
    BodyFactory.create(slug="bare", name="Bare Group", abbreviation="")
    page = opened(client, "/bodies/bare/")
    assert "What this body does is not on record." in page
    assert "The terms of reference are not on record." in page
    assert "Who belongs to it is not on record." in page
    assert "Participants not on record" in text(page)
    for heading in ("chairs", "children", "meetings", "procedure", "circulations", "documents", "outcomes"):
        assert f'id="{heading}"' not in page


def test_parents_that_run_in_a_circle_lose_no_body(client: Client) -> None:
    ForumFactory.create()
    one = BodyFactory.create(slug="one", name="Body One")
    two = BodyFactory.create(slug="two", name="Body Two", parent=one)
    BodyFactory.create(slug="three", name="Body Three", parent=two)
    Body.objects.filter(pk=one.pk).update(parent=two)
    page = opened(client, "/bodies/")
    for name in ("Body One", "Body Two", "Body Three"):
        assert page.count(f">{name}</a>") == 1


def test_body_under_one_that_no_longer_meets_is_a_root(client: Client) -> None:
    ForumFactory.create()
    past = BodyFactory.create(slug="past", name="Past Body", is_current=False)
    BodyFactory.create(slug="now", name="Body of Now", parent=past)
    page = opened(client, "/bodies/")
    assert page.index("Body of Now") < page.index("Bodies of earlier years") < page.index("Past Body")
    assert "no longer meets" not in opened(client, "/bodies/past/")
    assert "No longer meets" in opened(client, "/bodies/past/")


def test_body_of_all_members_gives_their_number_and_the_way_to_them(client: Client) -> None:
    ForumFactory.create()
    BodyFactory.create(slug="council", takes_all_members=True)
    StandingFactory.create()
    StandingFactory.create(participant=ParticipantFactory.create(code="ORG", kind="organisation"))
    StandingFactory.create(standing="observer")
    said = part(opened(client, "/bodies/council/"), "participants")
    assert "Every member of the forum belongs to it: 1 State, 1 organisation." in text(said)
    assert '<a href="/members/?standing=member">All members</a>' in said


def test_terms_of_reference_are_paragraphs(client: Client) -> None:
    ForumFactory.create()
    BodyFactory.create(slug="group", terms_of_reference="It writes guides.\n\nIt meets <twice> a year.")
    said = part(opened(client, "/bodies/group/"), "terms")
    assert said.count("<p ") == 2
    assert "It meets &lt;twice&gt; a year." in said


def test_co_chairs_over_time_newest_first_with_what_is_unsure(client: Client) -> None:
    ForumFactory.create()
    body = BodyFactory.create(slug="group")
    for code, first, last, mark in (
        ("AA", None, None, "A"),
        ("BB", dt.date(2019, 1, 1), dt.date(2021, 12, 31), "B"),
        ("CC", dt.date(2022, 3, 4), None, "C"),
        ("DD", dt.date(2022, 3, 4), None, "C"),
        ("EE", dt.date(2010, 1, 1), dt.date(2010, 12, 31), "A"),
    ):
        BodyChair.objects.create(
            body=body, participant=ParticipantFactory.create(code=code), from_on=first, to_on=last, mark=mark
        )
    page = opened(client, "/bodies/group/")
    assert text(part(page, "chairs")) == (
        "Co-chairs over time"
        " Since 4 March 2022 State CC , State DD to be confirmed by the secretariat"
        " 2019 to 2021 State BB follows from lists that were read"
        " 2010 State EE"
        " Date not known State AA"
    )
    assert "Co-chairs State AA, State CC and State DD" in text(page)


def test_participants_of_today_with_what_is_unsure(client: Client) -> None:
    ForumFactory.create()
    body = BodyFactory.create(slug="group")
    for code, values in (("AA", {}), ("BB", {"mark": "C"}), ("CC", {"to_on": dt.date(2015, 1, 1)})):
        BodyMembership.objects.create(body=body, participant=ParticipantFactory.create(code=code), **values)
    said = part(opened(client, "/bodies/group/"), "participants")
    assert "State AA" in said
    assert '<a href="/members/bb/">State BB</a> <a class="note" href="#unsure">to be confirmed</a>' in said
    assert "State CC" not in said


def test_body_no_one_knows_is_404(client: Client) -> None:
    assert client.get("/bodies/no-such-body/").status_code == 404


def test_meetings_are_those_the_reader_may_see(client: Client) -> None:
    stage = Stage()
    series = SeriesFactory.create(body=stage.body)
    MeetingFactory.create(series=series, title="Published one")
    MeetingFactory.create(series=series, title="Closed one", state="closed")
    path = stage.body.get_absolute_url()
    page = opened(client, path)
    assert "1 meeting" in part(page, "meetings")
    assert "Closed one" not in page
    client.force_login(stage.officer)
    page = opened(client, path)
    assert "2 meetings" in part(page, "meetings")
    assert "Closed one" in page


def test_circulations_are_seen_only_by_those_they_concern(client: Client) -> None:
    stage = Stage()
    circulation = stage.opened()
    path, link = stage.body.get_absolute_url(), f'href="{circulation.get_absolute_url()}"'
    assert link not in opened(client, path)
    client.force_login(stage.stranger)
    assert link not in opened(client, path)
    for person in (stage.focal_point, stage.officer, stage.co_chair):
        client.force_login(person)
        assert link in part(opened(client, path), "circulations"), person


def test_a_draft_of_a_circulation_is_the_secretariats_alone(client: Client) -> None:
    stage = Stage()
    circulation = stage.opened()
    Circulation.objects.filter(pk=circulation.pk).update(state=State.DRAFT.value)
    link = f'href="{circulation.get_absolute_url()}"'
    client.force_login(stage.focal_point)
    assert link not in opened(client, stage.body.get_absolute_url())
    client.force_login(stage.officer)
    assert link in opened(client, stage.body.get_absolute_url())


def test_documents_are_those_the_reader_may_see(client: Client) -> None:
    stage = Stage()
    version: Version = VersionFactory.create(document__body=stage.body, document__title="Guide of the group")
    path = stage.body.get_absolute_url()
    assert "Guide of the group" not in opened(client, path)
    client.force_login(stage.officer)
    assert "Guide of the group" in part(opened(client, path), "documents")
    client.logout()
    Document.objects.filter(pk=version.document_id).update(
        audience=Audience.PUBLIC.value, state=DocumentState.PUBLISHED.value
    )
    Version.objects.filter(pk=version.pk).update(released_at=dt.datetime(2024, 5, 2, tzinfo=dt.UTC))
    assert "Guide of the group" in part(opened(client, path), "documents")


def test_decisions_that_concern_it_are_public_ones(client: Client) -> None:
    ForumFactory.create()
    body = BodyFactory.create(slug="group")
    OutcomeFactory.create(text="Open text.", body=body, source_title="Tenth Meeting", number="HF/INT/2024/1")
    OutcomeFactory.create(text="Hidden text.", body=body, is_public=False)
    OutcomeFactory.create(text="Text of others.")
    said = part(opened(client, "/bodies/group/"), "outcomes")
    assert "Open text." in said
    assert "Tenth Meeting" in said
    assert "HF/INT/2024/1" in said
    assert "Hidden" not in said
    assert "others" not in said


def test_admissions_under_way_are_for_the_secretariat(client: Client) -> None:
    stage = Stage()
    Admission.objects.create(participant=ParticipantFactory.create(code="ZZ"), body=stage.body)
    path = stage.body.get_absolute_url()
    assert "Admission under way" not in opened(client, path)
    client.force_login(stage.focal_point)
    assert "Admission under way" not in opened(client, path)
    client.force_login(stage.officer)
    assert "Admission under way: State ZZ." in opened(client, path)


@pytest.mark.parametrize(
    ("own", "takes_all", "shown"),
    [(True, False, "Own procedure"), (True, True, "Own procedure"), (False, True, "General"), (False, False, "")],
)
def test_procedure_in_force(client: Client, own: bool, takes_all: bool, shown: str) -> None:
    ForumFactory.create()
    body = BodyFactory.create(slug="group", takes_all_members=takes_all)
    terms: dict[str, Any] = {"mode": "silence", "sentence": "Who is silent agrees."}
    Procedure.objects.create(slug="general", name="General", proposals_stop=True, stops_at_once=False, **terms)
    if own:
        Procedure.objects.create(slug="sample", name="A sample", body=body, is_sample=True, **terms)
        Procedure.objects.create(slug="own", name="Own procedure", body=body, counts_organisations=True, **terms)
    page = opened(client, "/bodies/group/")
    assert ('id="procedure"' in page) == bool(shown)
    if shown:
        said = text(part(page, "procedure"))
        assert shown in said
        assert "Who is silent agrees." in said
        assert ("count as States do" in said) == own
        assert ("a proposed amendment stops it" in said) == (not own)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_bodies_take_the_same_queries(client: Client, rows: int, django_assert_num_queries: Any) -> None:
    ForumFactory.create()
    parent = BodyFactory.create(slug="parent")
    body = BodyFactory.create(slug="group", parent=parent)
    for number in range(rows):
        one = ParticipantFactory.create(code=f"P{number}")
        StandingFactory.create(participant=one)
        BodyMembership.objects.create(body=body, participant=one)
        BodyChair.objects.create(body=body, participant=one)
        BodyFactory.create(slug=f"under-{number}", parent=body)
        MeetingFactory.create(series=SeriesFactory.create(slug=f"series-{number}", body=body))
        OutcomeFactory.create(body=body)
        version = VersionFactory.create(document__body=body)
        Document.objects.filter(pk=version.document_id).update(audience="public", state="published")
        Version.objects.filter(pk=version.pk).update(released_at=dt.datetime(2024, 5, 2, tzinfo=dt.UTC))
        Procedure.objects.create(slug=f"own-{number}", name=f"Own {number}", body=body, mode="silence", sentence="So.")
    with django_assert_num_queries(LIST_QUERIES):
        opened(client, "/bodies/")
    with django_assert_num_queries(DETAIL_QUERIES):
        opened(client, "/bodies/group/")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, "date not known"),
        (dt.date(2022, 1, 1), None, "since 2022"),
        (dt.date(2011, 10, 12), None, "since 12 October 2011"),
        (None, dt.date(2012, 12, 31), "until 2012"),
        (None, dt.date(2013, 3, 31), "until 31 March 2013"),
        (dt.date(2017, 1, 1), dt.date(2017, 12, 31), "2017"),
        (dt.date(2020, 1, 1), dt.date(2021, 12, 31), "2020 to 2021"),
        (dt.date(2020, 1, 1), dt.date(2021, 6, 30), "2020 to 30 June 2021"),
    ],
)
def test_period_in_words(first: dt.date | None, last: dt.date | None, words: str) -> None:
    assert period_in_words(first, last) == words


def test_names_are_listed_as_english_does() -> None:
    assert [listed(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == ["", "A", "A and B", "A, B and C"]

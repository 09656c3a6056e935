"""The page of one participant: what it says of itself, and what it costs."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from endorsements.enums import PositionKind
from endorsements.models import Circulation
from members.clock import clock
from members.enums import AdmissionState, Kind, StandingKind
from members.models import Admission, AdmissionStage, AdmissionStep, BodyChair, FormerName, Merger, User
from notifications.enums import NoticeState
from notifications.models import Notice
from portal.directory.zones import local_time
from tests.factories.circulations import ProcedureFactory, Stage, VersionFactory
from tests.factories.directory import (
    AppointmentFactory,
    BodyFactory,
    ForumFactory,
    ParticipantFactory,
    StandingFactory,
    UserFactory,
)
from tests.factories.meetings import MeetingFactory, SeriesFactory, attend
from tests.portal.reading import seen, text_of

pytestmark = pytest.mark.django_db
OFFICER_QUERIES = 14
"""Session, account, appointments, forum; participant, facts, drafts, replies, admissions, stages, team, its mail,
attendance; new messages."""
PUBLIC_QUERIES = 5


def test_head_says_what_waits_and_leads_to_it() -> None:
    stage = Stage()
    first = stage.states[0]
    calm = seen(stage.focal_point, first)
    assert "No draft is open for a reply now." in calm
    assert "Answer the" not in calm
    one = stage.opened()
    page = seen(stage.focal_point, first)
    assert "One draft waits for a reply. It is due on " in page
    assert f'<a class="btn btn-primary" href="{one.get_absolute_url()}">Answer the draft</a>' in page
    assert "Public, with a part for Aland only" in page
    assert "in Colombo</span>" in page
    stage.version = VersionFactory(document__body=stage.body)
    stage.opened(seconds=1800)
    page = seen(stage.focal_point, first)
    assert "2 drafts wait for a reply. The first is due on " in page
    assert '<a class="btn btn-primary" href="/">Answer the 2 drafts</a>' in page
    assert "29 minutes left" in page
    assert page.index("29 minutes left") < page.index("59 minutes left")
    for user in (stage.reviewer, stage.officer):
        page = seen(user, first)
        assert "2 drafts wait for a reply." in page
        assert "Answer the" not in page, "only who speaks for it answers"
    stage.reply(one, PositionKind.ENDORSE)
    assert "One draft waits for a reply." in seen(stage.focal_point, first)


def test_organisation_that_does_not_count_is_asked_nothing() -> None:
    stage = Stage()
    stage.opened()
    page = seen(stage.org_person, stage.organisation)
    assert "No draft is open for a reply now." in page
    assert "Member organisation" in page


def test_names_standing_and_time_of_a_member() -> None:
    ForumFactory()
    one = ParticipantFactory(
        code="TT", short_name="Tiland", formal_name="Republic of Tiland", formal_mark="C", mark="C",
        time_zone="Asia/Kabul", languages=["English", "French"],
    )  # fmt: skip
    StandingFactory(participant=one, standing="observer", to_on=dt.date(2013, 3, 31))
    StandingFactory(participant=one, from_on=dt.date(2013, 4, 1), mark="C")
    FormerName.objects.create(participant=one, short_name="Teeland", to_on=dt.date(2022, 5, 31))
    one.aliases.create(name="Tea Land", folded="tea land")
    one.aliases.create(name="Tiland", folded="tiland")
    page = text_of(Client(), one)
    assert "Observer of the Harbour Forum until 31 March 2013, then member since 1 April 2013." in page
    assert "Named Teeland until 31 May 2022." in page
    assert 'Republic of Tiland<br><span class="note">to be confirmed by the secretariat' in page
    assert 'Member since 1 April 2013<br><span class="note">to be confirmed by the secretariat' in page
    assert "2 h 30 min behind Bangkok, UTC+4:30" in page
    assert "English, French" in page
    assert "Other spellings: Tea Land." in page
    assert "no public source was read for it" in page
    assert "<span>Member State</span>" in page
    assert page.count("<h1") == 1


STANDINGS: list[tuple[list[dict[str, Any]], str, str]] = [
    ([], "Neither a member nor an observer of the Harbour Forum.", "No standing"),
    ([{}], "Member of the Harbour Forum, date not known.", "Member State"),
    ([{"from_on": dt.date(2013, 4, 1)}], "Member of the Harbour Forum since 1 April 2013.", "Member State"),
    ([{"standing": "observer"}], "Observer of the Harbour Forum, date not known.", "Observer State"),
    ([{"to_on": dt.date(2015, 1, 2)}], "Member of the Harbour Forum until 2 January 2015.", "No standing"),
    ([{"from_on": dt.date(2100, 1, 2)}], "Member of the Harbour Forum from 2 January 2100 on.", "No standing"),
    ([{}, {"standing": "observer"}], "Member of the Harbour Forum, date not known.", "Member State"),
]


@pytest.mark.parametrize(("rows", "sentence", "words"), STANDINGS)
def test_sentence_of_each_standing(rows: list[dict[str, Any]], sentence: str, words: str) -> None:
    ForumFactory()
    one = ParticipantFactory()
    for row in rows:
        StandingFactory(participant=one, **row)
    page = text_of(Client(), one)
    assert f'<p class="lede">{sentence}</p>' in page
    assert f"<span>{words}</span>" in page


def test_merged_participant_leads_to_the_one_in_its_place() -> None:
    ForumFactory()
    small, large = ParticipantFactory(short_name="Small"), ParticipantFactory(short_name="Large")
    StandingFactory(participant=small)
    Merger.objects.create(participant=small, into=large, on=dt.date(2022, 6, 1))
    page = text_of(Client(), small)
    assert "Merged into Large on 1 June 2022. Its record stays here." in page
    assert f'<a href="{large.get_absolute_url()}">Large</a>' in page
    assert "No standing" in page
    assert f'Took in <a href="{small.get_absolute_url()}">Small</a>' in text_of(Client(), large)


def test_bodies_with_their_dates_and_quietly_those_it_left() -> None:
    ForumFactory()
    one = ParticipantFactory()
    StandingFactory(participant=one, from_on=dt.date(2013, 4, 1))
    everyone = BodyFactory(name="Whole House", takes_all_members=True)
    group, left, chaired = (BodyFactory(name=name) for name in ("Small Group", "Left Group", "Chaired Group"))
    group.memberships.create(participant=one, from_on=dt.date(2011, 10, 12))
    left.memberships.create(participant=one, to_on=dt.date(2015, 3, 1))
    BodyChair.objects.create(body=chaired, participant=one, from_on=dt.date(2022, 1, 1), mark="C")
    BodyChair.objects.create(body=chaired, participant=one, from_on=dt.date(2019, 1, 1), to_on=dt.date(2019, 12, 31))
    other = BodyFactory(name="Other Group")
    page = text_of(Client(), one)
    for name, note in [
        ("Whole House", "as a member since 1 April 2013"),
        ("Small Group", "since 12 October 2011"),
        ("Chaired Group", "co-chair since 2022, to be confirmed"),
    ]:
        assert f'{name}</a></div><div class="note">{note}</div>' in page
    earlier = page[page.index(">Earlier</h3>") :]
    assert "Left Group</a>: until 1 March 2015</li>" in earlier
    assert "Chaired Group</a>: co-chair in 2019</li>" in earlier
    assert f'href="{everyone.get_absolute_url()}"' in page
    assert other.name not in page
    assert "It belongs to no body now." in text_of(Client(), ParticipantFactory())


def test_admission_shows_each_step_with_its_day_and_source_and_what_comes_next() -> None:
    stage = Stage()
    one = ParticipantFactory()
    first, second, third = (
        AdmissionStage.objects.create(slug=f"s{n}", position=n, word=word, sentence=f"The forum {word.lower()}.")
        for n, word in enumerate(["Proposed", "Decided", "Welcomed"])
    )
    made = Admission.objects.create(participant=one, standing=StandingKind.MEMBER.value)
    AdmissionStep.objects.create(admission=made, stage=second, source="Letter", on=dt.date(2024, 3, 5))
    AdmissionStep.objects.create(admission=made, stage=first, source="Note")
    page = seen(stage.officer, one)
    assert 'Admission as a member</a> <span class="fw-normal quiet">under way</span>' in page
    assert page.index("date not known; Note") < page.index("5 March 2024; Letter")
    assert "Next: The forum welcomed." in page
    AdmissionStep.objects.create(admission=made, stage=third, source="Statement", mark="C")
    Admission.objects.filter(pk=made.pk).update(state=AdmissionState.COMPLETED.value)
    page = text_of(Client(), one)
    assert "completed</span>" in page
    assert "Statement; to be confirmed" in page
    assert "Next:" not in page


def test_team_says_vacant_post_and_lists_who_left_quietly() -> None:
    stage = Stage()
    first, now = stage.states[0], clock()
    assert "Vacant" not in seen(stage.officer, first)
    stage.focal_point.appointments.update(ends_at=now - dt.timedelta(days=3))
    page = seen(stage.other, first)
    assert '<span class="chip e-vacant">Vacant</span>' in page
    assert '<tr class="quiet"><th scope="row" class="fw-normal">Focal point' in page
    User.objects.filter(pk=stage.alternate.pk).update(is_active=False)
    AppointmentFactory(participant=first, starts_at=now + dt.timedelta(days=2))
    page = seen(stage.other, first)
    assert "account closed" in page
    assert "not begun" in page
    assert "Vacant" in page
    for days in range(9):
        AppointmentFactory(participant=first, ends_at=now - dt.timedelta(days=days + 5))
    assert "Older appointments are not listed here." in seen(stage.officer, first)
    assert "Vacant" not in seen(stage.officer, stage.observer_state), "an observer needs no focal point"
    assert "sends a reply" not in seen(stage.officer, stage.observer_state)
    assert "Nobody is named for it." in seen(stage.officer, ParticipantFactory())


def test_sample_people_and_drafts_say_so() -> None:
    stage = Stage()
    User.objects.update(is_sample=True)
    stage.states[0].addresses.update(is_sample=True)
    Circulation.objects.filter(pk=stage.opened().pk).update(is_sample=True)
    assert seen(stage.officer, stage.states[0]).count("Sample") >= 6
    assert "Sample" not in text_of(Client(), stage.states[0])


TIMES = [
    ("Asia/Bangkok", [], ["Same as in Bangkok, UTC+7"]),
    ("Asia/Kabul", [], ["2 h 30 min behind Bangkok, UTC+4:30"]),
    ("Pacific/Auckland", [], ["6 h ahead of Bangkok, UTC+13"]),
    ("America/New_York", [], ["12 h behind Bangkok, UTC−5"]),
    ("Europe/London", [], ["7 h behind Bangkok, UTC"]),
    ("Asia/Jakarta", ["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"],
     ["Same as in Bangkok, UTC+7 in Colombo", "UTC+8 in Makassar", "UTC+9 in Jayapura"]),
    ("", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "others", "lines"), TIMES)
def test_local_time_beside_the_forums(zone: str, others: list[str], lines: list[str]) -> None:
    """In January: the south has its summer time, the north has not."""
    one = ParticipantFactory.build(time_zone=zone, other_time_zones=others)
    assert local_time(one, ForumFactory.build(), dt.datetime(2026, 1, 15, tzinfo=dt.UTC)) == lines


def test_participant_with_nothing_known_has_a_page() -> None:
    ForumFactory()
    long = "The Very Long Name of a Participant That Fills Two Lines and Then Some of Them Again"
    one = ParticipantFactory(kind=Kind.ORGANISATION.value, short_name=long, time_zone="", city="")
    page = text_of(Client(), one)
    assert "<span>Organisation</span><span>No standing</span>" in page
    assert "Time zone not known" in page
    assert "Standing and names</h2>" not in page, "the head says all there is"
    assert "Attendance</h2>" not in page


def test_unknown_participant_is_404(client: Client) -> None:
    ForumFactory()
    assert client.get("/members/nowhere/").status_code == 404


def test_public_page_may_be_kept_by_caches_and_a_members_page_may_not() -> None:
    stage = Stage()
    path = stage.states[0].get_absolute_url()
    assert Client().get(path).headers["Cache-Control"] == "public, max-age=60"
    client = Client()
    client.force_login(stage.focal_point)
    assert client.get(path).headers["Cache-Control"] == "private, no-store"


# ---- what it costs --------------------------------------------------------------------------------------------------


def make_many(stage: Stage, number: int) -> None:
    """So many of everything that the page shows."""
    first = stage.states[0]
    stages = [AdmissionStage.objects.create(slug=f"s{n}", position=n, word="W", sentence="S.") for n in range(number)]
    for n in range(number):
        day = dt.date(2001 + n, 1, 1)
        StandingFactory(participant=first, from_on=day, to_on=day)
        FormerName.objects.create(participant=first, short_name=f"Old {n}", to_on=day)
        first.aliases.create(name=f"Alias {n}", folded=f"alias {n}")
        first.addresses.create(email=f"box{n}@aa.example")
        Merger.objects.create(participant=ParticipantFactory(), into=first, on=day)
        body = BodyFactory()
        body.memberships.create(participant=first)
        body.chairs.create(participant=first)
        made = Admission.objects.create(participant=first, body=body)
        for one in stages:
            AdmissionStep.objects.create(admission=made, stage=one, source="Letter")
        AppointmentFactory(participant=first, user=UserFactory())
        meeting = MeetingFactory(series=SeriesFactory(slug=f"series-{n}", body=body), starts_on=day)
        attend(meeting, "AA")
        stage.version = VersionFactory(document__body=stage.body)
        stage.procedure = ProcedureFactory()
        stage.reply(stage.opened(), PositionKind.ENDORSE_WITH_PROPOSALS)


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_for_one_and_three_of_everything(
    number: int, django_assert_num_queries: Any
) -> None:
    stage = Stage()
    make_many(stage, number)
    path = stage.states[0].get_absolute_url()
    client = Client()
    client.force_login(stage.officer)
    with django_assert_num_queries(OFFICER_QUERIES):
        client.get(path)
    with django_assert_num_queries(PUBLIC_QUERIES):
        Client().get(path)


def test_staff_see_beside_an_address_what_became_of_the_newest_mail_to_it() -> None:
    stage = Stage()
    stage.opened()
    first = stage.states[0]
    newest = Notice.objects.filter(address="ministry@aa.example").latest("pk")
    Notice.objects.filter(pk=newest.pk).update(state=NoticeState.BOUNCED.value)
    assert "Returned" in seen(stage.officer, first)
    Notice.objects.filter(pk=newest.pk).update(state=NoticeState.ACCEPTED.value)
    assert "Returned" not in seen(stage.officer, first)
    Notice.objects.filter(pk=newest.pk).update(state=NoticeState.BOUNCED.value)
    for person in (stage.focal_point, stage.other):
        assert "Returned" not in seen(person, first)


def test_older_replies_are_left_to_the_list_of_circulations() -> None:
    stage = Stage()
    page = seen(stage.officer, stage.states[0])
    assert "No draft was sent to it for a reply yet." in page
    assert "Older replies" not in page
    for _ in range(21):
        stage.version = VersionFactory(document__body=stage.body, paragraphs=1)
        stage.opened()
    page = seen(stage.officer, stage.states[0])
    assert page.count('<div><span class="chip r-none">') == 20
    assert "Older replies stand with their circulations" in page


def test_a_reply_sent_again_says_what_it_replaced() -> None:
    stage = Stage()
    circulation = stage.opened()
    for kind in (PositionKind.MORE_TIME, PositionKind.NO_POSITION, PositionKind.ENDORSE):
        stage.reply(circulation, kind)
    page = seen(stage.reviewer, stage.states[0])
    assert "It replaced 2 earlier replies" in page
    assert page.count('class="chip r-endorsed"') == 2, "among the deadlines and among the replies"
    assert "r-nopos" not in page

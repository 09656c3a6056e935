"""The forum as data: the real folder holds the facts, and a second run changes nothing."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q

from audit.models import AuditEntry
from decisions.models import Outcome, Verb
from endorsements.models import Procedure
from meetings.models import Attendance, Meeting, MeetingNote
from members.enums import Kind, StandingKind
from members.models import Alias, BodyChair, BodyMembership, Participant, Standing, dated
from tests.portal.forum_copy import ForumCopy, load, rows_in_database

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def copy(tmp_path: Path) -> ForumCopy:
    return ForumCopy(tmp_path)


# --- the real forum


@pytest.mark.django_db
def test_load_real_forum_counts_standing_of_today() -> None:
    load()
    current = Standing.objects.filter(dated(TODAY))
    counts = {
        (standing, kind): current.filter(standing=standing.value, participant__kind=kind.value).count()
        for standing in StandingKind
        for kind in Kind
    }
    assert counts == {
        (StandingKind.MEMBER, Kind.STATE): 45,
        (StandingKind.MEMBER, Kind.ORGANISATION): 4,
        (StandingKind.OBSERVER, Kind.STATE): 18,
        (StandingKind.OBSERVER, Kind.ORGANISATION): 9,
    }
    before = Standing.objects.filter(dated(dt.date(2010, 1, 1)), standing=StandingKind.MEMBER.value)
    assert before.filter(participant__kind=Kind.STATE.value).count() == 43
    assert not Standing.objects.filter(participant__code__in=["ADFM", "FSC"]).exists()


@pytest.mark.django_db
def test_load_real_forum_brings_every_fact_of_the_fourteenth_meeting() -> None:
    load()
    meeting = Meeting.objects.get(series__slug="ahg-som", ordinal="14")
    assert (meeting.starts_on, meeting.ends_on) == (dt.date(2019, 7, 23), dt.date(2019, 7, 24))
    assert (meeting.place, meeting.country, meeting.host.code) == ("Da Nang", "Viet Nam", "VN")  # type: ignore[union-attr]
    assert sorted(meeting.co_chairs.values_list("code", flat=True)) == ["AU", "ID"]
    came = Attendance.objects.filter(session__meeting=meeting)
    assert came.filter(participant__kind=Kind.STATE.value).count() == 18
    assert came.filter(participant__kind=Kind.ORGANISATION.value).count() == 6
    by_capacity = {
        capacity: set(came.filter(capacity=capacity).values_list("participant__code", flat=True))
        for capacity in ("member", "observer", "guest")
    }
    ahg = set(BodyMembership.objects.filter(body__slug="ad-hoc-group").values_list("participant__code", flat=True))
    states = set(Participant.objects.filter(kind=Kind.STATE.value).values_list("code", flat=True))
    assert by_capacity["member"] == (ahg & states) | {"ILO", "IOM", "UNHCR", "UNODC"}
    assert by_capacity["observer"] == {"CA", "GB"}
    assert by_capacity["guest"] == {"ADFM", "FSC"}
    for words in ("Ministerial Declarations", "Strategy for Cooperation", "Regional Support Office", "mid-2020"):
        assert words in meeting.purpose


@pytest.mark.django_db
def test_load_real_forum_brings_every_outcome_of_the_fourteenth_meeting() -> None:
    load()
    outcomes = Outcome.objects.filter(meeting_link__meeting__slug="ahg-som-14")
    own = outcomes.filter(parent=None, is_background=False)
    assert own.filter(verb__weight="decides").count() == 3
    assert own.filter(verb__word="planned", actor__startswith="Working Group").count() == 3
    assert own.filter(verb__word="commended", actor="Members").count() == 2
    assert own.get(verb__word="highlighted").actor.endswith("(UNODC)")
    assert own.filter(verb__word="endorsed", text__contains="Policy Guide", body__slug="teg-rr").count() == 1
    strategy = own.get(verb__word="endorsed with proposals")
    assert "Strategy for Cooperation" in strategy.text
    proposals = list(strategy.children.order_by("position"))
    assert [one.verb.word for one in proposals] == ["proposed"] * 4
    for words, proposal in zip(("website", "organization", "foundation", "regional processes"), proposals, strict=True):
        assert words in proposal.text
    background = outcomes.get(is_background=True)
    assert background.needs_review
    assert "December 2018" in background.text
    assert outcomes.count() == 14


@pytest.mark.django_db
def test_load_real_forum_uses_own_sentences() -> None:
    """Facts are those of the summary, sentences are not: no outcome repeats a longer run of its words."""
    load()
    copied = (
        "were becoming more integrated within the region",
        "will continue to deliver training on",
        "received endorsement from members",
        "as a means of communication and engagement",
        "becoming a separate international organization",
        "aimed to address trafficking in persons",
        "for its efforts to implement",
        "discuss progress toward implementing",
        "considered the interests of",
    )
    meeting = Meeting.objects.get(slug="ahg-som-14")
    texts = [meeting.purpose, meeting.summary, *Outcome.objects.values_list("text", flat=True)]
    assert not [words for words in copied for text in texts if words in text]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ordinal", "place", "starts_on", "ends_on"),
    [
        ("2", "Perth", "2009-12-14", "2009-12-15"),
        ("5", "Sydney", "2011-10-12", "2011-10-12"),
        ("8", "Canberra", "2014-08-06", "2014-08-06"),
        ("12", "Kuala Lumpur", "2017-10-31", "2017-10-31"),
        ("16", "Bali", "2022-12-06", "2022-12-06"),
    ],
)
def test_load_real_forum_dates_meetings(ordinal: str, place: str, starts_on: str, ends_on: str) -> None:
    load()
    meeting = Meeting.objects.get(series__slug="ahg-som", ordinal=ordinal)
    assert (meeting.place, str(meeting.starts_on), str(meeting.ends_on)) == (place, starts_on, ends_on)


@pytest.mark.django_db
def test_load_real_forum_keeps_what_is_not_known() -> None:
    load()
    assert Meeting.objects.filter(series__slug="ahg-som").count() == 17
    assert Meeting.objects.filter(series__slug="ministerial-conference").count() == 8
    thirteenth = Meeting.objects.get(slug="ahg-som-13")
    assert thirteenth.starts_on is None
    assert (str(thirteenth.earliest_on), str(thirteenth.latest_on)) == ("2017-11-01", "2019-07-22")
    assert thirteenth.place == ""
    assert not thirteenth.co_chairs.exists()
    eighth = Meeting.objects.get(slug="ministerial-conference-8")
    assert (eighth.planned_text, str(eighth.ends_on)) == ("mid-2020", "2023-02-10")
    assert not Meeting.objects.exclude(source="").filter(source__startswith="S").exists()
    assert MeetingNote.objects.filter(meeting__slug="ahg-som-14", text__contains="25 countries").exists()


@pytest.mark.django_db
def test_load_real_forum_brings_directory_bodies_and_rules() -> None:
    load()
    for spelling, code in (("viet nam", "VN"), ("vietnam", "VN"), ("turkey", "TR"), ("turkiye", "TR"), ("ilo", "ILO")):
        assert Alias.objects.get(folded=spelling).participant.code == code
    assert Participant.objects.get(code="NO").short_name == "Norway"
    assert Participant.objects.get(code="LK").time_zone == "Asia/Colombo"
    assert not Participant.objects.filter(Q(standings__isnull=False), Q(time_zone="") | Q(city="")).exists()
    members = BodyMembership.objects.filter(body__slug="ad-hoc-group")
    assert members.filter(participant__kind=Kind.STATE.value).count() == 16
    assert members.filter(participant__kind=Kind.ORGANISATION.value).count() == 3
    chairs = BodyChair.objects.filter(body__slug="wg-disruption")
    in_2019 = chairs.filter(dated(dt.date(2019, 7, 23))).values_list("participant__code", flat=True)
    assert sorted(in_2019) == ["FJ", "NZ"]
    weights = dict(Verb.objects.values_list("word", "weight"))
    decides = {word for word, weight in weights.items() if weight == "decides"} - {"endorsed with proposals"}
    assert decides == {"endorsed", "adopted", "decided", "agreed", "tasked", "directed"}
    asks = {word for word, weight in weights.items() if weight == "asks"}
    assert asks == {"requested", "invited", "recommended", "proposed", "planned"}
    procedure = Procedure.objects.get(body__slug="ad-hoc-group")
    assert (procedure.min_working_days, procedure.usual_hour) == (10, dt.time(17))
    assert (procedure.objections_that_stop, procedure.stops_at_once, procedure.proposals_stop) == (1, True, False)
    assert (procedure.counts_organisations, procedure.unreached_hold) == (False, True)
    assert Procedure.objects.filter(body=None, is_sample=False).exists()


# --- repeating, checking


@pytest.mark.django_db
def test_load_a_second_time_changes_nothing() -> None:
    assert " 0 changed, 0 unchanged" in load()
    keys = {model: set(model.objects.values_list("pk", flat=True)) for model in (Participant, Meeting, Outcome, Alias)}
    assert "0 new, 0 changed" in load()
    assert keys == {model: set(model.objects.values_list("pk", flat=True)) for model in keys}
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["forum.loaded"]


@pytest.mark.django_db
def test_load_changes_only_what_differs(copy: ForumCopy) -> None:
    copy.load()
    copy.change("participants.yaml", "city: Kabul", "city: Herat")
    copy.change("meetings/ahg-som.yaml", "place: Perth\n", "place: Perth\n  symbol: X/2\n")
    copy.change("bodies.yaml", "- {who: [FJ], from: 2019, to: 2019", "- {who: [FJ], from: 2018, to: 2019")
    assert "0 new, 3 changed" in copy.load()
    assert Participant.objects.get(code="AF").city == "Herat"
    assert BodyChair.objects.get(participant__code="FJ").from_on == dt.date(2018, 1, 1)
    assert AuditEntry.objects.count() == 2


@pytest.mark.django_db
def test_load_deletes_nothing_and_refuses_what_would_overlap(copy: ForumCopy) -> None:
    copy.load()
    old = "    - {as: observer, to: 2013-03-31, mark: A, source: S17}\n    - {as: member, from: 2013-04-01,"
    line = copy.change("participants.yaml", old, "    - {as: member, from: 2010-04-01,")
    copy.change("admissions.yaml", "who: [US, AE]", "who: [US]")
    assert copy.problems() == [
        f"participants.yaml:{line}: The database holds another entry that overlaps and is in no file "
        "(United Arab Emirates: observer, from not known); end or delete it in the administration first."
    ]
    assert Standing.objects.get(participant__code="AE", standing="member").from_on == dt.date(2013, 4, 1)


@pytest.mark.django_db
def test_check_changes_nothing() -> None:
    assert "no problem found. Nothing was changed." in load(check=True)
    assert rows_in_database() == 0


@pytest.mark.django_db
def test_load_takes_ordinals_as_labels(copy: ForumCopy) -> None:
    copy.change("meetings/ahg-som.yaml", 'ordinal: "17"', 'ordinal: "2"')
    copy.load()
    assert Meeting.objects.filter(series__slug="ahg-som", ordinal="2").count() == 2


def test_load_without_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("loadforum", str(tmp_path / "nowhere"))

"""The facts of the real forum, cell by cell: every meeting that is known, and who belonged to it on which day."""

import datetime as dt

import pytest

from meetings.models import Meeting, Series
from members import directory
from members.models import Admission, Alias, Body, Participant
from tests.portal.forum_copy import load

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)

# slug, first day, last day, place ("" where none is on record or the meeting was virtual), chairs
MEETINGS = """
ministerial-conference-1           2002-02-26 2002-02-28 Bali            AU ID
aheg-1-2003                        2003-03-13 2003-03-14 Colombo         NZ
coordination-meeting-2003          2003-03-26 2003-03-26 Jakarta         ID
preparatory-meeting-2003           2003-03-27 2003-03-27 Jakarta         ID
ministerial-conference-2           2003-04-28 2003-04-30 Bali            AU ID
steering-group-5                   2003-06-05 2003-06-06 Bangkok         AU ID
ministerial-conference-3           2009-04-14 2009-04-15 Bali
ahg-som-2                          2009-12-14 2009-12-15 Perth           AU ID
ahg-som-4                          2011-03-09 2011-03-09 Bali            AU ID
senior-officials-meeting-2011      2011-03-10 2011-03-10 Bali            AU ID
ministerial-conference-4           2011-03-29 2011-03-30 Bali            AU ID
ahg-som-5                          2011-10-12 2011-10-12 Sydney          AU ID
steering-group-23                  2012-02-08 2012-02-08 -
ahg-som-6                          2012-06-01 2012-06-01 Bali            AU ID
ahg-som-7                          2013-03-05 2013-03-05 Sydney          AU ID
senior-officials-meeting-2013      2013-04-01 2013-04-01 Bali            AU ID
ministerial-conference-5           2013-04-02 2013-04-02 Bali
ahg-som-8                          2014-08-06 2014-08-06 Canberra        AU ID
wg-tip-1                           2015-03-27 2015-03-27 -               AU ID
ahg-som-10                         2016-02-02 2016-02-02 Bangkok         AU ID
senior-officials-meeting-2016      2016-03-22 2016-03-22 Nusa_Dua,_Bali  ID
ministerial-conference-6           2016-03-23 2016-03-23 Nusa_Dua,_Bali  AU ID
ahg-som-11                         2016-11-16 2016-11-16 Colombo
tfpp-1                             2017-01-27 2017-01-27 Bangkok         AU ID
tfpp-2                             2017-05-18 2017-05-18 Bali
wg-tip-workshop-2017               2017-05-23 2017-05-24 Bali            AU ID
wg-tip-3                           2017-05-26 2017-05-26 Bali            AU ID
government-and-business-forum-1    2017-08-24 2017-08-25 Perth           AU ID
consultation-mechanism-2017        2017-10-13 2017-10-13 Jakarta         AU ID
ahg-som-12                         2017-10-31 2017-10-31 Kuala_Lumpur    AU ID
wg-tip-roundtable-2018             2018-05-14 2018-05-15 Bangkok         AU ID
wg-tip-4                           2018-05-16 2018-05-16 Bangkok         AU ID
senior-officials-meeting-2018      2018-08-06 2018-08-06 Bali            AU ID
government-and-business-forum-2    2018-08-06 2018-08-07 Nusa_Dua,_Bali
ministerial-conference-7           2018-08-07 2018-08-07 Nusa_Dua,_Bali  AU ID
teg-rr-2                           2019-02-12 2019-02-13 Bangkok         AU PH
wg-disruption-jpoa-5               2019-07-02 2019-12-03 Bangkok         FJ NZ
ahg-som-14                         2019-07-23 2019-07-24 Da_Nang         AU ID
teg-rr-3                           2020-02-13 2020-02-14 Colombo         AU LK
wg-tip-6                           2020-11-10 2020-11-10 -               AU ID
wg-tip-7                           2021-09-21 2021-09-23 -               AU ID
teg-rr-4                           2021-09-28 2021-09-30 -               AU LK
steering-group-ministers-2022      2022-02-21 2022-02-21 Paris           AU ID
tfpp-exercise-2022                 2022-10-10 2022-10-11 Bangkok         NZ VN
wg-disruption-7                    2022-10-12 2022-10-12 Bangkok         NZ VN
teg-rr-5                           2022-11-15 2022-11-17 -               AU IOM
steering-group-17                  2022-12-05 2022-12-05 -               AU ID
ahg-som-16                         2022-12-06 2022-12-06 Bali            AU ID
ministerial-conference-8           2023-02-08 2023-02-10 Adelaide        AU ID
wg-disruption-jpoa-2023            2023-10-18 2023-10-18 Bangkok         NZ VN
teg-rr-6                           2024-03-04 2024-03-06 Bangkok
steering-group-18                  2024-05-02 2024-05-02 Kuala_Lumpur    AU ID
ahg-som-17                         2024-05-03 2024-05-03 Kuala_Lumpur    AU ID
wg-tip-10                          2024-11-18 2024-11-21 Bangkok
teg-rr-december-2024               2024-12-03 2024-12-05 Phnom_Penh      AU PH
"""

# Meetings whose days are not known: slug, words, earliest day, latest day, place
UNDATED = [
    ("ahg-som-1", "2009", "2009-04-15", "2009-12-13", ""),
    ("ahg-som-3", "2010", "2010-01-01", "2010-12-31", ""),
    ("ahg-som-9", "May 2015", "2015-05-01", "2015-05-31", "Wellington"),
    ("ahg-som-13", "2017 to 2019", "2017-11-01", "2019-07-22", ""),
    ("ahg-som-15", "2019 to 2022", "2019-07-25", "2022-12-05", ""),
    ("tfpp-policy-experts-2020", "2020", "2020-01-01", "2020-12-31", ""),
]
VIRTUAL = {"wg-tip-6", "wg-tip-7", "teg-rr-4", "teg-rr-5", "tfpp-policy-experts-2020"}
HYBRID = {"wg-disruption-7", "wg-disruption-jpoa-2023", "ahg-som-16"}
BY_SERIES = {
    "ministerial-conference": 8,
    "senior-officials-meeting": 4,
    "steering-group": 4,
    "steering-group-ministers": 1,
    "ahg-som": 17,
    "preparatory-meetings": 2,
    "wg-tip": 6,
    "wg-tip-workshops": 2,
    "wg-disruption": 3,
    "teg-rr": 6,
    "tfpp": 4,
    "consultation-mechanism": 1,
    "government-and-business-forum": 2,
    "aheg-1": 1,
}


def rows() -> dict[str, tuple[str, str, str, list[str]]]:
    found = {}
    for line in MEETINGS.strip().splitlines():
        slug, first, last, place, *chairs = line.split()
        found[slug] = (first, last, place.replace("_", " ").replace("-", ""), chairs)
    return found


def test_every_known_meeting_has_its_days_place_and_chairs() -> None:
    load()
    meetings = Meeting.objects.filter(starts_on__isnull=False).prefetch_related("co_chairs")
    found = {
        one.slug: (str(one.starts_on), str(one.ends_on), one.place, sorted(chair.code for chair in one.co_chairs.all()))
        for one in meetings
    }
    assert found == rows()
    assert len(found) == 55


def test_every_meeting_without_known_days_has_its_bounds() -> None:
    load()
    undated = Meeting.objects.filter(starts_on=None).order_by("earliest_on", "pk")
    values = undated.values_list("slug", "planned_text", "earliest_on", "latest_on", "place")
    found = [(slug, words, str(first), str(last), place) for slug, words, first, last, place in values]
    assert sorted(found) == sorted(UNDATED)


def test_meetings_have_their_format_and_series() -> None:
    load()
    by_format = {
        form: set(Meeting.objects.filter(format=form).values_list("slug", flat=True)) for form in ("virtual", "hybrid")
    }
    assert by_format == {"virtual": VIRTUAL, "hybrid": HYBRID}
    assert {one.slug: one.meetings.count() for one in Series.objects.all()} == BY_SERIES
    assert list(Meeting.objects.filter(is_public_in_part=True).values_list("slug", flat=True)) == [
        "consultation-mechanism-2017"
    ]
    assert Series.objects.get(slug="steering-group-ministers").body.slug == "steering-group"
    assert Series.objects.get(slug="wg-tip-workshops").body.slug == "wg-tip"


def test_ordinals_are_kept_as_the_sources_have_them() -> None:
    load()
    numbered = Meeting.objects.filter(series__slug="steering-group").order_by("earliest_on")
    assert list(numbered.values_list("ordinal", flat=True)) == ["5", "23", "17", "18"]
    officials = Meeting.objects.filter(series__slug="senior-officials-meeting").order_by("earliest_on")
    assert list(officials.values_list("ordinal", flat=True)) == ["", "5", "", ""]


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("ministerial-conference-1", ["27 to 28 February 2002"]),
        (
            "ministerial-conference-2",
            ["29 to 30 April", "27 March 2003", "32 countries", "33 members and 27 observers"],
        ),
        ("preparatory-meeting-2003", ["wrongly"]),
        ("ministerial-conference-4", ["29 March 2011 only"]),
        ("ministerial-conference-6", ["303 delegates", "54 countries", "44 members, 12 observers", "267 delegates"]),
        ("ministerial-conference-7", ["281 delegates, 46 countries and 10 organisations", "321 delegates"]),
        ("ministerial-conference-8", ["10 February 2023", "mid-2020", "sample event"]),
        ("ahg-som-14", ["23 to 23 July", "25 countries and territories"]),
        ("steering-group-23", ["23rd in February 2012", "17th in", "18th in May 2024", "also says third"]),
        ("steering-group-17", ["23rd in February 2012", "also says third"]),
        ("steering-group-18", ["23rd in February 2012", "2 to 3 May 2024"]),
        ("teg-rr-3", ["irregular movement by air"]),
        ("teg-rr-4", ["28 and 30 September 2021; the page says 28 to 30"]),
        ("wg-tip-7", ["21 and 23 September 2021"]),
        ("wg-disruption-jpoa-5", ["2 and 3 July 2019"]),
        ("wg-tip-10", ["It is inferred"]),
        ("consultation-mechanism-2017", ["Only that it took place and who came"]),
    ],
)
def test_contradictions_are_kept_with_their_sources(slug: str, words: list[str]) -> None:
    load()
    notes = list(Meeting.objects.get(slug=slug).notes.all())
    for one in words:
        assert any(one in note.text and note.source for note in notes), one


# --- who belonged to it on a day


@pytest.mark.parametrize(
    ("on", "member_states", "member_organisations", "observer_states", "observer_organisations"),
    [
        # Today: the published figures.
        ("2026-11-24", 45, 4, 18, 9),
        # The United States, the United Arab Emirates and UNODC became members on 1 April 2013.
        ("2013-04-01", 45, 4, 18, 9),
        # A day before: two States and one organisation fewer among members, and more among observers.
        ("2013-03-31", 43, 3, 20, 10),
        ("2012-06-01", 43, 3, 20, 10),
        # Since the first conference. What has no date counts as always: the members Hong Kong, Iraq, Macau, Maldives,
        # Tonga, ILO, IOM and UNHCR, the observers United Arab Emirates, Poland, Romania and South Africa.
        ("2002-06-01", 43, 3, 20, 10),
        ("2002-02-26", 43, 3, 20, 10),
        # The day before the first conference only these are left.
        ("2002-02-25", 5, 3, 4, 0),
    ],
)
def test_counts_of_members_and_observers_follow_from_dates(
    on: str, member_states: int, member_organisations: int, observer_states: int, observer_organisations: int
) -> None:
    load()
    assert directory.counts(dt.date.fromisoformat(on)) == {
        "member_state": member_states,
        "member_organisation": member_organisations,
        "observer_state": observer_states,
        "observer_organisation": observer_organisations,
    }


@pytest.mark.parametrize(
    ("slug", "on", "states", "organisations"),
    [
        ("ad-hoc-group", "2011-10-11", 13, 3),
        ("ad-hoc-group", "2011-10-12", 16, 3),
        ("ad-hoc-group", "2026-11-24", 16, 3),
        ("steering-group", "2026-11-24", 4, 2),
        ("ministerial-conference", "2026-11-24", 45, 4),
        ("senior-officials-meeting", "2012-06-01", 43, 3),
    ],
)
def test_bodies_have_their_members_on_a_day(slug: str, on: str, states: int, organisations: int) -> None:
    load()
    members = directory.participants_of(Body.objects.get(slug=slug), dt.date.fromisoformat(on))
    assert members.filter(kind="state").count() == states
    assert members.filter(kind="organisation").count() == organisations


CHAIRS = {
    "ministerial-conference": {2002: "AU ID", 2026: "AU ID"},
    "aheg-1": {2003: "NZ"},
    "aheg-2": {2003: "TH"},
    "wg-tip": {2015: "AU ID", 2026: "AU ID"},
    "wg-disruption": {2017: "MY NZ", 2019: "FJ NZ", 2022: "NZ VN", 2026: "NZ VN"},
    "teg-rr": {2019: "AU PH", 2020: "AU LK", 2021: "AU LK", 2022: "AU IOM", 2024: "AU PH", 2026: "AU PH"},
    "tfpp": {2017: "AU ID"},
    "consultation-mechanism": {2017: "AU ID"},
    "government-and-business-forum": {2018: "AU ID"},
}


@pytest.mark.parametrize(
    ("slug", "year", "codes"), [(slug, year, codes) for slug, years in CHAIRS.items() for year, codes in years.items()]
)
def test_bodies_have_their_co_chairs_of_a_year(slug: str, year: int, codes: str) -> None:
    load()
    chairs = directory.co_chairs_of(Body.objects.get(slug=slug), dt.date(year, 7, 1))
    assert sorted(chair.code for chair in chairs) == codes.split()


# --- names


def test_names_of_a_day_and_formal_names() -> None:
    load()
    called = {
        on: dict(
            Participant.objects.annotate(then=directory.name_on(dt.date.fromisoformat(on))).values_list("code", "then")
        )
        for on in ("2002-02-26", "2002-05-20", "2022-05-31", "2022-06-01")
    }
    assert [names["TL"] for names in called.values()] == ["East Timor", "Timor-Leste", "Timor-Leste", "Timor-Leste"]
    assert [names["TR"] for names in called.values()] == ["Turkey", "Turkey", "Turkey", "Türkiye"]
    formal = dict(Participant.objects.exclude(formal_name="").values_list("code", "formal_mark"))
    read = {code for code, mark in formal.items() if mark == "A"}
    assert read == {"ILO", "IOM", "UNHCR", "UNODC", "IGC", "ADFM", "FSC", "APC"}
    assert not formal.keys() & {"AF", "FR", "TW"}
    assert {mark for code, mark in formal.items() if code not in read} == {"C"}


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("vietnam", "VN"),
        ("laos", "LA"),
        ("south korea", "KR"),
        ("north korea", "KP"),
        ("macao", "MO"),
        ("east timor", "TL"),
        ("turkey", "TR"),
        ("brunei", "BN"),
        ("syrian arab republic", "SY"),
        ("the philippines", "PH"),
        ("u.s.a.", "US"),
        ("pacific islands forum", "PIFS"),
    ],
)
def test_other_spellings_lead_to_the_participant(spelling: str, code: str) -> None:
    load()
    assert Alias.objects.get(folded=spelling).participant.code == code


def test_states_over_several_zones_name_the_others() -> None:
    load()
    zones = dict(Participant.objects.values_list("code", "other_time_zones"))
    assert {code for code, others in zones.items() if others} == {
        "AU",
        "CA",
        "ES",
        "ID",
        "KI",
        "MN",
        "NZ",
        "PG",
        "RU",
        "US",
    }
    assert zones["ID"] == ["Asia/Makassar", "Asia/Jayapura"]
    assert not Participant.objects.exclude(languages=[]).exists()


# --- bodies, admissions


def test_admissions_have_the_steps_that_sources_name() -> None:
    load()
    found = {
        (one.participant.code, one.standing, one.body.slug if one.body else ""): (
            one.state,
            [(step.stage.slug, str(step.on)) for step in one.steps.all()],
        )
        for one in Admission.objects.select_related("participant", "body").prefetch_related("steps__stage")
    }
    group, forum = ("completed", [("welcomed", "2011-10-12")]), ("completed", [("welcomed", "2013-04-01")])
    assert found == {
        ("PH", "", "ad-hoc-group"): group,
        ("VN", "", "ad-hoc-group"): group,
        ("US", "", "ad-hoc-group"): group,
        ("US", "member", ""): forum,
        ("AE", "member", ""): forum,
        ("UNODC", "member", ""): ("completed", [("proposed", "None"), ("welcomed", "2013-04-01")]),
    }


def test_bodies_have_their_other_names_and_terms() -> None:
    load()
    bodies = {one.slug: one for one in Body.objects.all()}
    assert len(bodies) == 14
    assert {"TIPWG", "TIP WG"} <= set(bodies["wg-tip"].also_called)
    assert bodies["wg-tip"].set_up.startswith("Decided on 2 April 2013; terms of reference endorsed in August 2014")
    assert len(bodies["ad-hoc-group"].terms_of_reference.split("\n\n")) == 3
    assert [slug for slug, one in bodies.items() if not one.terms_of_reference] == ["teg-irregular-movements"]
    assert {slug for slug, one in bodies.items() if not one.is_current} == {
        "aheg-1",
        "aheg-2",
        "teg-irregular-movements",
    }

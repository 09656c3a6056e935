"""Before the opening: days off inside the window, who may not be reached, the notice word for word."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from endorsements.contexts.draft import draft
from endorsements.daysoff import DaysOff, days_off
from endorsements.models import Circulation
from members.access import Reader, forum
from members.clock import clock
from members.enums import Kind, Role
from members.models import Participant, User
from members.services import end_appointment
from notifications.models import Notice, new_message_id
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory, ParticipantFactory, StandingFactory

BANGKOK = ZoneInfo("Asia/Bangkok")


def place(code: str, zone: str = "Asia/Bangkok", kind: Kind = Kind.STATE) -> Participant:
    return Participant(code=code, short_name=f"Name of {code}", kind=kind.value, time_zone=zone)


def off(*who: Participant, opens: tuple[int, int], closes: tuple[int, int], year: int = 2026) -> DaysOff:
    first, last = (dt.datetime(year, month, day, 17, tzinfo=BANGKOK) for month, day in (opens, closes))
    return days_off(who, first, last, zone="Asia/Bangkok")


def codes(who: tuple[Participant, ...]) -> list[str]:
    return [one.code for one in who]


def test_weekends_are_grouped_by_the_days_of_the_week() -> None:
    found = off(place("TH"), place("AF"), place("BN"), place("AU"), opens=(11, 23), closes=(12, 4))
    assert [(one.words, codes(one.who)) for one in found.weekends] == [
        ("Fri and Sat", ["AF"]),
        ("Fri and Sun", ["BN"]),
        ("Sat and Sun", ["TH", "AU"]),
    ]


def test_a_holiday_is_said_by_day_with_names_of_the_forum() -> None:
    found = off(place("TH"), place("AU"), opens=(12, 1), closes=(12, 18))
    assert [(one.words, codes(one.who)) for one in found.holidays] == [
        ("Mon 7 December", ["TH"]),
        ("Thu 10 December", ["TH"]),
    ]
    assert [str(one) for one in found.holidays[0].who] == ["Name of TH"]


def test_days_in_a_row_of_the_same_participants_are_one_line() -> None:
    found = off(place("TH"), opens=(12, 28), closes=(12, 31))
    assert [one.words for one in found.holidays] == ["Thu 31 December"]
    spring = off(place("VN"), opens=(2, 10), closes=(2, 20))
    assert [one.words for one in spring.holidays] == ["Mon 16 February to Fri 20 February"]


@pytest.mark.parametrize(
    ("closes", "expected"),
    [
        ((12, 10), [(True, [], ["TH"])]),
        ((12, 11), [(True, ["AF"], []), (False, [], ["TH"])]),
        ((12, 9), []),
    ],
)
def test_the_last_two_days_are_told_apart(
    closes: tuple[int, int], expected: list[tuple[bool, list[str], list[str]]]
) -> None:
    found = off(place("TH"), place("AF"), opens=(11, 30), closes=closes)
    assert [(one.is_deadline, codes(one.weekend), codes(one.holiday)) for one in found.last_days] == expected


def test_each_day_is_that_of_the_participant() -> None:
    """Friday 17:00 in Bangkok is Saturday on no clock of the members but Kiritimati's, where it is midnight past."""
    late = dt.datetime(2026, 12, 4, 18, tzinfo=BANGKOK)
    found = days_off([place("KI", "Pacific/Kiritimati"), place("TH")], late, late, zone="Asia/Bangkok")
    assert [(one.is_deadline, codes(one.weekend)) for one in found.last_days] == [(True, ["KI"])]


def test_a_country_the_library_does_not_know_is_said_and_an_organisation_is_none() -> None:
    found = off(place("XX"), place("IOM", kind=Kind.ORGANISATION), opens=(12, 1), closes=(12, 10))
    assert codes(found.unknown) == ["XX"]
    assert not found.weekends


def test_a_window_of_decades_looks_at_its_end_alone() -> None:
    found = days_off(
        [place("TH")],
        dt.datetime(2026, 1, 1, tzinfo=BANGKOK),
        dt.datetime(2060, 1, 3, 17, tzinfo=BANGKOK),
        zone="Asia/Bangkok",
    )
    assert min(one.first for one in found.holidays) > dt.date(2059, 9, 1)


# ---- the page -------------------------------------------------------------------------------------------------------


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def came_back(address: str, state: str = "bounced") -> None:
    Notice.objects.create(
        event=f"test:{address}:{state}",
        kind="account",
        address=address,
        subject="Before",
        message_id=new_message_id(),
        state=state,
    )


def groups(circulation: Circulation) -> dict[str, list[str]]:
    found = draft(circulation, Reader(), forum(), clock())
    return {name: [one.participant.code for one in found[name]] for name in ("vacant", "no_address", "came_back")}


@pytest.mark.django_db
def test_who_may_not_be_reached_stands_out_by_what_is_wrong(stage: Stage) -> None:
    circulation = stage.draft()
    assert groups(circulation) == {"vacant": [], "no_address": [], "came_back": []}
    end_appointment(stage.third.appointments.get().pk, actor=stage.officer, reason="Moved")
    came_back("ministry@aa.example")
    end_appointment(stage.other.appointments.get().pk, actor=stage.officer, reason="Moved")
    stage.states[1].addresses.create(email="ministry@bb.example")
    assert groups(circulation) == {"vacant": ["BB"], "no_address": ["CC"], "came_back": ["AA"]}
    text = client_of(stage.officer).get(circulation.get_absolute_url()).content.decode()
    assert "3 participants may not be reached." in text
    assert "1 of 4 addresses" in text
    assert "Mail came back" in text


@pytest.mark.django_db
def test_a_message_that_arrived_since_ends_the_warning(stage: Stage) -> None:
    circulation = stage.draft()
    came_back("ministry@aa.example")
    came_back("ministry@aa.example", "accepted")
    assert groups(circulation)["came_back"] == []


@pytest.mark.django_db
def test_both_pages_say_the_instant_everywhere_the_days_off_and_the_notice(stage: Stage) -> None:
    Participant.objects.filter(code="CC").update(code="TH")
    circulation = stage.draft()
    closes = dt.datetime(2082, 12, 10, 17, tzinfo=BANGKOK)
    Circulation.objects.filter(pk=circulation.pk).update(
        expires_at=closes, asked_at=clock(), paragraph="A word from the office."
    )
    for user, path in [
        (stage.officer, circulation.get_absolute_url()),
        (stage.manager, reverse("endorsements:circulation-approve", args=[circulation.ref])),
    ]:
        text = " ".join(client_of(user).get(path).content.decode().split())
        assert "Thu 10 December 2082, 17:00 in Bangkok" in text
        assert "Thu 10 December 2082, 10:00 UTC" in text
        assert "from Thu 10 Dec 15:30 in Colombo to Thu 10 Dec 23:00 in Wellington" in text
        assert "The deadline, Thu 10 December, is a day off in 1 participant." in text
        assert "Public holiday in Corland." in text
        assert "Days off are not known for Aland." in text
        assert "A word from the office." in text
        assert "Please reply for [name of the member] by Thu 10 December 2082, 17:00 in Bangkok" in text


@pytest.mark.django_db
def test_the_page_asks_as_often_for_forty_nine_participants(stage: Stage) -> None:
    for number in range(45):
        one = ParticipantFactory(code=f"P{number}", time_zone="Asia/Tokyo")
        StandingFactory(participant=one)
        stage.body.memberships.create(participant=one)
        AppointmentFactory(participant=one, role=Role.FOCAL_POINT.value)
    circulation = stage.asked()
    for user, path, most in [
        (stage.officer, circulation.get_absolute_url(), 15),
        (stage.manager, reverse("endorsements:circulation-approve", args=[circulation.ref]), 15),
    ]:
        client = client_of(user)
        with CaptureQueriesContext(connection) as found:
            text = client.get(path).content.decode()
        assert "52 e-mails to 49 participants" in text
        assert len(found) <= most

"""A large directory beside what the other pages need: 250 participants, 5,000 users, 20,000 appointments."""

import datetime as dt

from meetings.models import Attendance, Meeting, Session
from members.enums import Kind, Role, StandingKind
from members.models import Alias, Appointment, Body, Participant, Standing, User
from tests.factories.circulations import Stage

PARTICIPANTS, USERS, APPOINTMENTS = 250, 5_000, 20_000
BODIES = 10
LONG_AGO = dt.datetime(2004, 1, 1, tzinfo=dt.UTC)


def fill(stage: Stage) -> None:
    """Fill up to the figures above; every participant belongs to several bodies and came to many meetings."""
    have = Participant.objects.count()
    Participant.objects.bulk_create(
        Participant(
            code=f"D{number}",
            slug=f"directory-{number}",
            kind=Kind.STATE.value if number % 5 else Kind.ORGANISATION.value,
            short_name=f"Directory Participant {number}",
            formal_name=f"United Republic of Directory Participant {number}",
            sort_key=f"directory participant {number:03}",
            time_zone="Asia/Colombo",
            city="Colombo",
            latitude=(number * 7) % 120 - 50,
            longitude=(number * 13) % 330 - 160,
        )
        for number in range(PARTICIPANTS - have)
    )
    everyone = list(Participant.objects.order_by("pk"))
    added = everyone[have:]
    Standing.objects.bulk_create(
        Standing(
            participant=one,
            standing=(StandingKind.MEMBER if number % 3 else StandingKind.OBSERVER).value,
            from_on=dt.date(2004, 1, 1) + dt.timedelta(days=number),
        )
        for number, one in enumerate(added)
    )
    Alias.objects.bulk_create(Alias(participant=one, name=f"Alias {one.pk}", folded=f"alias {one.pk}") for one in added)
    _bodies(everyone)
    _people(everyone)
    _attendance(everyone)


def _bodies(everyone: list[Participant]) -> None:
    for number in range(BODIES):
        body = Body.objects.create(
            slug=f"bench-{number}",
            name=f"Working Group Number {number}",
            abbreviation=f"WG {number}",
            kind="working_group",
        )
        body.memberships.bulk_create(
            body.memberships.model(body=body, participant=one, from_on=dt.date(2010, 1, 1))
            for at, one in enumerate(everyone)
            if at % BODIES <= number
        )


def _people(everyone: list[Participant]) -> None:
    missing = USERS - User.objects.count()
    users = User.objects.bulk_create(
        User(email=f"bench{number}@members.example", name=f"Person {number}", password="!") for number in range(missing)
    )
    roles = [Role.FOCAL_POINT, Role.ALTERNATE, Role.REVIEWER, Role.REVIEWER]
    Appointment.objects.bulk_create(
        (
            Appointment(
                user=users[number % len(users)],
                role=roles[number % 4].value,
                participant=everyone[number % len(everyone)],
                function="Desk officer, Consular Department",
                starts_at=LONG_AGO + dt.timedelta(days=number % 4000),
                ends_at=None if number % 8 == 0 else LONG_AGO + dt.timedelta(days=number % 4000 + 400),
            )
            for number in range(APPOINTMENTS - Appointment.objects.count())
        ),
        batch_size=2_000,
    )


def _attendance(everyone: list[Participant]) -> None:
    """Each of the first 100 participants at each of the 200 meetings."""
    sessions = Session.objects.bulk_create(
        Session(meeting=meeting, position=1) for meeting in Meeting.objects.filter(sessions__isnull=True)
    )
    Attendance.objects.bulk_create(
        (
            Attendance(session=session, participant=one, capacity="member")
            for session in sessions
            for one in everyone[:100]
        ),
        batch_size=5_000,
    )

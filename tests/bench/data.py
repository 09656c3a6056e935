"""What is measured: a meeting of 60 participants and 60 outcomes, 200 meetings, a circulation of 30 paragraphs."""

import datetime as dt
import time
import uuid
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from decisions.models import Outcome, Verb
from meetings.models import Attendance, Meeting, MeetingOutcome, Series, Session
from members.enums import Role
from members.models import User
from members.secondstep import SEEN_AT
from notifications.models import Notice, new_message_id
from tests.bench import directory
from tests.factories.accounts import with_app
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.directory import AppointmentFactory, ParticipantFactory, StandingFactory

PARTICIPANTS, OUTCOMES, MEETINGS, PARAGRAPHS, NOTICES = 60, 60, 200, 30, 120


@dataclass(frozen=True)
class Pages:
    """Path and session cookie of each measured page; an empty cookie: nobody is signed in."""

    paths: dict[str, str]
    cookies: dict[str, str]


def make() -> Pages:
    """Fill an empty database."""
    stage = Stage()
    for number in range(PARTICIPANTS - len(stage.states) - 1):
        one = ParticipantFactory(code=f"P{number}", short_name=f"Republic of Participant Number {number}")
        StandingFactory(participant=one)
        stage.body.memberships.create(participant=one)
        AppointmentFactory(participant=one, role=Role.FOCAL_POINT.value)
    stage.version = VersionFactory(document__body=stage.body, paragraphs=PARAGRAPHS)
    circulation = stage.opened(seconds=86_400)
    _notices()
    meeting = _meetings(stage)
    directory.fill(stage)
    for person in (stage.focal_point, stage.officer):
        with_app(person)
    session, officer = session_of(stage.focal_point), session_of(stage.officer)
    participant = stage.states[0].get_absolute_url()
    return Pages(
        paths={
            "floor": "/floor/",
            "meeting": meeting,
            "list": "/meetings/",
            "circulation": circulation.get_absolute_url(),
            "members": "/members/",
            "participant": participant,
            "participant, officer": participant,
            "participant, own": participant,
        },
        cookies={
            **dict.fromkeys(("meeting", "list", "members", "participant"), ""),
            **dict.fromkeys(("floor", "circulation", "participant, own"), session),
            "participant, officer": officer,
        },
    )


def session_of(user: User) -> str:
    """Key of a session in which the user is signed in and at work."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[SEEN_AT] = time.time()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _notices() -> None:
    Notice.objects.bulk_create(
        Notice(
            event=f"bench:{number}",
            kind="account",
            address=f"person{number}@members.example",
            subject=f"Please reply by Fri 5 July 2019: draft number {number}",
            body="",
            message_id=new_message_id(),
        )
        for number in range(NOTICES)
    )


def _meetings(stage: Stage) -> str:
    series = Series.objects.create(slug="bench", name="Harbour Group Senior Officials", body=stage.body)
    first = dt.date(2005, 1, 10)
    made = []
    for number in range(MEETINGS):
        day = first + dt.timedelta(days=37 * number)
        made.append(
            Meeting(
                slug=f"meeting-{number}",
                series=series,
                ordinal=str(number + 1),
                title=f"Meeting number {number + 1} of the Harbour Group Senior Officials",
                place="Harbour Town",
                country="Aland",
                state="published",
                starts_on=day,
                ends_on=day + dt.timedelta(days=1),
                earliest_on=day,
                latest_on=day + dt.timedelta(days=1),
                purpose="The meeting reviewed the work.\n\nIt looked ahead.",
            )
        )
    Meeting.objects.bulk_create(made)
    meeting = Meeting.objects.get(slug=f"meeting-{MEETINGS // 2}")
    _attendance(meeting, stage)
    _outcomes(meeting)
    return meeting.get_absolute_url()


def _attendance(meeting: Meeting, stage: Stage) -> None:
    session = Session.objects.create(meeting=meeting)
    members = [one.participant for one in stage.body.memberships.select_related("participant")]
    Attendance.objects.bulk_create(
        Attendance(session=session, participant=one, capacity="member") for one in members[:PARTICIPANTS]
    )


def _outcomes(meeting: Meeting) -> None:
    verbs = [
        Verb.objects.create(word=word, heading=word.capitalize(), weight="decides", position=at)
        for at, word in enumerate(["endorsed ", "commended", "requested", "noted"])
    ]
    outcomes = Outcome.objects.bulk_create(
        Outcome(
            ref=str(uuid.uuid4()),
            actor="Members",
            verb=verbs[number % len(verbs)],
            text=f"The guide number {number}, which the experts of the group wrote over the last two years.",
            position=number,
            label=f"Para. {number}",
            source_kind="meeting",
            source_title=meeting.title,
            source_on=meeting.ends_on,
            source_path=meeting.get_absolute_url(),
            is_public=True,
        )
        for number in range(OUTCOMES)
    )
    MeetingOutcome.objects.bulk_create(MeetingOutcome(meeting=meeting, outcome=one) for one in outcomes)

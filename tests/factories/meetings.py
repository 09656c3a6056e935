"""Factories of series, meetings, attendance and outcomes, of an invented forum."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from decisions.enums import Weight
from decisions.models import Outcome, Verb
from meetings.enums import Capacity, MeetingState
from meetings.models import Attendance, Meeting, MeetingOutcome, Series, Session
from tests.factories.directory import BodyFactory, ParticipantFactory

LATE = dt.date(2024, 5, 2)


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series
        django_get_or_create = ("slug",)

    slug = "harbour-som"
    name = "Harbour Senior Officials"
    body = factory.SubFactory(BodyFactory, slug="harbour-group", name="Harbour Group")
    position = 1


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    slug = factory.Sequence(lambda n: f"meeting-{n}")
    series = factory.SubFactory(SeriesFactory)
    title = factory.LazyAttribute(lambda one: f"Title of {one.slug}")
    place = "Colombo"
    country = "Sri Lanka"
    starts_on = LATE
    ends_on = factory.LazyAttribute(lambda one: one.starts_on)
    earliest_on = factory.LazyAttribute(lambda one: one.starts_on)
    latest_on = factory.LazyAttribute(lambda one: one.ends_on or one.earliest_on)
    state = MeetingState.PUBLISHED.value


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    participant = factory.SubFactory(ParticipantFactory)
    capacity = Capacity.MEMBER.value


class VerbFactory(DjangoModelFactory):
    class Meta:
        model = Verb
        django_get_or_create = ("word",)

    word = "endorsed"
    heading = factory.LazyAttribute(lambda one: one.word.capitalize())
    weight = Weight.DECIDES.value
    position = 1


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    ref = factory.Sequence(lambda n: f"outcome-{n}")
    actor = "Members"
    verb = factory.SubFactory(VerbFactory)
    text = factory.LazyAttribute(lambda one: f"Text of {one.ref}.")
    source_kind = "meeting"
    source_title = "Title"
    source_on = LATE
    source_path = "/meetings/x/"
    is_public = True


def attend(meeting: Meeting, *codes: str, **values: Any) -> None:
    """These participants at the only session of a meeting."""
    session, _ = Session.objects.get_or_create(meeting=meeting, position=0)
    for code in codes:
        kind = "organisation" if len(code) > 2 and code.isalpha() else "state"
        participant = ParticipantFactory.create(code=code, kind=kind)
        AttendanceFactory.create(session=session, participant=participant, **values)


def resolve(meeting: Meeting, **values: Any) -> Outcome:
    """An outcome of a meeting."""
    outcome: Outcome = OutcomeFactory.create(
        source_title=meeting.title, source_path=meeting.get_absolute_url(), source_on=meeting.ends_on, **values
    )
    MeetingOutcome.objects.create(meeting=meeting, outcome=outcome)
    return outcome

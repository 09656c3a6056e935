"""Factories of the directory, with an invented forum: nothing of the Bali Process is in the tests of the code."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from members import models
from members.enums import BodyKind, Kind, Role, StandingKind
from members.services.invitations import digest

TOKEN = "the-token-of-an-invitation"
LONG_AGO = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)


class ForumFactory(DjangoModelFactory):
    class Meta:
        model = models.Forum

    name = "Harbour Forum on Safe Passage"
    short_name = "Harbour Forum"
    summary = "Voluntary forum"
    about = "States talk here.\n\nThey endorse drafts."
    founded_year = 2001
    secretariat = "Forum Office"
    secretariat_abbreviation = "FO"
    secretariat_place = "Bangkok"
    time_zone = "Asia/Bangkok"
    holiday_country = "TH"
    number_series = "HF/INT"


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = models.Participant
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"X{n}")
    slug = factory.LazyAttribute(lambda one: one.code.lower())
    kind = Kind.STATE.value
    short_name = factory.LazyAttribute(lambda one: f"State {one.code}")
    sort_key = factory.LazyAttribute(lambda one: one.short_name.lower())
    time_zone = "Asia/Colombo"
    city = "Colombo"


class StandingFactory(DjangoModelFactory):
    class Meta:
        model = models.Standing

    participant = factory.SubFactory(ParticipantFactory)
    standing = StandingKind.MEMBER.value


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = models.Body
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"body-{n}")
    name = factory.LazyAttribute(lambda one: f"Body {one.slug}")
    abbreviation = factory.LazyAttribute(lambda one: one.slug.upper())
    kind = BodyKind.AD_HOC_GROUP.value


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User
        django_get_or_create = ("email",)

    email = factory.Sequence(lambda n: f"person{n}@members.example")
    name = factory.LazyAttribute(lambda one: one.email.split("@")[0].replace(".", " ").capitalize())

    @classmethod
    def _create(cls, model_class: type, *args: object, **kwargs: object) -> models.User:
        password = kwargs.pop("password", "correct horse battery staple")
        return models.User.objects.create_user(*args, password=password, **kwargs)  # type: ignore[arg-type]


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Appointment

    user = factory.SubFactory(UserFactory)
    role = Role.FOCAL_POINT.value
    starts_at = LONG_AGO


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = models.Invitation

    email = factory.Sequence(lambda n: f"invited{n}@members.example")
    role = Role.REVIEWER.value
    token_sha256 = digest(TOKEN)
    expires_at = dt.datetime(2096, 1, 1, tzinfo=dt.UTC)

"""People, a body and drafts for the tests of documents."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents.models import Version
from documents.services import upload_draft
from members.enums import Role
from members.models import Appointment, Body, Forum, Participant, User

DRAFT = b"""POLICY GUIDE ON RETURN

A. Purpose

1. This guide helps members to organise returns.

(a) It is not binding.
"""
Upload = Callable[..., Version]


def text_file(data: bytes = DRAFT, name: str = "draft.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def _person(email: str, role: Role | None, **appointment: object) -> User:
    user = User.objects.create_user(email, "a long password", name=email.partition("@")[0])
    if role:
        starts_at = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
        Appointment.objects.create(user=user, role=role.value, starts_at=starts_at, **appointment)
    return user


@pytest.fixture
def forum(db: None) -> Forum:
    return Forum.objects.create(
        name="The Forum",
        short_name="Forum",
        secretariat="Secretariat",
        secretariat_place="Bangkok",
        time_zone="Asia/Bangkok",
        number_series="F/INT",
    )


@pytest.fixture
def body(forum: Forum) -> Body:
    return Body.objects.create(slug="ahg", name="Ad Hoc Group", kind="ad_hoc_group")


@pytest.fixture
def officer(forum: Forum) -> User:
    return _person("officer@rso.example", Role.OFFICER)


@pytest.fixture
def manager(forum: Forum) -> User:
    return _person("manager@rso.example", Role.MANAGER)


@pytest.fixture
def focal_point(forum: Forum) -> User:
    state = Participant.objects.create(
        code="LK", slug="sri-lanka", kind="state", short_name="Sri Lanka", sort_key="sri lanka"
    )
    return _person("focalpoint.lk@members.example", Role.FOCAL_POINT, participant=state)


@pytest.fixture
def stranger(forum: Forum) -> User:
    return _person("stranger@example.org", None)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def upload(officer: User, body: Body) -> Upload:
    """A draft taken in by the service."""

    def make(symbol: str = "AHG/2019/2", data: bytes = DRAFT, name: str = "draft.txt", **details: object) -> Version:
        given = {"title": "Policy Guide on Return", "kind": "policy_guide", "body": body, "actor": officer, **details}
        return upload_draft(symbol=symbol, file=text_file(data, name), key=uuid.uuid4(), **given)  # type: ignore[arg-type]

    return make

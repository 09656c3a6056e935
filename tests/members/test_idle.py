"""A session that lay still: it shows and does nothing until the person confirms; what was typed is kept."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from endorsements.models import Position
from portal.middleware import ASKED_BY_THE_PAGE, CONFIRM
from tests.factories.circulations import Stage
from tests.portal import access

pytestmark = pytest.mark.django_db
PASSWORD = "three words apart"
BY_PASSWORD = "/accounts/confirm/password/"


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> None:
    cache.clear()


@pytest.fixture
def clock() -> Iterator[Any]:
    """A clock of the test's own, beginning now: only what the test moves passes."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.focal_point.set_password(PASSWORD)
    made.focal_point.save()
    return made


def test_after_an_hour_it_asks_and_goes_on_where_one_was(stage: Stage, client: Client, clock: Any) -> None:
    client.force_login(stage.focal_point)
    assert client.get("/circulations/?state=open").status_code == 200
    clock.shift(minutes(60))
    asked = client.get("/circulations/?state=open")
    assert asked.url == f"{BY_PASSWORD}?next=%2Fcirculations%2F%3Fstate%3Dopen"
    page = text(client.get(asked.url))
    assert "Confirm that it is you" in page
    assert client.get("/").status_code == 302, "the home page is two pages: neither is shown"
    wrong = client.post(BY_PASSWORD, {"password": "not this one", "next": "/circulations/?state=open"})
    assert wrong.status_code == 200
    assert client.get("/circulations/").status_code == 302
    right = client.post(BY_PASSWORD, {"password": PASSWORD, "next": "/circulations/?state=open"})
    assert right.url == "/circulations/?state=open"
    assert client.get(right.url).status_code == 200


def test_who_works_is_not_asked(stage: Stage, client: Client, clock: Any) -> None:
    client.force_login(stage.focal_point)
    for _ in range(4):
        clock.shift(minutes(59))
        assert client.get("/circulations/").status_code == 200


def test_twin_without_the_note_of_use_who_works_is_asked(
    stage: Stage, client: Client, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.middleware.note_seen", lambda request: None)
    client.force_login(stage.focal_point)
    clock.shift(minutes(59))
    assert client.get("/circulations/").status_code == 200
    clock.shift(minutes(59))
    assert client.get("/circulations/").status_code == 302


def test_a_reply_typed_before_is_kept_and_sent_once(stage: Stage, client: Client, clock: Any) -> None:
    circulation = stage.opened(seconds=36_000)
    client.force_login(stage.focal_point)
    data = {"participant": "AA", "kind": "objection", "reason": "Paragraph 2.", "key": str(uuid.uuid4())}
    path = reverse("endorsements:position-check", args=[circulation.ref])
    clock.shift(minutes(61))
    asked = client.post(path, data)
    assert asked.url == f"{BY_PASSWORD}?next={path.replace('/', '%2F')}"
    client.get(asked.url)
    answer = client.post(BY_PASSWORD, {"password": PASSWORD, "next": path}, follow=True)
    assert "Paragraph 2." in text(answer)
    assert not Position.objects.exists()


def test_public_pages_answer_as_to_the_public(stage: Stage, client: Client, clock: Any) -> None:
    client.force_login(stage.officer)
    path = stage.states[0].get_absolute_url()
    assert "Vacant" in text(client.get(path)) or stage.focal_point.email in text(client.get(path))
    clock.shift(minutes(60))
    response = client.get(path)
    assert response.status_code == 200
    assert stage.focal_point.email not in text(response)
    assert not response.context["reader"].appointments


def test_the_session_can_be_ended_and_the_board_says_that_it_waits(stage: Stage, client: Client, clock: Any) -> None:
    circulation = stage.opened(seconds=36_000)
    client.force_login(stage.officer)
    live = reverse("endorsements:circulation-live", args=[circulation.ref])
    clock.shift(minutes(40))
    client.get(live)
    clock.shift(minutes(40))
    response = client.get(live)
    assert (response.status_code, response["HX-Refresh"]) == (204, "true"), "what the page asks for is no use of it"
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("persona", ["officer", "admin", "focal_point"])
def test_no_address_answers(persona: str, clock: Any) -> None:
    world = access.make_world()
    client = world.client(persona)
    clock.shift(minutes(61))
    asked = 0
    for name in access.names():
        if name in CONFIRM | ASKED_BY_THE_PAGE:
            continue
        for method in ("get", "post", "put"):
            response = getattr(client, method)(world.path(name))
            view = response.resolver_match.func if response.resolver_match else None
            if getattr(view, "login_required", True) or name == "home":
                assert response.headers.get("Location", "").startswith("/accounts/confirm/"), (name, method)
                asked += 1
            elif response.context is not None and "reader" in response.context:
                assert not response.context["reader"].appointments, (name, method)
    assert asked > 100
    for path in access.admin_paths():
        if path != reverse("admin:logout"):
            where = client.get(path).headers.get("Location", "")
            assert where.startswith(("/accounts/confirm/", "/accounts/login/")), path


def test_twin_with_a_longer_hour_the_same_session_goes_on(
    stage: Stage, client: Client, clock: Any, settings: Any
) -> None:
    client.force_login(stage.focal_point)
    clock.shift(minutes(61))
    assert client.get("/circulations/").status_code == 302
    settings.SESSION_IDLE_SECONDS = 7200
    assert client.get("/circulations/").status_code == 200

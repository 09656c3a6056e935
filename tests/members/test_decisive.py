"""A decisive act asks again who it is: fresh goes through, older asks, then the deed happens exactly once."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from endorsements.models import Circulation, Position
from members.clock import clock as database_clock
from members.models import (
    Admission,
    AdmissionStage,
    FormerName,
    Invitation,
    InvitationBatch,
    Merger,
    OfficialAddress,
    User,
)
from notifications.models import Notice
from tests.factories.accounts import code_of, with_app
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
BY_PASSWORD = "/accounts/confirm/password/"


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> None:
    cache.clear()


@dataclass
class Act:
    """One decisive act: who does it, where, with what, and how often it was done."""

    by: User
    path: str
    data: dict[str, Any]
    count: Callable[[], int]


def reply(stage: Stage) -> Act:
    circulation = stage.opened()
    data = {"participant": "AA", "kind": "endorse", "text": "", "key": str(uuid.uuid4())}
    path = reverse("endorsements:position-record", args=[circulation.ref])
    return Act(stage.focal_point, path, data, Position.objects.count)


def ask(stage: Stage) -> Act:
    draft = stage.draft()
    path = reverse("endorsements:circulation-ask", args=[draft.ref])
    asked = AuditEntry.objects.filter(action="circulation.approval_asked")
    return Act(stage.officer, path, {"key": str(uuid.uuid4())}, asked.count)


def approve(stage: Stage) -> Act:
    circulation = stage.asked()
    data = {
        "co_chair": str(stage.states[1].pk),
        "evidence": "E-mail of the co-chair, 23 November 2026.",
        "key": str(uuid.uuid4()),
    }
    path = reverse("endorsements:circulation-approve", args=[circulation.ref])
    return Act(stage.manager, path, data, Circulation.objects.filter(state="open").count)


def propose(stage: Stage) -> Act:
    for position, word in enumerate(("proposed", "welcomed"), 1):
        AdmissionStage.objects.create(slug=word, position=position, word=word, sentence=f"It is {word} by all.")
    data = {
        "participant": "",
        "code": "NW",
        "short_name": "Newland",
        "kind": "state",
        "aim": "member",
        "on": "2026-11-02",
        "source": "Letter of 2 November 2026",
        "key": str(uuid.uuid4()),
    }
    return Act(stage.officer, reverse("members:admission-propose"), data, Admission.objects.count)


def rename(stage: Stage) -> Act:
    data = {
        "short_name": "Alandia",
        "formal_name": "",
        "last_day": "2026-11-01",
        "source": "Letter of 2 November 2026",
        "key": str(uuid.uuid4()),
    }
    path = reverse("members:participant-rename", args=[stage.states[0].slug])
    return Act(stage.officer, path, data, FormerName.objects.count)


def merge(stage: Stage) -> Act:
    data = {
        "into": str(stage.states[1].pk),
        "on": "2026-11-02",
        "source": "Letter of 2 November 2026",
        "key": str(uuid.uuid4()),
    }
    path = reverse("members:participant-merge", args=[stage.states[0].slug])
    return Act(stage.officer, path, data, Merger.objects.count)


def invite(stage: Stage) -> Act:
    data = {"email": "new@members.example", "role": "reviewer", "key": str(uuid.uuid4())}
    return Act(stage.focal_point, reverse("people:invitation-send"), data, Invitation.objects.count)


def end_post(stage: Stage) -> Act:
    path = reverse("people:appointment-end", args=[stage.reviewer.appointments.get().pk])
    data = {"end-reason": "Moved", "end-key": str(uuid.uuid4())}
    return Act(stage.focal_point, path, data, AuditEntry.objects.filter(action="appointment.ended").count)


def send_many(stage: Stage) -> Act:
    batch = InvitationBatch.objects.create(uploaded_by=stage.officer, file_name="people.csv")
    path = reverse("people:batch-send", args=[batch.pk])
    running = InvitationBatch.objects.filter(state="running")
    return Act(stage.officer, path, {"key": str(uuid.uuid4())}, running.count)


def invite_for(stage: Stage) -> Act:
    """The address has a query in it: for whom the post is."""
    data = {
        "email": "new@aa.example",
        "name": "New official",
        "role": "reviewer",
        "participant": "AA",
        "function": "",
        "letter": "Letter of 2 November 2026",
        "key": str(uuid.uuid4()),
    }
    return Act(stage.officer, "/people/invite/?participant=aa", data, Invitation.objects.count)


def readdress(stage: Stage) -> Act:
    box = stage.states[0].addresses.get()
    row = Notice.objects.create(
        event="test:1", kind="account", address=box.email, participant_code="AA", subject="x", state="bounced",
        message_id="<1@portal.example>",
    )  # fmt: skip
    data = {"address": "new@aa.example", "key": str(uuid.uuid4())}
    path = reverse("returned:notice-readdress", args=[row.pk])
    return Act(stage.officer, path, data, OfficialAddress.objects.filter(email="new@aa.example").count)


ACTS = [reply, ask, approve, propose, rename, merge, invite, invite_for, end_post, send_many, readdress]


@pytest.mark.parametrize("make", ACTS)
def test_fresh_from_signing_in_nothing_is_asked(client: Client, make: Callable[[Stage], Act]) -> None:
    act = make(Stage())
    before = act.count()
    client.force_login(act.by)
    response = client.post(act.path, act.data)
    assert response.status_code == 302, response.content.decode()[-3000:]
    assert not response.headers["Location"].startswith("/accounts/")
    assert act.count() == before + 1


@pytest.mark.parametrize("make", ACTS)
def test_after_a_while_the_proof_is_asked_for_and_the_deed_is_done_once(
    client: Client, make: Callable[[Stage], Act], settings: Any
) -> None:
    act = make(Stage())
    before, bare = act.count(), act.path.partition("?")[0]
    with time_machine.travel(_now(), tick=False) as clock:
        client.force_login(act.by)
        clock.shift(settings.REAUTHENTICATE_SECONDS + 1)
        asked = client.post(act.path, act.data)
        assert asked.status_code == 302
        assert asked.headers["Location"].startswith(f"{BY_PASSWORD}?next=")
        assert act.count() == before
        page = client.get(asked.headers["Location"]).content.decode()
        assert "<h1>Confirm that it is you</h1>" in page
        wrong = client.post(BY_PASSWORD, {"password": "something else", "next": bare})
        assert "This is not your password. Type it again." in wrong.content.decode()
        assert act.count() == before
        done = client.post(BY_PASSWORD, {"password": PASSWORD, "next": bare})
        assert done.status_code == 302, done.content.decode()[-3000:]
        assert not done.headers["Location"].startswith("/accounts/")
        assert act.count() == before + 1
        client.post(BY_PASSWORD, {"password": PASSWORD, "next": "/"})
        assert act.count() == before + 1


def _now() -> Any:
    return database_clock().astimezone(dt.UTC)


def test_a_refusal_after_the_proof_shows_the_form_with_what_was_typed_and_its_own_address(
    client: Client, settings: Any
) -> None:
    act = approve(Stage())
    with time_machine.travel(_now(), tick=False) as clock:
        client.force_login(act.by)
        clock.shift(settings.REAUTHENTICATE_SECONDS + 1)
        client.post(act.path, {**act.data, "co_chair": ""})
        page = client.post(BY_PASSWORD, {"password": PASSWORD, "next": act.path}).content.decode()
    assert "Error: " in page
    assert "E-mail of the co-chair, 23 November 2026." in page
    assert f'<form method="post" action="{act.path}"' in page


def test_who_has_an_app_is_asked_for_a_code_first(client: Client, settings: Any) -> None:
    act = reply(Stage())
    secret = with_app(act.by)
    with time_machine.travel(_now(), tick=False) as clock:
        client.force_login(act.by)
        clock.shift(settings.REAUTHENTICATE_SECONDS + 1)
        asked = client.post(act.path, act.data).headers["Location"]
        assert asked.startswith("/accounts/confirm/code/?next=")
        assert "Use your password" in client.get(asked).content.decode()
        assert client.post(asked, {"code": "000000", "next": act.path}).status_code == 200
        assert act.count() == 0
        client.post(asked, {"code": code_of(secret), "next": act.path})
    assert act.count() == 1


def test_ten_wrong_proofs_a_minute_and_then_none(client: Client, settings: Any) -> None:
    act = reply(Stage())
    with time_machine.travel(_now(), tick=False) as clock:
        client.force_login(act.by)
        clock.shift(settings.REAUTHENTICATE_SECONDS + 1)
        client.post(act.path, act.data)
        tries = [client.post(BY_PASSWORD, {"password": f"wrong {n}", "next": act.path}) for n in range(10)]
        assert {one.status_code for one in tries} == {200}
        last = client.post(BY_PASSWORD, {"password": PASSWORD, "next": act.path})
        assert last.status_code == 429
        assert "Too many tries" in last.content.decode()
    assert act.count() == 0


def test_a_proof_holds_for_its_time_alone(client: Client, settings: Any) -> None:
    stage = Stage()
    circulation = stage.opened()
    path = reverse("endorsements:position-record", args=[circulation.ref])
    data = {"participant": "AA", "kind": "endorse", "text": ""}
    with time_machine.travel(_now(), tick=False) as clock:
        client.force_login(stage.focal_point)
        clock.shift(settings.REAUTHENTICATE_SECONDS - 1)
        assert "/accounts/" not in client.post(path, {**data, "key": str(uuid.uuid4())}).headers["Location"]
        clock.shift(2)
        assert "/accounts/confirm/" in client.post(path, {**data, "key": str(uuid.uuid4())}).headers["Location"]

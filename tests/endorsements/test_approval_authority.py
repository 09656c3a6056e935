"""Who approves is a manager when the circulation opens, not only when the page was asked for."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from endorsements import services
from endorsements.enums import Act, State
from endorsements.models import Circulation, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import approval
from members.enums import Role
from members.models import User
from members.services import end_appointment
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_running import waiting
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory


def approve(stage: Stage, circulation: Circulation, by: User | None = None) -> Circulation:
    return services.approve_circulation(
        circulation.ref,
        co_chair=stage.states[1],
        evidence="By letter.",
        actor=by or stage.manager,
        key=uuid.uuid4(),
    )


@pytest.mark.parametrize("who", ["officer", "co_chair", "focal_point", "stranger", "admin"])
def test_approve_circulation_refuses_who_is_no_manager(stage: Stage, who: str) -> None:
    circulation = stage.asked()
    notices = Notice.objects.count()
    with pytest.raises(NotAllowed, match="not a manager any more"):
        approve(stage, circulation, getattr(stage, who))
    assert (RegisterEntry.objects.count(), Notice.objects.count()) == (0, notices)


def test_approve_circulation_refuses_a_manager_whose_appointment_ended(stage: Stage) -> None:
    circulation = stage.asked()
    end_appointment(stage.manager.appointments.get().pk, actor=None, reason="Moved")
    with pytest.raises(NotAllowed, match="not a manager any more"):
        approve(stage, circulation)
    circulation.refresh_from_db()
    assert circulation.state == State.DRAFT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False], ids=["locked", "twin without the lock"])
def test_an_approval_does_not_outlive_the_manager(locks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The approval is under way when the appointment is ended. Under the lock the ending waits; else it comes first
    and the circulation opens by the word of somebody out of office."""
    stage = Stage()
    circulation, appointment = stage.asked(), stage.manager.appointments.select_related("user").get()
    if not locks:
        monkeypatch.setattr(approval, "hold_office", lambda actor, *roles: appointment)
    held, go = threading.Event(), threading.Event()

    def held_before_the_snapshot(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "endorsements_eligible"'):
            held.set()
            go.wait(10)
        return execute(sql, *rest)

    def opening() -> None:
        try:
            with connection.execute_wrapper(held_before_the_snapshot):
                approve(stage, circulation)
        finally:
            connection.close()

    def ending() -> None:
        try:
            end_appointment(appointment.pk, actor=None, reason="Moved")
        finally:
            connection.close()

    threads = [threading.Thread(target=opening), threading.Thread(target=ending)]
    threads[0].start()
    assert held.wait(10)
    threads[1].start()
    threads[1].join(0.7)
    ended_first = not threads[1].is_alive()
    go.set()
    for thread in threads:
        thread.join(10)
    assert ended_first is not locks
    circulation.refresh_from_db()
    assert circulation.state == State.OPEN


def approve_as_chair(circulation: Circulation, by: User) -> Circulation:
    return services.approve_as_chair(circulation.ref, actor=by, key=uuid.uuid4())


def test_co_chair_approves_by_the_own_account_and_it_opens(stage: Stage) -> None:
    circulation = stage.asked()
    asked = Notice.objects.filter(kind=Kind.CIRCULATION_APPROVAL.value)
    assert set(asked.values_list("user", flat=True)) == {stage.co_chair.pk, stage.manager.pk}
    after = approve_as_chair(circulation, stage.co_chair)
    assert (after.state, after.approved_by, after.approved_for) == (State.OPEN, stage.co_chair, stage.states[1])
    assert not asked.filter(settled_at=None).exists()
    assert RegisterEntry.objects.get(act=Act.OPENED).actor.user == stage.co_chair


@pytest.mark.parametrize("who", ["officer", "manager", "focal_point", "stranger", "admin"])
def test_approve_as_chair_refuses_who_is_none(stage: Stage, who: str) -> None:
    circulation = stage.asked()
    with pytest.raises(NotAllowed, match="not a co-chair of this body any more"):
        approve_as_chair(circulation, getattr(stage, who))
    assert not RegisterEntry.objects.exists()


def test_co_chair_who_drafted_it_does_not_approve(stage: Stage) -> None:
    circulation = stage.asked()
    AppointmentFactory(user=stage.officer, role=Role.CO_CHAIR.value, participant=stage.states[2])
    with pytest.raises(NotAllowed, match="Another person must approve"):
        approve_as_chair(circulation, stage.officer)


def test_co_chair_does_not_approve_what_was_not_asked(stage: Stage) -> None:
    with pytest.raises(NotAllowed, match="not asked yet"):
        approve_as_chair(stage.draft(), stage.co_chair)


def test_co_chair_sees_a_draft_from_the_asking_on_and_approves_it_on_its_page(client: Client, stage: Stage) -> None:
    circulation = stage.draft()
    client.force_login(stage.co_chair)
    assert client.get(circulation.get_absolute_url()).status_code == 404
    services.ask_approval(circulation.ref, actor=stage.officer, key=uuid.uuid4())
    assert "Waiting for you as co-chair" in client.get("/").content.decode()
    page = client.get(circulation.get_absolute_url()).content.decode()
    address = reverse("endorsements:circulation-approve", args=[circulation.ref])
    assert address in page
    assert "Approve and send" in client.get(address).content.decode()
    client.force_login(stage.focal_point)
    assert client.get(circulation.get_absolute_url()).status_code == 404
    assert client.post(address, {"key": uuid.uuid4()}).status_code == 404
    client.force_login(stage.co_chair)
    assert client.post(address, {"key": uuid.uuid4()}).status_code == 302
    circulation.refresh_from_db()
    assert circulation.state == State.OPEN


def test_what_waits_is_on_the_co_chairs_home(client: Client, stage: Stage) -> None:
    waiting(stage)
    client.force_login(stage.co_chair)
    page = client.get("/").content.decode()
    assert "1 circulation waits for your word as co-chair" in page
    assert "/decide/" in page

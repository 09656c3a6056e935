"""Who approves is a manager when the circulation opens, not only when the page was asked for."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from endorsements import services
from endorsements.enums import State
from endorsements.models import Circulation, RegisterEntry
from endorsements.rules import NotAllowed
from endorsements.services import approval
from members.models import User
from members.services import end_appointment
from notifications.models import Notice
from tests.factories.circulations import Stage


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

"""Two at once: one focal point comes out of it. With the lock taken out, two do."""

import threading
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from members import services
from members.enums import Role
from members.models import Appointment, Invitation, User
from members.rules import LinkDead, NotAllowed
from members.services import posts
from members.services.invitations import Newcomer, Offer, digest
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db(transaction=True)


def invited(stage: Stage, name: str) -> str:
    """The token of an invitation to be focal point of Osland."""
    offer = Offer(f"{name}@members.example", Role.FOCAL_POINT, stage.observer_state, letter="Note 12")
    made = services.invite_person(offer, actor=stage.officer, key=uuid.uuid4())
    Invitation.objects.filter(pk=made.pk).update(token_sha256=digest(name))
    return name


def both(tokens: list[str], before: str) -> list[str]:
    """Both accept at once; each waits before its first statement of that kind, at most a second, for the other."""
    meet, outcomes = threading.Barrier(2), []

    def wait(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(before):
            with suppress(threading.BrokenBarrierError):
                meet.wait(1)
        return execute(sql, *rest)

    def accept(token: str) -> None:
        try:
            with connection.execute_wrapper(wait):
                services.accept_as_newcomer(token, Newcomer(f"Ms {token}", "Asia/Colombo", "three words apart"))
            outcomes.append("accepted")
        except (NotAllowed, LinkDead) as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=[token]) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcomes)


@pytest.mark.parametrize("locks", [True, False], ids=["locked", "twin without the lock"])
def test_two_focal_points_at_once(locks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    tokens = [invited(stage, "one"), invited(stage, "two")]
    if not locks:
        monkeypatch.setattr(posts, "lock_place", lambda participant_id: None)
    outcomes = both(tokens, 'INSERT INTO "members_appointment"')
    in_office = Appointment.objects.filter(participant=stage.observer_state, role="focal_point", ends_at=None).count()
    assert (outcomes, in_office) == ((["NotAllowed", "accepted"], 1) if locks else (["accepted", "accepted"], 2))


def test_one_link_twice_at_once_makes_one_account() -> None:
    stage = Stage()
    token = invited(stage, "one")
    assert both([token, token], 'INSERT INTO "members_user"') == ["LinkDead", "accepted"]
    assert User.objects.filter(email="one@members.example").count() == 1

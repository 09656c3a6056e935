"""Deeds on many rows of the outbox lock them in one order. In the twins the lock is taken out: two deeds that meet end
in a deadlock, and the database sacrifices one of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from members.models import User
from notifications.enums import Cadence, Kind, NoticeState
from notifications.models import Notice
from notifications.services import (
    Addressee,
    forget_addressee,
    forgetting,
    notify,
    postpone,
    preferences,
    reading,
    settle,
    settling,
)
from tests.notifications.test_results import Holder
from tests.races import in_thread, waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {"symbol": "S/1", "forum_zone": "UTC", "expires_at": None}


def two_notices() -> tuple[list[int], int]:
    """The keys of two notices to one person that ask for an answer, and the person's. The older one was changed last:
    a statement without an order comes to it last."""
    user = User.objects.create_user(email="a@b.example", name="Ms Reader")
    to = [
        Addressee(user.email, user_id=user.pk, participant_code=code, zone="UTC", may_reply=True)
        for code in ("NP", "LK")
    ]
    with transaction.atomic():
        rows = notify(
            Kind.CIRCULATION_OPENED, event="o:1", to=to, context=WORDS, subject_kind="circulation", subject_ref="k7"
        )
    Notice.objects.update(cadence=Cadence.DAILY.value, state=NoticeState.WITHHELD.value)
    Notice.objects.filter(pk=rows[0].pk).update(accepted_at=timezone.now())
    return [row.pk for row in rows], user.pk


def forget(user_id: int) -> None:
    forget_addressee(user_id, address="a@b.example", name="Ms Reader", instead="x@y.invalid", name_instead="Nobody")


def reply_that_ends_it(user_id: int) -> None:
    settle("circulation", "k7", participant_code="LK")
    settle("circulation", "k7")


DEEDS: dict[str, tuple[Callable[[int], Any], Any]] = {
    "settle": (lambda user_id: settle("circulation", "k7"), settling),
    "settle one and then all": (reply_that_ends_it, settling),
    "settle two things": (lambda user_id: settle("circulation", "k8", "k7"), settling),
    "postpone": (lambda user_id: postpone("circulation", "k7", answer_by=timezone.now()), settling),
    "forget": (forget, forgetting),
    "read all": (lambda user_id: reading.mark_read(Notice.objects.filter(user_id=user_id)), reading),
    "no digests": (preferences.stop_digests, preferences),
}


def in_transaction(deed: Callable[[int], Any], user_id: int) -> OperationalError | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # A statement without an order takes rows as they lie in the table, whatever else the planner might choose.
            cursor.execute("SET LOCAL enable_indexscan = off")
            deed(user_id)
    except OperationalError as error:
        return error
    return None


def met_by_another(deed: Callable[[int], Any]) -> list[Exception | None]:
    """The deed comes to two rows of which another deed, that takes them in order, holds the first; what either of them
    ended with."""
    keys, user_id = two_notices()
    preferences.choose(user_id, {Kind.CIRCULATION_OPENED: Cadence.DAILY})
    with Holder(keys) as other:
        thread, found = in_thread(lambda: in_transaction(deed, user_id))
        waits_for_a_lock()
        other.go_on.set()
        thread.join(20)
    return [*found, other.error]


@pytest.mark.parametrize("name", DEEDS)
def test_deed_waits_for_another_and_holds_nothing_meanwhile(name: str) -> None:
    assert met_by_another(DEEDS[name][0]) == [None, None]


def unordered(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


@pytest.mark.parametrize("name", DEEDS)
def test_twin_without_the_order_one_of_two_deeds_is_lost(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deed, module = DEEDS[name]
    monkeypatch.setattr(module, "lock_in_order", unordered)
    lost = [error for error in met_by_another(deed) if error]
    assert len(lost) == 1
    assert "deadlock" in str(lost[0])

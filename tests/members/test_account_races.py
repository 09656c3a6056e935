"""Two at once on accounts: somebody stays in office, and a second step stays. Each has a twin without its lock."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from endorsements.services.posts import has_open_circulation
from members.models import User
from members.rules import NotAllowed
from members.services import accounts, delete_account
from members.views import security
from tests.factories.accounts import with_app
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(deeds: list[Callable[[], object]], before: str) -> list[str]:
    """All at once; each waits before its first statement of that kind, at most a second, for the others."""
    meet, outcomes = threading.Barrier(len(deeds)), []

    def wait(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(before):
            with suppress(threading.BrokenBarrierError):
                meet.wait(1)
        return execute(sql, *rest)

    def run(deed: Callable[[], object]) -> None:
        try:
            with connection.execute_wrapper(wait):
                deed()
            outcomes.append("done")
        except NotAllowed as refused:
            outcomes.append(refused.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcomes)


@pytest.mark.parametrize("locks", [True, False], ids=["locked", "twin without the lock"])
def test_two_administrators_who_leave_at_once_leave_one(locks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    second = User.objects.create_superuser("second@office.example", "correct horse battery staple")
    if not locks:
        monkeypatch.setattr(accounts, "_lock_admins", lambda: None)
    leave = [lambda pk=one.pk: delete_account(pk, is_busy=has_open_circulation) for one in (stage.admin, second)]
    outcomes = at_once(leave, 'UPDATE "members_user"')
    left = User.objects.filter(is_superuser=True, is_active=True).count()
    refused = "You are the only administrator. Name another one first."
    assert (outcomes, left) == (([refused, "done"], 1) if locks else (["done", "done"], 0))
    assert AuditEntry.objects.filter(action="account.deleted").count() == outcomes.count("done")


def test_one_account_deleted_twice_at_once_is_deleted_once() -> None:
    stage = Stage()
    leave = [lambda: delete_account(stage.reviewer.pk, is_busy=has_open_circulation)] * 2
    assert at_once(leave, 'UPDATE "members_user"') == ["done", "done"]
    for action in ("account.deleted", "appointment.ended"):
        assert AuditEntry.objects.filter(action=action).count() == 1


@pytest.mark.parametrize("locks", [True, False], ids=["locked", "twin without the lock"])
def test_two_second_steps_removed_at_once_leave_one(
    locks: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MFA_REQUIRED = True
    cache.clear()
    stage = Stage()
    with_app(stage.officer)
    key = Authenticator.objects.create(user=stage.officer, type="webauthn", data={"name": "Phone", "credential": {}})
    if not locks:
        monkeypatch.setattr(security, "lock_account", lambda user: None)
    desks = [Client(), Client()]
    for desk in desks:
        desk.force_login(stage.officer)
    paths = [reverse("mfa_deactivate_totp"), reverse("mfa_remove_webauthn", args=[key.pk])]
    remove = [lambda desk=desk, path=path: desk.post(path) for desk, path in zip(desks, paths, strict=True)]
    assert at_once(remove, 'DELETE FROM "mfa_authenticator"') == ["done", "done"]
    left = Authenticator.objects.filter(user=stage.officer, type__in=["totp", "webauthn"]).count()
    assert left == (1 if locks else 0)

"""Reports that a mail provider posts: checked by secret and signature; what is forged changes nothing."""

import base64
import hashlib
import hmac
import importlib
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models.functions import Now
from django.test import Client
from django.urls import clear_url_caches

from notifications.models import DeliveryReport, Notice
from notifications.reports.provider import provider_urls
from tests.factories.directory import ForumFactory
from tests.notifications import provider_urls as addresses
from tests.notifications.conftest import queue_notices

pytestmark = pytest.mark.django_db
WHERE = "/outbox/provider/"
SECRET, KEY = "provider:of-reports", "signing-key"
Mount = Callable[[str], Client]


@pytest.fixture
def mounted(settings: Any) -> Iterator[Mount]:
    """The address for a provider, with its secrets set."""

    def mount(provider: str) -> Client:
        settings.MAIL_PROVIDER = provider
        settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
        if provider == "mailgun":
            settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
        importlib.reload(addresses)
        settings.ROOT_URLCONF = "tests.notifications.provider_urls"
        clear_url_caches()
        return Client()

    ForumFactory()
    yield mount
    clear_url_caches()


@pytest.fixture
def row(db: None) -> Notice:
    (found,) = queue_notices(1)
    Notice.objects.update(state="accepted", accepted_at=Now())
    found.refresh_from_db()
    return found


def login(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def mailgun(row: Notice, event: str = "failed", *, key: str = KEY, **more: Any) -> dict[str, Any]:
    token, stamp = uuid.uuid4().hex, str(int(time.time()))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "severity": "permanent",
        "timestamp": time.time(),
        "recipient": row.address,
        "message": {"headers": {"message-id": row.message_id.strip("<>")}},
        "delivery-status": {"message": "550 5.1.1 No such mailbox", "code": 550},
        **more,
    }
    return {"signature": {"token": token, "timestamp": stamp, "signature": signature}, "event-data": data}


def send(client: Client, told: Any, headers: dict[str, str] | None = None) -> int:
    response = client.post(
        WHERE, json.dumps(told), content_type="application/json", headers=login() if headers is None else headers
    )
    return int(response.status_code)


@pytest.mark.parametrize(
    ("event", "more", "state", "answer"),
    [
        ("failed", {}, "bounced", "550 5.1.1 No such mailbox"),
        ("rejected", {}, "bounced", "550 5.1.1 No such mailbox"),
        ("failed", {"severity": "temporary"}, "accepted", "550 5.1.1 No such mailbox"),
        ("delivered", {"delivery-status": {"message": "OK"}}, "delivered", "OK"),
    ],
)
def test_a_signed_report_counts(
    mounted: Mount, row: Notice, event: str, more: dict[str, Any], state: str, answer: str
) -> None:
    client = mounted("mailgun")
    assert send(client, mailgun(row, event, **more)) == 200
    row.refresh_from_db()
    assert (row.state, row.answer) == (state, answer)
    assert DeliveryReport.objects.get().source == "Mailgun"


def test_the_same_post_again_counts_once(mounted: Mount, row: Notice) -> None:
    client, told = mounted("mailgun"), mailgun(row)
    assert [send(client, told), send(client, told)] == [200, 200]
    assert DeliveryReport.objects.count() == 1


@pytest.mark.parametrize("event", ["opened", "clicked", "complained", "accepted"])
def test_what_people_do_with_a_mail_is_not_taken(mounted: Mount, row: Notice, event: str) -> None:
    assert send(mounted("mailgun"), mailgun(row, event)) == 200
    assert not DeliveryReport.objects.exists()


def test_forged_posts_change_nothing(mounted: Mount, row: Notice) -> None:
    client = mounted("mailgun")
    before = Notice.objects.values().get()
    for told, headers in [
        (mailgun(row), {}),
        (mailgun(row), login("provider:wrong")),
        (mailgun(row, key="another"), login()),
        ({"event-data": {"event": "failed"}}, login()),
        ([], {}),
        ("x", {}),
    ]:
        assert send(client, told, headers) == 400
    assert not DeliveryReport.objects.exists()
    assert send(client, mailgun(row, recipient="another@members.example")) == 200
    assert send(client, mailgun(row, message={"headers": {"message-id": "other@portal.example"}})) == 200
    assert send(client, mailgun(row, message={})) == 200
    assert [one.verdict for one in DeliveryReport.objects.order_by("pk")] == ["unproven", "unknown", "unknown"]
    assert Notice.objects.values().get() == before


def test_a_provider_without_a_signature_needs_the_secret(mounted: Mount, row: Notice) -> None:
    client = mounted("brevo")
    told = {"event": "hard_bounce", "email": row.address, "message-id": row.message_id, "reason": "550 no"}
    assert send(client, told, {}) == 400
    row.refresh_from_db()
    assert row.state == "accepted"
    assert send(client, told) == 200
    row.refresh_from_db()
    assert (row.state, row.answer) == ("bounced", "550 no")


def test_without_a_provider_the_address_does_not_exist(client: Client) -> None:
    ForumFactory()
    assert client.post(WHERE, "{}", content_type="application/json", headers=login()).status_code == 404
    assert client.get(WHERE).status_code == 404


@pytest.mark.parametrize(
    ("provider", "secrets"),
    [
        ("unknown", {"WEBHOOK_SECRET": "a:b"}),
        ("brevo", {"WEBHOOK_SECRET": ""}),
        ("mailgun", {"WEBHOOK_SECRET": "a:b", "K": ""}),
    ],
)
def test_a_provider_without_its_secrets_stops_the_start(settings: Any, provider: str, secrets: dict[str, str]) -> None:
    settings.MAIL_PROVIDER, settings.ANYMAIL = provider, secrets
    with pytest.raises(ImproperlyConfigured):
        provider_urls()

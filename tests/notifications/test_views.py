"""The outbox: what staff see of it, and that it is not there for anyone else."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import User
from notifications import keyset
from notifications.enums import Kind, NoticeState
from notifications.models import KeptMail, Notice, Pause
from notifications.services import Addressee, notify
from notifications.tasks import record_tick
from tests.factories.directory import AppointmentFactory, ForumFactory, ParticipantFactory, UserFactory

pytestmark = pytest.mark.django_db
OUTBOX = "/outbox/"


@pytest.fixture
def officer(client: Client) -> User:
    ForumFactory()
    person: User = AppointmentFactory(role="officer", participant=None).user
    client.force_login(person)
    return person


def tell(number: int = 1, *, kind: Kind = Kind.ACCOUNT, **extra: Any) -> Notice:
    context = {"subject": f"Subject {number}", "body": "Dear Sir,\n\n<b>bold</b> words."}
    to = [Addressee(f"person{number}@members.example", participant_code="LK")]
    (row,) = notify(kind, event=f"test:{uuid.uuid4()}", to=to, context=context, **extra)
    return row


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("role", ["officer", "manager"])
def test_outbox_is_there_for_staff(client: Client, role: str) -> None:
    ForumFactory()
    client.force_login(AppointmentFactory(role=role, participant=None).user)
    row = tell()
    assert client.get(OUTBOX).status_code == client.get(row.get_absolute_url()).status_code == 200


def test_outbox_is_not_there_for_others(client: Client) -> None:
    ForumFactory()
    row = tell()
    others = [
        AppointmentFactory(role="focal_point", participant=ParticipantFactory()).user,
        AppointmentFactory(role="co_chair", participant=ParticipantFactory()).user,
        UserFactory(),
        UserFactory(is_superuser=True, is_staff=True),
        AppointmentFactory(role="officer", participant=None, ends_at=timezone.now() - dt.timedelta(seconds=1)).user,
    ]
    for person in others:
        client.force_login(person)
        assert client.get(OUTBOX).status_code == 404
        assert client.get(row.get_absolute_url()).status_code == 404
    client.logout()
    assert client.get(OUTBOX).status_code == 302


def test_notice_detail_unknown_is_404(client: Client, officer: User) -> None:
    assert client.get("/outbox/999999/").status_code == 404


@pytest.mark.parametrize(
    ("state", "css", "word"),
    [
        (NoticeState.QUEUED, "n-sent", "Queued"),
        (NoticeState.IN_FLIGHT, "n-sent", "Sending"),
        (NoticeState.ACCEPTED, "n-sent", "Sent"),
        (NoticeState.DELIVERED, "n-delivered", "Delivered"),
        (NoticeState.FAILED, "n-returned", "Returned"),
        (NoticeState.BOUNCED, "n-returned", "Returned"),
        (NoticeState.WITHHELD, "n-sent", "Withheld"),
    ],
)
def test_outbox_says_the_state_in_its_word(
    client: Client, officer: User, state: NoticeState, css: str, word: str
) -> None:
    row = tell()
    Notice.objects.update(state=state.value)
    for path in (OUTBOX, row.get_absolute_url()):
        assert f'<span class="chip {css}">{word}</span>' in text(client.get(path))


def test_outbox_filters(client: Client, officer: User) -> None:
    tell(1)
    tell(2)
    Notice.objects.filter(subject="Subject 2").update(state="failed", kind="circulation.ended")
    for query, shown in [
        ({"state": "failed"}, "Subject 2"),
        ({"state": "queued"}, "Subject 1"),
        ({"kind": "account"}, "Subject 1"),
        ({"subject": "ject 2"}, "Subject 2"),
        ({"subject": "Person1@members.example"}, "Subject 1"),
        ({"domain": "@Members.example", "state": "failed"}, "Subject 2"),
        ({"participant": "lk", "state": "failed"}, "Subject 2"),
        ({"days": "1", "state": "failed"}, "Subject 2"),
    ]:
        page = text(client.get(OUTBOX, query))
        hidden = {"Subject 1": "Subject 2", "Subject 2": "Subject 1"}[shown]
        assert f">{shown}</a>" in page
        assert f">{hidden}</a>" not in page
        assert "1 notice, newest first." in page
    Notice.objects.filter(subject="Subject 1").update(queued_at=timezone.now() - dt.timedelta(days=8))
    assert ">Subject 1</a>" not in text(client.get(OUTBOX, {"days": "7"}))
    for query in ({"subject": "nothing so called"}, {"domain": "other.example"}, {"participant": "XX"}):
        assert "No notice fits." in text(client.get(OUTBOX, query))


def test_outbox_shows_so_many_a_page_and_keeps_the_filter(client: Client, officer: User) -> None:
    rows = [tell(number) for number in range(27)]
    page = text(client.get(OUTBOX, {"state": "queued"}))
    assert "25 notices, newest first." in page
    assert f'href="?state=queued&amp;before={rows[2].pk}"' in page
    older = text(client.get(OUTBOX, {"state": "queued", "before": rows[2].pk}))
    assert "2 notices, newest first." in older
    assert ">Subject 1</a>" in older
    assert ">Subject 2</a>" not in older
    assert 'href="?state=queued">Newest notices</a>' in older
    assert "Older notices" not in older


@pytest.mark.parametrize("before", ["0", "-1", "x", "²", "9" * 30, ""])
def test_outbox_takes_any_place_in_the_address(client: Client, officer: User, before: str) -> None:
    tell()
    assert "1 notice, newest first." in text(client.get(OUTBOX, {"before": before}))


def test_outbox_looks_through_so_many_rows_and_says_so(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset, "REACH", 3)
    rare = tell(1)
    rows = [tell(number) for number in range(2, 8)]
    Notice.objects.filter(pk=rare.pk).update(domain="rare.example")
    page = text(client.get(OUTBOX, {"domain": "rare.example"}))
    assert "No notice fits among the newer ones." in page
    assert f'href="?domain=rare.example&amp;before={rows[-1].pk - 2}">Look further back</a>' in page
    for _ in range(2):
        before = re.search(r'before=(\d+)">Look', page)
        assert before is not None
        page = text(client.get(OUTBOX, {"domain": "rare.example", "before": before[1]}))
    assert ">Subject 1</a>" in page
    assert "Look further back" not in page
    # What an index finds is found at once.
    assert ">Subject 1</a>" in text(client.get(OUTBOX, {"subject": rare.address}))


def test_outbox_finds_all_about_a_circulation_however_old(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset, "REACH", 1)
    tell(1, subject_kind="circulation", subject_ref="k7")
    tell(2)
    tell(3)
    page = text(client.get(OUTBOX, {"subject": "k7"}))
    assert ">Subject 1</a>" in page
    assert ">Subject 2</a>" not in page


def test_outbox_never_counts_all_rows(client: Client, officer: User, django_assert_num_queries: Any) -> None:
    tell()
    with CaptureQueriesContext(connection) as asked:
        client.get(OUTBOX, {"kind": "account", "days": "7", "participant": "lk"})
    counted = [one["sql"] for one in asked if "COUNT(" in one["sql"]]
    # What did not arrive (an index of its own, at most a thousand) and the last 24 hours.
    assert len(counted) == 2
    assert all("accepted_at" in one or "handled_at" in one for one in counted)


def test_outbox_draws_the_last_24_hours_and_says_them(client: Client, officer: User) -> None:
    assert "nothing was sent" in text(client.get(OUTBOX))
    for number in range(4):
        tell(number)
    now = timezone.now()
    ages = [dt.timedelta(), dt.timedelta(), dt.timedelta(hours=2), dt.timedelta(hours=24)]
    for row, age in zip(Notice.objects.all(), ages, strict=True):
        Notice.objects.filter(pk=row.pk).update(state="accepted", accepted_at=now - age)
    page = text(client.get(OUTBOX))
    assert "3 in all. The most, 2, in the hour from" in page
    assert page.count('<rect class="f-teal"') == 2
    assert 'height="100.0"' in page
    assert 'height="50.0"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_outbox_queries_do_not_grow(client: Client, officer: User, rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        tell(number)
    record_tick()
    with django_assert_num_queries(14):
        client.get(OUTBOX)


def test_outbox_says_when_all_is_well(client: Client, officer: User) -> None:
    record_tick()
    page = text(client.get(OUTBOX))
    assert "Mail goes out as it should. Nothing is asked of you." in page
    assert "What is wrong" not in page


def test_outbox_says_when_the_mail_server_is_left_alone(client: Client, officer: User) -> None:
    record_tick()
    Pause.objects.create(until=timezone.now() + dt.timedelta(seconds=9), reason="connect: refused")
    page = text(client.get(OUTBOX))
    assert "The mail server failed a moment ago. The portal tries again by itself; nothing is asked of you." in page
    assert "as it should" not in page


def test_outbox_says_what_is_wrong(client: Client, officer: User) -> None:
    tell()
    Notice.objects.update(due_at=timezone.now() - dt.timedelta(seconds=100))
    Pause.objects.create(until=timezone.now() + dt.timedelta(seconds=9), reason="connect: refused")
    page = text(client.get(OUTBOX))
    assert "Mail does not go out as it should." in page
    assert "A notice has been due for 100 seconds." in page
    assert "The scheduler has not run yet." in page
    assert "connect: refused" in page


def test_notice_detail_shows_the_message_as_sent(client: Client, officer: User, settings: Any) -> None:
    settings.EMAIL_KEPT_BY_PORTAL = False
    row = tell()
    page = text(client.get(row.get_absolute_url()))
    assert "&lt;b&gt;bold&lt;/b&gt; words." in page
    assert "person1@members.example (LK)" in page
    assert row.message_id.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "Sample" not in page


def test_notice_detail_never_shows_a_secret(client: Client, officer: User) -> None:
    row = tell(is_secret=True)
    page = text(client.get(row.get_absolute_url()))
    assert "This message carries a set-up link. It is never shown." in page
    assert "words." not in page


def test_kept_mail_is_marked_sample_and_said_to_have_stayed_here(client: Client, officer: User, settings: Any) -> None:
    settings.EMAIL_KEPT_BY_PORTAL = True
    row = tell()
    for path in (OUTBOX, row.get_absolute_url()):
        page = text(client.get(path))
        assert "<strong>Sample</strong>" in page
        assert "The portal keeps this mail itself, since no mail server is set." in page


def test_admin_shows_no_text_and_changes_nothing(client: Client) -> None:
    ForumFactory()
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    row = tell(is_secret=True)
    path = reverse("admin:notifications_notice_change", args=[row.pk])
    page = text(client.get(path))
    assert "Subject 1" in page
    assert "words." not in page
    assert client.post(path, {"state": "accepted"}).status_code == 403
    assert client.get(reverse("admin:notifications_notice_add")).status_code == 403
    assert client.get(reverse("admin:notifications_notice_delete", args=[row.pk])).status_code == 403
    kept = KeptMail.objects.create(sender="a@b.example", recipient="c@d.example", subject="Kept", body="Secret words.")
    page = text(client.get(reverse("admin:notifications_keptmail_change", args=[kept.pk])))
    assert "Kept" in page
    assert "Secret words." not in page


def test_get_changes_nothing(client: Client, officer: User) -> None:
    row = tell()
    before = Notice.objects.values().get()
    client.get(OUTBOX)
    client.get(row.get_absolute_url())
    assert Notice.objects.values().get() == before

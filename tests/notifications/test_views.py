"""The outbox: what staff see of it, and that it is not there for anyone else."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import User
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
    ]:
        page = text(client.get(OUTBOX, query))
        hidden = {"Subject 1": "Subject 2", "Subject 2": "Subject 1"}[shown]
        assert f">{shown}</a>" in page
        assert f">{hidden}</a>" not in page
        assert "Notices 1 to 1 of 1, newest first." in page
    assert "No notice fits." in text(client.get(OUTBOX, {"subject": "nothing so called"}))


def test_outbox_shows_fifty_a_page_and_keeps_the_filter(client: Client, officer: User) -> None:
    for number in range(51):
        tell(number)
    page = text(client.get(OUTBOX, {"state": "queued"}))
    assert "Notices 1 to 50 of 51" in page
    assert 'href="?state=queued&amp;page=2"' in page
    assert "Notices 51 to 51 of 51" in text(client.get(OUTBOX, {"state": "queued", "page": "2"}))


@pytest.mark.parametrize("rows", [1, 3])
def test_outbox_queries_do_not_grow(client: Client, officer: User, rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        tell(number)
    record_tick()
    with django_assert_num_queries(9):
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

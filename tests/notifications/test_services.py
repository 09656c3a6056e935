"""`notify`: rows in the deed's transaction, each address once."""

from typing import Any

import pytest
from django.db import transaction

from notifications.enums import Kind, NoticeState
from notifications.framing import as_html
from notifications.models import Notice
from notifications.services import Addressee, notify
from notifications.tasks import wake_drainer

pytestmark = pytest.mark.django_db
CONTEXT = {"subject": "Hello", "body": "Text"}


class Undone(Exception):
    pass


def test_notify_writes_the_row(settings: Any) -> None:
    settings.BASE_URL = "https://portal.example"
    one = Addressee("Focal.Point@MFA.example", participant_code="LK", zone="Asia/Colombo", may_reply=True)
    (row,) = notify(
        Kind.TIME_REQUESTED,
        event="time:1",
        to=[one],
        context={"participant_name": "Sri Lanka", "symbol": "S/1", "until_on": None},
        subject_kind="circulation",
        subject_ref="k7",
        path="/circulations/k7/",
        is_sample=True,
    )
    row.refresh_from_db()
    assert (row.address, row.participant_code, row.event) == ("focal.point@mfa.example", "LK", "time:1")
    assert (row.subject_kind, row.subject_ref, row.path) == ("circulation", "k7", "/circulations/k7/")
    assert row.subject == "Sample: Please answer Sri Lanka: more time asked for, draft S/1"
    assert "https://portal.example/circulations/k7/" in row.body
    assert 'href="https://portal.example/circulations/k7/">See the request</a>' in as_html(row.subject, row.body)
    assert row.message_id.endswith("@portal.example>")
    assert (row.state, row.attempts, row.is_secret, row.is_sample) == (NoticeState.QUEUED, 0, False, True)


def test_notify_rolled_back_with_the_deed_leaves_nothing() -> None:
    def deed() -> None:
        with transaction.atomic():
            notify(Kind.ACCOUNT, event="a:1", to=[Addressee("a@b.example")], context=CONTEXT)
            raise Undone

    with pytest.raises(Undone):
        deed()
    assert not Notice.objects.exists()


def test_notify_tells_an_address_once_about_one_event() -> None:
    first = notify(Kind.ACCOUNT, event="a:1", to=[Addressee("a@b.example")], context=CONTEXT)
    again = notify(Kind.ACCOUNT, event="a:1", to=[Addressee("A@b.example"), Addressee("c@b.example")], context=CONTEXT)
    other = notify(Kind.ACCOUNT, event="a:2", to=[Addressee("a@b.example")], context=CONTEXT)
    assert [row.address for row in again] == ["c@b.example"]
    assert Notice.objects.count() == len(first) + len(again) + len(other) == 3


def test_notify_prefers_who_may_reply_where_two_share_an_address() -> None:
    for order in (1, -1):
        to = [Addressee("a@b.example", "Reviewer"), Addressee("A@B.example", "Focal point", may_reply=True)][::order]
        Notice.objects.all().delete()
        context = {"symbol": "S/1", "forum_zone": "UTC", "expires_at": None}
        (row,) = notify(Kind.CIRCULATION_OPENED, event="o:1", to=to, context=context)
        assert row.subject.startswith("Please reply by")


def test_notify_wakes_the_drainer_after_commit_and_only_for_new_rows(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks() as first:
        notify(Kind.ACCOUNT, event="a:1", to=[Addressee("a@b.example")], context=CONTEXT)
    with django_capture_on_commit_callbacks() as second:
        notify(Kind.ACCOUNT, event="a:1", to=[Addressee("a@b.example")], context=CONTEXT)
    assert first == [wake_drainer]
    assert second == []


@pytest.mark.parametrize("count", [1, 3])
def test_notify_asks_the_database_three_times_however_many_are_told(count: int, django_assert_num_queries: Any) -> None:
    to = [Addressee(f"a{number}@b.example") for number in range(count)]
    with django_assert_num_queries(3):
        notify(Kind.ACCOUNT, event="a:1", to=to, context=CONTEXT)

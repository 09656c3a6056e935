"""Delivery reports: read whoever wrote them, believed only when proven, counted once."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from hypothesis import given
from hypothesis import strategies as st

from notifications.enums import NoticeState, ReportAction, ReportVerdict
from notifications.models import DeliveryReport, Notice
from notifications.reports.addresses import proven_by, return_path, spellings
from notifications.reports.applying import TooEarly, apply_report, key_of
from notifications.reports.reading import MOST_BYTES, About, Report, read_report
from notifications.reports.rules import judge_report
from tests.notifications.conftest import queue_notices
from tests.notifications.returned_mail import (
    BOUNCED_BY,
    CHANGES_NOTHING,
    DELAYED,
    DELIVERED,
    NEVER_ENDS,
    POSTFIX,
    STRANGE,
    Sent,
    about,
    nested,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "bounces@portal.example"


def sent(number: int = 1) -> Notice:
    """A notice that a mail server took."""
    row = queue_notices(number, f"sent{uuid.uuid4().hex[:6]}")[-1]
    Notice.objects.filter(pk=row.pk).update(state="accepted", accepted_at=Now(), answer="250 Taken")
    row.refresh_from_db()
    return row


def arrives(raw: bytes) -> DeliveryReport:
    return apply_report(read_report(raw), source="mailbox", key=key_of(raw))


def facts(notice: Notice) -> dict[str, Any]:
    found: dict[str, Any] = Notice.objects.values().get(pk=notice.pk)
    return found


@pytest.mark.parametrize("server", BOUNCED_BY)
def test_a_returned_message_is_bounced_whoever_reports_it(server: str) -> None:
    row = sent()
    report = arrives(about(BOUNCED_BY[server], Sent.of(row)))
    assert (report.verdict, report.action, report.notice_id) == ("applied", "failed", row.pk)
    row.refresh_from_db()
    assert row.state == NoticeState.BOUNCED
    assert row.bounced_at is not None
    assert row.accepted_at is not None
    assert row.answer.count(report.status) >= 1
    assert report.diagnostic in row.answer


@pytest.mark.parametrize("name", CHANGES_NOTHING)
def test_what_is_not_proven_is_kept_and_changes_nothing(name: str) -> None:
    row = sent()
    before = facts(row)
    text, verdict = CHANGES_NOTHING[name]
    report = arrives(about(text, Sent.of(row)))
    assert report.verdict == verdict
    assert facts(row) == before
    assert DeliveryReport.objects.count() == 1
    assert (report.notice_id is None) == (verdict != "no_change")


def test_the_code_of_one_message_says_nothing_of_another() -> None:
    """Who was sent a message knows its return path, and no other."""
    mine, other = sent(), sent()
    before = facts(other)
    forged = Sent(return_path(mine.pk), other.message_id, other.address)
    assert arrives(about(POSTFIX, forged)).verdict == ReportVerdict.UNPROVEN
    stolen = return_path(mine.pk).replace(f"+{mine.pk}.", f"+{other.pk}.")
    assert arrives(about(POSTFIX, Sent(stolen, other.message_id, other.address))).verdict == ReportVerdict.UNPROVEN
    assert facts(other) == before


def test_a_code_of_another_key_is_none_and_one_of_the_key_before_is(settings: Any) -> None:
    row = sent()
    raw = about(POSTFIX, Sent.of(row))
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-the-portal-which-is-long-enough-for-anyone"
    assert not read_report(raw).proven
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_report(raw).proven == {row.pk}


@pytest.mark.parametrize("state", ["queued", "withheld", "failed"])
def test_a_report_on_what_was_never_taken_changes_nothing(state: str) -> None:
    row = sent()
    Notice.objects.filter(pk=row.pk).update(state=state, accepted_at=None)
    before = facts(row)
    assert arrives(about(POSTFIX, Sent.of(row))).verdict == ReportVerdict.UNPROVEN
    assert facts(row) == before


def test_a_late_report_does_not_touch_what_is_being_sent_again() -> None:
    row = sent()
    Notice.objects.filter(pk=row.pk).update(state="queued")
    before = facts(row)
    assert arrives(about(POSTFIX, Sent.of(row))).verdict == ReportVerdict.NO_CHANGE
    assert facts(row) == before


def test_a_report_that_is_faster_than_the_record_of_sending_is_not_lost() -> None:
    row = sent()
    Notice.objects.filter(pk=row.pk).update(state="in_flight", accepted_at=None)
    raw = about(POSTFIX, Sent.of(row))
    with pytest.raises(TooEarly):
        arrives(raw)
    assert not DeliveryReport.objects.exists()
    Notice.objects.filter(pk=row.pk).update(state="accepted", accepted_at=Now())
    assert arrives(raw).verdict == ReportVerdict.APPLIED


def test_a_delay_is_an_answer_and_no_return() -> None:
    row = sent()
    assert arrives(about(DELAYED, Sent.of(row))).verdict == ReportVerdict.APPLIED
    row.refresh_from_db()
    assert (row.state, row.bounced_at) == (NoticeState.ACCEPTED, None)
    assert row.answer == "4.4.1 connect to mx.members.example: timed out"


def test_delivered_is_said_and_a_later_return_counts() -> None:
    row = sent()
    arrives(about(DELIVERED, Sent.of(row)))
    row.refresh_from_db()
    assert row.state == NoticeState.DELIVERED
    assert row.delivered_at is not None
    arrives(about(POSTFIX, Sent.of(row)))
    row.refresh_from_db()
    assert row.state == NoticeState.BOUNCED
    assert row.delivered_at is not None


def test_a_delivery_after_a_return_does_not_count() -> None:
    row = sent()
    arrives(about(POSTFIX, Sent.of(row)))
    before = facts(row)
    assert arrives(about(DELIVERED, Sent.of(row))).verdict == ReportVerdict.NO_CHANGE
    assert facts(row) == before


def test_what_comes_back_again_is_a_task_again() -> None:
    row = sent()
    Notice.objects.filter(pk=row.pk).update(handling="told_otherwise", handled_at=Now())
    arrives(about(POSTFIX, Sent.of(row)))
    row.refresh_from_db()
    assert row.handled_at is None


def test_a_report_counts_once() -> None:
    row = sent()
    raw = about(POSTFIX, Sent.of(row))
    first = arrives(raw)
    Notice.objects.filter(pk=row.pk).update(state="accepted")
    assert arrives(raw).pk == first.pk
    row.refresh_from_db()
    assert row.state == NoticeState.ACCEPTED
    assert DeliveryReport.objects.count() == 1


@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 5000, b"\xff\xfe" * 100, nested(39), nested(3000), b"x" * (MOST_BYTES + 1)]
)
def test_hostile_messages_are_kept_and_nothing_crashes(raw: bytes) -> None:
    assert arrives(raw).verdict == ReportVerdict.UNKNOWN


@pytest.mark.parametrize("text", [STRANGE, NEVER_ENDS])
def test_strange_bytes_beside_a_proven_report_do_no_harm(text: str) -> None:
    row = sent()
    report = arrives(about(text, Sent.of(row)))
    assert report.verdict == ReportVerdict.APPLIED
    assert "\0" not in report.diagnostic


def test_every_cut_and_every_broken_byte_is_read_without_a_crash() -> None:
    row = sent()
    raw = about(POSTFIX, Sent.of(row))
    for at in range(0, len(raw), 7):
        read_report(raw[:at])
        read_report(raw[:at] + b"\xff\x00;\r" + raw[at + 3 :])


@given(st.binary(max_size=600))
def test_any_bytes_in_any_place_are_read_without_a_crash(noise: bytes) -> None:
    raw = about(POSTFIX, Sent("bounces+1.x@portal.example", "<1@portal.example>", "a@b.example"))
    for mark in (b"Status: ", b"boundary=", b"charset=", b"Message-ID: ", b"Content-Type: "):
        read_report(raw.replace(mark, mark + noise))


def test_a_return_path_is_short_and_without_a_setting_the_plain_sender(settings: Any) -> None:
    path = return_path(10**17)
    assert len(path.partition("@")[0]) <= 64
    assert proven_by(f"To: <{path.upper()}>") == {10**17}
    settings.BOUNCE_ADDRESS = ""
    assert return_path(5) == "notices@portal.example"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (" <A@B.example> ", "a@b.example"),
        ("a+2Bb@c.example", "a+b@c.example"),
        ("post@dép.example", "post@xn--dp-bja.example"),
    ],
)
def test_an_address_is_known_in_every_spelling(written: str, plain: str) -> None:
    assert plain in spellings(written)


def test_no_address_has_no_spelling() -> None:
    assert not spellings("") | spellings("nobody") | spellings("<>")


A, D, B, N = (ReportVerdict.APPLIED, NoticeState.DELIVERED, NoticeState.BOUNCED, (ReportVerdict.NO_CHANGE, None))
TABLE = {
    (ReportAction.FAILED, NoticeState.ACCEPTED): (A, B),
    (ReportAction.FAILED, NoticeState.DELIVERED): (A, B),
    (ReportAction.DELIVERED, NoticeState.ACCEPTED): (A, D),
    (ReportAction.DELAYED, NoticeState.ACCEPTED): (A, None),
}


@pytest.mark.parametrize("state", NoticeState)
@pytest.mark.parametrize("action", [*ReportAction, None])
def test_judge_report(action: ReportAction | None, state: NoticeState) -> None:
    expected = TABLE.get((action, state), N) if action else N
    assert judge_report(action, state) == expected


# ---- two at once ---------------------------------------------------------------------------------------------------


def two_at_once(notice: Notice) -> None:
    """A return and a delivery of the same message: the return holds the notice, the delivery arrives meanwhile."""
    ours = About(ReportAction.DELIVERED, "2.0.0", "ok", frozenset({notice.address}))
    delivery = Report((notice.message_id,), about=(ours,), is_signed=True)

    def deliver() -> None:
        apply_report(delivery, source="test", key=uuid.uuid4().hex)
        connection.close()

    other = threading.Thread(target=deliver)
    with transaction.atomic():
        Notice.objects.select_for_update().get(pk=notice.pk)
        Notice.objects.filter(pk=notice.pk).update(state="bounced", bounced_at=Now())
        other.start()
        other.join(1)
    other.join(10)
    notice.refresh_from_db()


@contextmanager
def no_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
        yield


@pytest.mark.django_db(transaction=True)
def test_a_delivery_waits_for_a_return_that_is_being_written(bounce_address: None) -> None:
    row = sent()
    two_at_once(row)
    assert row.state == NoticeState.BOUNCED


@pytest.mark.django_db(transaction=True)
def test_twin_without_the_lock_the_return_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    row = sent()
    with no_lock(monkeypatch):
        two_at_once(row)
    assert row.state == NoticeState.DELIVERED

"""Whom a round of notices reached."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from audit.services import record_access
from members.clock import clock
from members.models import User
from notifications.enums import Handling, Kind, NoticeState
from notifications.models import Notice, ToldOtherwise
from notifications.reach import Mail, accepted_for, mail_about, mail_in_short, signs_of, told_in_time
from notifications.services import Addressee, notify
from notifications.signs import Signs
from tests.factories.directory import UserFactory

pytestmark = pytest.mark.django_db
AN_HOUR = dt.timedelta(hours=1)


def tell(
    code: str, state: NoticeState, *, ref: str = "k7", number: int = 0, event: str = "o", accepted: bool | None = None
) -> Notice:
    to = [Addressee(f"person{number}@{code.lower()}.example", participant_code=code)]
    context = {"subject": "S", "body": "B"}
    notify(Kind.ACCOUNT, event=f"{event}:{ref}", to=to, context=context, subject_kind="circulation", subject_ref=ref)
    rows = Notice.objects.filter(address=to[0].address, subject_ref=ref, event=f"{event}:{ref}")
    was_taken = state in {NoticeState.ACCEPTED, NoticeState.DELIVERED, NoticeState.BOUNCED}
    rows.update(state=state.value, accepted_at=clock() if was_taken else None)
    return rows.get()


def soon() -> dt.datetime:
    return clock() + AN_HOUR


def test_accepted_for_one_of_its_addresses() -> None:
    tell("LK", NoticeState.ACCEPTED)
    tell("LK", NoticeState.FAILED, number=1)
    tell("TO", NoticeState.FAILED)
    tell("WS", NoticeState.QUEUED)
    tell("KI", NoticeState.BOUNCED)
    tell("NR", NoticeState.ACCEPTED, ref="other")
    tell("", NoticeState.ACCEPTED, number=9)
    assert accepted_for("circulation", "k7", before=soon()) == {"LK"}


def test_a_delivery_report_does_not_take_the_participant_away() -> None:
    tell("LK", NoticeState.DELIVERED)
    assert accepted_for("circulation", "k7", before=soon()) == {"LK"}


def test_what_the_server_takes_after_the_deadline_reaches_nobody() -> None:
    tell("LK", NoticeState.ACCEPTED)
    assert accepted_for("circulation", "k7", before=clock() - AN_HOUR) == set()


@pytest.mark.parametrize(("state", "found"), [(NoticeState.ACCEPTED, {"LK"}), (NoticeState.BOUNCED, set())])
def test_a_notice_in_a_digest_arrives_with_the_digest(state: NoticeState, found: set[str]) -> None:
    held = tell("LK", NoticeState.WITHHELD)
    digest = tell("", state, ref="digest", number=1)
    Notice.objects.filter(pk=held.pk).update(digest=digest)
    assert accepted_for("circulation", "k7", before=soon()) == found


def test_returned_when_the_newest_message_to_an_address_came_back() -> None:
    tell("KI", NoticeState.ACCEPTED)
    tell("KI", NoticeState.BOUNCED, event="r")
    tell("TO", NoticeState.FAILED)
    tell("TO", NoticeState.ACCEPTED, event="r")
    tell("WS", NoticeState.BOUNCED)
    tell("WS", NoticeState.QUEUED, event="r")
    changed = tell("NR", NoticeState.FAILED)
    Notice.objects.filter(pk=changed.pk).update(handling=Handling.ADDRESS_CHANGED.value)
    assert came_back() == {"KI", "WS"}


def came_back() -> frozenset[str]:
    return mail_about("circulation", "k7", before=soon()).came_back


@pytest.mark.parametrize(("state", "found"), [(NoticeState.ACCEPTED, set()), (NoticeState.BOUNCED, {"LK"})])
def test_what_came_back_of_a_notice_in_a_digest_is_the_digest(state: NoticeState, found: set[str]) -> None:
    held = tell("LK", NoticeState.WITHHELD)
    digest = tell("", state, ref="digest", number=1)
    Notice.objects.filter(pk=held.pk).update(digest=digest)
    assert came_back() == found


def test_what_stands_in_the_portal_alone_does_not_hide_what_came_back() -> None:
    tell("LK", NoticeState.BOUNCED)
    tell("LK", NoticeState.WITHHELD, event="ended")
    assert came_back() == {"LK"}


def note_told(code: str, recorded_at: dt.datetime, user: User) -> ToldOtherwise:
    return ToldOtherwise.objects.create(
        subject_kind="circulation",
        subject_ref="k7",
        participant_code=code,
        way="phone",
        told_at=recorded_at - AN_HOUR,
        note="N",
        recorded_by=user,
        recorded_at=recorded_at,
    )


def test_told_in_time_asks_when_it_was_recorded() -> None:
    user, now = UserFactory(), clock()
    note_told("LK", now - AN_HOUR, user)
    note_told("TO", now + AN_HOUR, user)
    assert told_in_time("circulation", "k7", before=now) == {"LK"}


def test_signs_of_gathers_all_of_one_thing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = UserFactory()
    taken = tell("LK", NoticeState.ACCEPTED).accepted_at
    tell("TO", NoticeState.BOUNCED)
    told = note_told("TO", clock(), user)
    record_access(user, kind="circulation", ref="k7", on_behalf_of="WS")
    before = soon()
    asked = {"codes": ["LK", "TO", "WS", "NR"], "speaking": {"LK", "TO"}, "opening_is_due": False}
    with django_assert_num_queries(4):  # three, and one because a message came back
        found = signs_of("circulation", "k7", before=before, **asked)
    none_due = {"opening_is_due": False}
    assert found["LK"] == Signs(has_speaker=True, arrived_at=taken, **none_due)
    assert found["TO"] == Signs(has_speaker=True, is_returned=True, told_at=told.told_at, **none_due)
    assert found["WS"].opened_at
    assert not found["WS"].has_speaker
    assert found["NR"] == Signs(has_speaker=False, **none_due)
    earlier = signs_of("circulation", "k7", before=clock() - AN_HOUR, **asked)
    assert earlier["WS"].opened_at is None


def test_mail_is_counted_alike_in_short_and_by_participant() -> None:
    taken = tell("LK", NoticeState.ACCEPTED).accepted_at
    tell("TO", NoticeState.DELIVERED)
    tell("WS", NoticeState.FAILED)
    tell("KI", NoticeState.QUEUED)
    tell("NR", NoticeState.ACCEPTED, ref="other")
    found = mail_about("circulation", "k7", before=soon())
    assert (found.all, found.sent, found.waiting, found.returned) == (4, 2, 1, 1)
    assert set(found.arrived) == {"LK", "TO"}
    assert found.arrived["LK"] == taken
    assert mail_in_short("circulation", "k7") == found
    assert mail_in_short("circulation", "none") == mail_about("circulation", "none", before=soon()) == Mail()


def test_what_asks_a_co_chair_tells_its_participant_nothing() -> None:
    row = tell("LK", NoticeState.ACCEPTED)
    Notice.objects.filter(pk=row.pk).update(kind=Kind.CIRCULATION_APPROVAL.value)
    assert accepted_for("circulation", "k7", before=soon()) == set()

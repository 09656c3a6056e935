"""What did not arrive is a task: try again, change the address, tell by another way. Each once, by an officer alone."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from audit.models import AuditEntry
from members.clock import clock
from members.enums import Role
from members.models import Appointment, OfficialAddress, User
from members.rules import NotAllowed
from members.services.accounts import delete_account
from members.services.returned import Readdressed, change_notice_address, tell_otherwise, try_notice_again
from notifications import drainer
from notifications.enums import Kind, NoticeState, Way
from notifications.models import Notice, ToldOtherwise
from notifications.queries import history_of
from notifications.services import Addressee, notify
from notifications.services.handling import close_told_otherwise, tasks
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory
from tests.notifications.server import Post

pytestmark = pytest.mark.django_db
NEW = "new@ministry.example"


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def returned(stage: Stage, to: Addressee | None = None, *, event: str = "", **extra: Any) -> Notice:
    """A notice that came back; to the official address of the first State unless told."""
    place = stage.states[0]
    box = to or Addressee(place.addresses.get_or_create(email="old@ministry.example")[0].email, participant_code="AA")
    (row,) = notify(
        Kind.ACCOUNT,
        event=event or f"test:{uuid.uuid4()}",
        to=[box],
        context={"subject": "A subject", "body": "A body."},
        **{"subject_kind": "meeting", "subject_ref": "m1", **extra},
    )
    Notice.objects.filter(pk=row.pk).update(
        state="bounced", accepted_at=Now(), bounced_at=Now(), attempts=1, answer="5.1.1 unknown"
    )
    row.refresh_from_db()
    return row


def to_person(user: User) -> Addressee:
    return Addressee(user.email, user_id=user.pk, participant_code="AA")


def again(stage: Stage, row: Notice, key: uuid.UUID | None = None, *, by: User | None = None) -> None:
    try_notice_again(row.pk, reason="They made room.", actor=by or stage.officer, key=key or uuid.uuid4())


def change(
    stage: Stage, row: Notice, address: str = NEW, key: uuid.UUID | None = None, *, by: User | None = None
) -> Readdressed:
    return change_notice_address(row.pk, address=address, actor=by or stage.officer, key=key or uuid.uuid4())


def tell(
    stage: Stage, row: Notice, key: uuid.UUID | None = None, *, at: dt.datetime | None = None, by: User | None = None
) -> Any:
    return tell_otherwise(
        row.pk, way=Way.PHONE, told_at=at or clock(), note="Mr Silva, second secretary: will read it.",
        actor=by or stage.officer, key=key or uuid.uuid4(),
    )  # fmt: skip


def entries(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))


# ---- try again -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_try_again_sends_the_same_row_under_the_same_message_id(stage: Stage, post: Post) -> None:
    row = returned(stage)
    key = uuid.uuid4()
    again(stage, row, key)
    again(stage, row, key)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.answer, row.bounced_at) == (NoticeState.QUEUED, 0, "", None)
    assert (row.handling, row.handling_reason, row.handled_by_id) == (
        "tried_again", "They made room.", stage.officer.pk,
    )  # fmt: skip
    (entry,) = entries("notice.tried_again")
    assert entry.detail == {"reason": "They made room.", "answer": "5.1.1 unknown", "tries": 1}
    assert drainer.drain() == 1
    assert post.accepted == [row.message_id]
    row.refresh_from_db()
    assert row.state == NoticeState.ACCEPTED


def test_a_message_with_a_link_is_not_tried_again(stage: Stage) -> None:
    row = returned(stage, is_secret=True)
    with pytest.raises(NotAllowed, match="not kept"):
        again(stage, row)
    row.refresh_from_db()
    assert (row.state, row.handling) == ("bounced", "")
    assert not entries("notice.tried_again")


def test_what_comes_back_again_is_a_task_again(stage: Stage) -> None:
    row = returned(stage)
    again(stage, row)
    assert not tasks().exists()
    Notice.objects.filter(pk=row.pk).update(state="failed")
    assert tasks().get() == row
    again(stage, row)
    assert len(entries("notice.tried_again")) == 2


@pytest.mark.parametrize("state", ["queued", "in_flight", "accepted", "delivered", "withheld"])
def test_only_what_came_back_is_tried_again(stage: Stage, state: str) -> None:
    row = returned(stage)
    Notice.objects.filter(pk=row.pk).update(state=state)
    before = Notice.objects.values().get(pk=row.pk)
    for deed in (again, change, tell):
        with pytest.raises(NotAllowed):
            deed(stage, row)
    assert Notice.objects.values().get(pk=row.pk) == before
    assert not AuditEntry.objects.filter(subject_kind="notice").exists()


def test_nothing_goes_to_who_has_left(stage: Stage) -> None:
    row = returned(stage, to_person(stage.reviewer))
    delete_account(stage.reviewer.pk, is_busy=lambda participant: False)
    assert not tasks().exists()
    Notice.objects.filter(pk=row.pk).update(handled_at=None)
    with pytest.raises(NotAllowed):
        again(stage, row)


# ---- another address -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_official_address_is_corrected_and_the_message_goes_there_once(stage: Stage, post: Post) -> None:
    row, other = returned(stage), returned(stage)
    key = uuid.uuid4()
    assert change(stage, row, " New@Ministry.example ", key) == Readdressed(2, 0)
    assert change(stage, row, " New@Ministry.example ", key) == Readdressed(2, 0)
    assert [box.email for box in stage.states[0].addresses.order_by("pk")][-1] == NEW
    assert not OfficialAddress.objects.filter(email="old@ministry.example").exists()
    made = Notice.objects.get(event=row.event, address=NEW)
    assert (made.participant_code, made.subject, made.body, made.domain) == (
        "AA",
        row.subject,
        row.body,
        "ministry.example",
    )
    assert made.message_id != row.message_id
    assert drainer.drain() == 2
    for one in (row, other):
        one.refresh_from_db()
        assert (one.state, one.handling, one.handled_by_id) == (
            NoticeState.BOUNCED,
            "address_changed",
            stage.officer.pk,
        )
        assert one.handled_at is not None
    assert len(entries("participant.address_changed")) == 1
    assert entries("notice.address_changed")[0].detail["sent_as"] == made.pk


def test_an_address_that_was_told_already_is_not_told_twice(stage: Stage) -> None:
    stage.states[0].addresses.create(email=NEW)
    row = returned(stage)
    notify(
        Kind.ACCOUNT, event=row.event, to=[Addressee(NEW, participant_code="AA")], context={"subject": "x", "body": "y"}
    )
    assert change(stage, row) == Readdressed(0, 1)
    assert Notice.objects.filter(event=row.event).count() == 2
    assert stage.states[0].addresses.filter(email=NEW).count() == 1
    assert not tasks().exists()


def test_the_address_of_an_account_is_changed_and_both_addresses_are_told(stage: Stage) -> None:
    person = stage.focal_point
    old = person.email
    EmailAddress.objects.create(user=person, email=old, primary=True, verified=True)
    row = returned(stage, to_person(person), answer_by=None)
    Notice.objects.filter(pk=row.pk).update(needs_answer=True)
    assert change(stage, row) == Readdressed(1, 0)
    person.refresh_from_db()
    assert person.email == NEW
    assert not EmailAddress.objects.exists()
    told = Notice.objects.filter(event__startswith="account.address_changed")
    assert {one.address for one in told} == {old, NEW}
    assert all(one.is_secret and "new@ministry.example" in one.body for one in told)
    (entry,) = entries("account.address_changed")
    assert (entry.actor, entry.detail) == (stage.officer, {}), (
        "an address stays in no audit row: a person can be erased"
    )
    row.refresh_from_db()
    assert row.settled_at is not None
    assert row.read_at is not None
    made = Notice.objects.get(event=row.event, address=NEW)
    assert (made.user_id, made.needs_answer, made.settled_at, made.read_at) == (person.pk, True, None, None)


def test_what_the_old_address_returns_of_the_change_is_no_task(stage: Stage) -> None:
    row = returned(stage, to_person(stage.focal_point))
    old = row.address
    change(stage, row)
    Notice.objects.filter(address=old).update(state="bounced")
    assert not tasks().exists()


def test_a_message_with_a_link_goes_to_no_other_address(stage: Stage) -> None:
    row = returned(stage, to_person(stage.focal_point), is_secret=True)
    assert change(stage, row) == Readdressed(0, 1)
    assert not Notice.objects.filter(event=row.event, address=NEW).exists()
    assert not tasks().exists()


def test_a_second_message_after_the_change_follows_it(stage: Stage) -> None:
    first = returned(stage, to_person(stage.focal_point))
    old = to_person(stage.focal_point)
    change(stage, first)
    late = returned(stage, old)
    assert change(stage, late) == Readdressed(1, 0)
    assert len(entries("account.address_changed")) == 1


@pytest.mark.parametrize(
    ("who", "address", "field"),
    [
        ("focal_point", "other.person@members.example", "address"),
        ("focal_point", "nobody", "address"),
        ("focal_point", "focal.aa@members.example", "address"),
        ("manager", NEW, ""),
        ("admin", NEW, ""),
    ],
)
def test_an_address_is_refused(stage: Stage, who: str, address: str, field: str) -> None:
    """One that another account bears, none at all, the same; and an officer changes no manager's or administrator's."""
    stage.person("other.person", Role.REVIEWER, stage.states[0])
    person: User = getattr(stage, who)
    before = person.email
    row = returned(stage, to_person(person))
    rows = Notice.objects.count()
    with pytest.raises(NotAllowed) as refused:
        change(stage, row, address)
    assert refused.value.field == field
    person.refresh_from_db()
    assert person.email == before
    assert Notice.objects.count() == rows
    assert tasks().get() == row


def test_an_address_that_the_directory_does_not_hold_is_not_changed(stage: Stage) -> None:
    row = returned(stage, Addressee("invited@members.example", participant_code="AA"))
    with pytest.raises(NotAllowed, match="does not hold this address"):
        change(stage, row)
    assert tasks().get() == row


# ---- told by another way -------------------------------------------------------------------------------------------


def test_told_by_phone_is_recorded_and_closes_what_else_did_not_arrive(stage: Stage) -> None:
    row, same, elsewhere = returned(stage), returned(stage), returned(stage, subject_ref="m2")
    key = uuid.uuid4()
    tell(stage, row, key)
    tell(stage, row, key)
    told = ToldOtherwise.objects.get()
    assert (told.subject_kind, told.subject_ref, told.participant_code) == ("meeting", "m1", "AA")
    assert (told.way, told.recorded_by) == ("phone", stage.officer)
    assert tasks().get() == elsewhere
    same.refresh_from_db()
    assert (same.handling, same.handled_by_id) == ("told_otherwise", stage.officer.pk)
    (entry,) = entries("notice.told_otherwise")
    assert entry.subject_ref == str(row.pk)
    (said,) = history_of(same)
    assert (said["words"], said["by"]) == ("Told by another way", stage.officer)


def test_told_by_phone_neither_ahead_nor_before_the_message(stage: Stage) -> None:
    row = returned(stage)
    for moment in (clock() + dt.timedelta(minutes=5), row.queued_at - dt.timedelta(minutes=2)):
        with pytest.raises(NotAllowed) as refused:
            tell(stage, row, at=moment)
        assert refused.value.field == "day"
    assert not ToldOtherwise.objects.exists()


def test_what_is_told_of_a_circulation_belongs_to_its_register(stage: Stage) -> None:
    row = returned(stage, subject_kind="circulation", subject_ref="k7")
    Notice.objects.filter(pk=row.pk).update(kind="circulation.opened")
    with pytest.raises(NotAllowed, match="page of the circulation"):
        tell(stage, row)
    assert close_told_otherwise("circulation", "k7", "AA", reason="By phone", actor=stage.officer) == 1
    assert not AuditEntry.objects.exists(), "the register holds it, and never both"
    assert not tasks().exists()


@pytest.mark.parametrize(
    "change", [{"kind": "circulation.ended"}, {"kind": "circulation.opened", "participant_code": ""}]
)
def test_what_asks_no_participant_for_a_reply_is_told_as_any_mail(stage: Stage, change: dict[str, str]) -> None:
    row = returned(stage, subject_kind="circulation", subject_ref="k7")
    Notice.objects.filter(pk=row.pk).update(**change)
    tell(stage, row)
    assert not tasks().exists()


def test_once_the_ending_is_told_a_call_is_no_deed_of_the_circulation(stage: Stage) -> None:
    row = returned(stage, subject_kind="circulation", subject_ref="k7")
    ended = returned(stage, subject_kind="circulation", subject_ref="k7")
    Notice.objects.filter(pk=row.pk).update(kind="circulation.opened")
    Notice.objects.filter(pk=ended.pk).update(kind="circulation.ended")
    tell(stage, row)
    assert not tasks().exists()


# ---- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", [again, change, tell])
def test_an_officer_whose_post_has_ended_does_nothing(stage: Stage, deed: Any) -> None:
    row = returned(stage)
    Appointment.objects.filter(user=stage.officer).update(ends_at=Now())
    for person in (stage.officer, stage.focal_point, stage.admin):
        with pytest.raises(NotAllowed):
            deed(stage, row, by=person)
    assert tasks().get() == row
    assert not AuditEntry.objects.filter(subject_kind="notice").exists()


def test_a_manager_changes_the_address_of_an_officer(stage: Stage) -> None:
    another = AppointmentFactory(role="officer", participant=None).user
    row = returned(stage, Addressee(another.email, user_id=another.pk))
    assert change(stage, row, by=stage.manager) == Readdressed(1, 0)


# ---- two at once ---------------------------------------------------------------------------------------------------


def two_officers(stage: Stage, row: Notice) -> list[str]:
    """One changes the address while another, who saw the same page, tries again. What the second was answered."""
    said: list[str] = []

    def second() -> None:
        try:
            again(stage, row, by=stage.manager)
            said.append("sent")
        except NotAllowed as refused:
            said.append(refused.message)
        finally:
            connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        Notice.objects.select_for_update().get(pk=row.pk)
        Notice.objects.filter(pk=row.pk).update(handled_at=Now(), handling="address_changed")
        other.start()
        other.join(1)
    other.join(10)
    row.refresh_from_db()
    return said


@pytest.mark.django_db(transaction=True)
def test_a_task_that_another_sees_to_is_waited_for(stage: Stage) -> None:
    row = returned(stage)
    assert two_officers(stage, row) == ["Somebody has seen to this message meanwhile. Nothing was changed."]
    assert row.state == NoticeState.BOUNCED


@pytest.mark.django_db(transaction=True)
def test_twin_without_the_lock_the_message_goes_to_the_dead_address_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = returned(stage)
    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
        assert two_officers(stage, row) == ["sent"]
    assert row.state == NoticeState.QUEUED

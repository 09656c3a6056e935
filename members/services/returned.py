"""Deeds on mail that did not arrive: try again, change the address, tell by another way. For the secretariat alone.

Locks are taken in one order: the officer's post, the account or the official address, the notices.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string

from audit.services import done, once, record_audit
from members.clock import clock
from members.models import Appointment, OfficialAddress, Participant, User
from members.names import plain_address
from members.rules import NotAllowed
from members.services.holding import require_staff
from members.services.posts import check_actor
from notifications.enums import Handling, Kind, Way
from notifications.models import Notice, ToldOtherwise
from notifications.services import Addressee, notify
from notifications.services import handling as steps

TRIED_AGAIN, READDRESSED, TOLD = "notice.try_again", "notice.readdress", "notice.tell"
ACCOUNT_CHANGED, OFFICIAL_CHANGED = "account.address_changed", "participant.address_changed"
SEEN_TO = "Somebody has seen to this message meanwhile. Nothing was changed."


@dataclass(frozen=True)
class Readdressed:
    """What changing an address came to: how many messages go to the new one, and how many were there already."""

    sent: int
    known: int


@transaction.atomic(durable=True)
def try_notice_again(notice_id: int, *, reason: str, actor: User, key: uuid.UUID) -> None:
    """Send a returned notice again to the same address, under the same Message-ID. One audit row.

    The same key again changes nothing. Raises NotAllowed: it is no task any more, its person has left the portal, or
    it carried a link, which is not kept.
    """
    if once(key, actor=actor, action=TRIED_AGAIN):
        return
    require_staff(actor)
    notice = _lock_task(notice_id)
    if notice.user_id and User.objects.filter(pk=notice.user_id, deleted_at__isnull=False).exists():
        raise NotAllowed("This person has left the portal. Nobody reads at this address any more.")
    if notice.is_secret:
        raise NotAllowed("The link of this message is not kept. Ask for a new link: it goes out as a new message.")
    steps.try_again(notice, reason=reason, actor=actor)
    done(key, actor=actor, action=TRIED_AGAIN, result_ref=str(notice_id))


@transaction.atomic(durable=True)
def change_notice_address(notice_id: int, *, address: str, actor: User, key: uuid.UUID) -> Readdressed:
    """Correct the address to which a notice did not arrive: of a person in the account, an official one in the
    directory. All messages that did not arrive at the old one go to the new one, each as a row of its own and never
    where it was sent already.

    Effects: the address; for an account a mail to the old and to the new address; one audit row for the address and one
    for each message. The same key again changes nothing. Raises NotAllowed: it is no task any more, the directory
    holds no such address, the actor's post does not reach the person, the new address belongs to somebody else.
    """
    if result := once(key, actor=actor, action=READDRESSED):
        sent, known = result.split("/")
        return Readdressed(int(sent), int(known))
    require_staff(actor)
    known_as = Notice.objects.get(pk=notice_id)
    new = _usable(address, known_as.address)
    if known_as.user_id is not None:
        _change_account(known_as.user_id, known_as.address, new, actor)
        same = steps.tasks().filter(user_id=known_as.user_id, address=known_as.address)
    else:
        _change_official(known_as, new, actor)
        code = known_as.participant_code
        same = steps.tasks().filter(user__isnull=True, address=known_as.address, participant_code=code)
    rows = steps.lock_tasks(same)
    if notice_id not in {row.pk for row in rows}:
        raise NotAllowed(SEEN_TO)
    made = [steps.send_to(row, new, actor=actor) for row in rows]
    found = Readdressed(sum(one is not None for one in made), sum(one is None for one in made))
    done(key, actor=actor, action=READDRESSED, result_ref=f"{found.sent}/{found.known}")
    return found


@transaction.atomic(durable=True)
def tell_otherwise(
    notice_id: int, *, way: Way, told_at: dt.datetime, note: str, actor: User, key: uuid.UUID
) -> ToldOtherwise | None:
    """Record that what did not arrive was told by another way: when, to whom. What else of the same did not arrive at
    the participant is closed with it. One row of what was told, one audit row.

    The same key again changes nothing. Raises NotAllowed: it is no task any more; the moment lies ahead or before the
    message; it is about a circulation, whose register holds what was told.
    """
    if once(key, actor=actor, action=TOLD):
        return None
    require_staff(actor)
    notice = _lock_task(notice_id)
    if steps.belongs_to_register(notice):
        raise NotAllowed("What is told about a circulation is recorded on the page of the circulation.")
    if told_at > clock():
        raise NotAllowed("This moment is still to come. Record it once it was told.", "day")
    if told_at < notice.queued_at.replace(second=0, microsecond=0):
        raise NotAllowed("The message was not written by then. Choose a later moment.", "day")
    row = ToldOtherwise.objects.create(
        subject_kind=notice.subject_kind,
        subject_ref=notice.subject_ref,
        participant_code=notice.participant_code,
        way=way.value,
        told_at=told_at,
        note=note,
        recorded_by=actor,
    )
    steps.close(notice, Handling.TOLD_OTHERWISE, reason=note[:300], actor=actor)
    if notice.subject_ref and notice.participant_code:
        about = (notice.subject_kind, notice.subject_ref, notice.participant_code)
        steps.close_told_otherwise(*about, reason=note[:300], actor=actor)
    done(key, actor=actor, action=TOLD, result_ref=str(row.pk))
    return row


def _lock_task(notice_id: int) -> Notice:
    rows = steps.lock_tasks(steps.tasks().filter(pk=notice_id))
    if not rows:
        raise NotAllowed(SEEN_TO)
    return rows[0]


def _usable(address: str, old: str) -> str:
    try:
        new = plain_address(address)
    except ValueError as error:
        raise NotAllowed("Type the whole address, as name@ministry.example.", "address") from error
    if new == old:
        raise NotAllowed(
            "This is the address at which it did not arrive. Type the new one, or try it again.", "address"
        )
    return new


def _change_account(user_id: int, old: str, new: str, actor: User) -> None:
    """The address by which a person signs in, too: so only for people whose posts the actor may give and end."""
    user = User.objects.select_for_update().get(pk=user_id)
    if user.deleted_at is not None:
        raise NotAllowed("This person has left the portal.")
    if user.is_superuser:
        raise NotAllowed("The address of an administrator is changed in the administration.")
    for post in Appointment.objects.filter(user=user).in_office(clock()):
        check_actor(actor, post.role, post.participant_id)
    if user.email == new:
        return  # corrected before, by hand or for another message
    if user.email != old:
        raise NotAllowed("The account bears another address since then. Look at the account of this person first.")
    if User.objects.filter(email__iexact=new).exists():
        raise NotAllowed("Another account bears this address.", "address")
    user.email = new
    user.save(update_fields=["email"])
    # The library's own list of addresses, where one was made: an old one left there would still open the account.
    EmailAddress.objects.filter(user=user).delete()
    record_audit(ACCOUNT_CHANGED, actor=actor, kind="account", ref=str(user.pk))
    _tell_of_change(user, old, new)


def _tell_of_change(user: User, old: str, new: str) -> None:
    """Nobody's address changes in silence. What comes back from the old address is no task: it was expected."""
    words = {"old": old, "new": new}
    rows = notify(
        Kind.ACCOUNT,
        event=f"{ACCOUNT_CHANGED}:{uuid.uuid4().hex}",
        to=[Addressee(old, user_id=user.pk), Addressee(new, user_id=user.pk)],
        context={
            "subject": render_to_string("account/email/address_changed_subject.txt", words).strip(),
            "body": render_to_string("account/email/address_changed_message.txt", words),
        },
        subject_kind="account",
        subject_ref=str(user.pk),
        is_secret=True,
        is_sample=user.is_sample,
    )
    at_old = [row.pk for row in rows if row.address == old]
    Notice.objects.filter(pk__in=at_old).update(handling=Handling.ADDRESS_CHANGED.value, handled_at=clock())


def _change_official(notice: Notice, new: str, actor: User) -> None:
    """Of the participant's official addresses the one to which the notice went."""
    place = Participant.objects.filter(code=notice.participant_code).first()
    boxes = OfficialAddress.objects.select_for_update().filter(participant=place)
    box = next((one for one in boxes if one.email.lower() == notice.address), None)
    if place is None or box is None:
        raise NotAllowed("The directory does not hold this address any more. Tell the participant by another way.")
    if any(one.email.lower() == new for one in boxes):
        box.delete()
    else:
        box.email = new
        box.save(update_fields=["email"])
    record_audit(OFFICIAL_CHANGED, actor=actor, kind="participant", ref=place.code, label=place.short_name)


def owner_of(notice: Notice) -> User | OfficialAddress | None:
    """Whose address a notice went to: a person with an account, a participant's official address; None: nobody's that
    the directory holds (an invitation, or one that was taken out since). Reads only."""
    if notice.user_id is not None:
        return User.objects.filter(pk=notice.user_id, deleted_at__isnull=True).first()
    boxes: QuerySet[OfficialAddress] = OfficialAddress.objects.filter(
        participant__code=notice.participant_code, email__iexact=notice.address
    )
    return boxes.select_related("participant").first()

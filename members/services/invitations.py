"""Deeds of invitations: made, sent again, revoked, accepted."""

import datetime as dt
import hashlib
import secrets
import uuid
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse

from audit.services import done, once, record_audit
from members import rules
from members.clock import clock
from members.enums import Role
from members.models import Appointment, Body, Invitation, InvitationBatch, Participant, User
from members.names import one_line, plain_address
from members.posts import post_words, words_of
from members.rules import Held, HeldAlready, LinkDead, NotAllowed
from members.services import posts
from notifications.enums import Kind
from notifications.services import Addressee, notify

MADE, RENEWED, REVOKED, ACCEPTED = (
    "invitation.made",
    "invitation.renewed",
    "invitation.revoked",
    "invitation.accepted",
)
NAMED = "Named by the focal point"
ADDRESS_FAULT = "Type the whole address, as name@ministry.example."


@dataclass(frozen=True)
class Offer:
    """A post as it is offered. `replaces`: who holds it now goes when the new one comes. No start: at acceptance."""

    email: str
    role: Role
    participant: Participant | None = None
    body: Body | None = None
    name: str = ""
    function: str = ""
    letter: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    replaces: bool = False

    @property
    def participant_id(self) -> int | None:
        return self.participant.pk if self.participant else None

    @property
    def body_id(self) -> int | None:
        return self.body.pk if self.body else None


@dataclass(frozen=True)
class Newcomer:
    """What a person without an account sets. Without a password the account is opened by a passkey."""

    name: str
    time_zone: str
    password: str | None


def digest(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic(durable=True)
def invite_person(offer: Offer, *, actor: User, key: uuid.UUID) -> Invitation:
    """Offer a post to an address: the invitation, one audit row, one notice with the secret link.

    The same key again gives the first one's invitation. Raises NotAllowed with the field, and nothing is left behind:
    the actor may not offer it, the letter is missing, the term is past, the person holds the post already or was
    invited to it, somebody else holds it and is not to be replaced, the account of the address is closed.
    """
    if result := once(key, actor=actor, action=MADE):
        return Invitation.objects.get(pk=result)
    invitation = add_invitation(offer, actor=actor)
    done(key, actor=actor, action=MADE, result_ref=str(invitation.pk))
    return invitation


def add_invitation(offer: Offer, *, actor: User, batch: InvitationBatch | None = None) -> Invitation:
    """Step, inside a transaction: `invite_person` without its key."""
    offer = tidy(offer)
    posts.lock_place(offer.participant_id)
    posts.check_actor(actor, offer.role, offer.participant_id)
    now = clock()
    offer = check_offer(offer, now=now, by_secretariat=posts.is_secretariat(actor))
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=offer.email,
        name=offer.name,
        role=offer.role.value,
        participant=offer.participant,
        body=offer.body,
        function=offer.function,
        letter=offer.letter,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        token_sha256=digest(token),
        invited_by=actor,
        batch=batch,
        expires_at=now + settings.INVITATION_LASTS,
        is_sample=actor.is_sample,
    )
    _record(MADE, invitation, actor)
    _send(invitation, token)
    return invitation


def tidy(offer: Offer) -> Offer:
    """The offer with its address and name in their one form. Raises NotAllowed for an address that is none."""
    try:
        email = plain_address(offer.email)
        validate_email(email)
    except (ValueError, ValidationError) as error:
        raise NotAllowed(ADDRESS_FAULT, "email") from error
    return replace(
        offer,
        email=email,
        name=one_line(offer.name),
        function=one_line(offer.function),
        letter=one_line(offer.letter),
    )


class Known:
    """What `check_offer` asks the database; who checks many offers answers it from what was read once."""

    def account(self, email: str) -> User | None:
        return account_of(email)

    def held(self, role: str, participant_id: int | None, user_id: int | None) -> list[Held]:
        return posts.held_posts(role, participant_id, user_id)

    def is_invited(self, offer: Offer, now: dt.datetime) -> bool:
        same = open_invitations(now).filter(email=offer.email, role=offer.role.value)
        return same.filter(participant=offer.participant, body=offer.body).exists()


def check_offer(offer: Offer, *, now: dt.datetime, by_secretariat: bool, known: Known | None = None) -> Offer:
    """May this post be offered to this address now? The offer as it is kept. Raises NotAllowed with the field."""
    known = known or Known()
    rules.check_for_whom(offer.role, participant=offer.participant is not None, body=offer.body is not None)
    rules.check_letter(offer.role, offer.letter, by_secretariat=by_secretariat)
    if not by_secretariat and not offer.letter:
        offer = replace(offer, letter=NAMED)
    if offer.participant and hasattr(offer.participant, "merger"):
        raise NotAllowed(f"{offer.participant} became part of {offer.participant.merger.into}.", "participant")
    term = (max(now, offer.starts_at or now), offer.ends_at)
    rules.check_term(term, now=now)
    user = known.account(offer.email)
    if user and not user.is_active:
        raise NotAllowed("The account of this address is closed. Ask an administrator to open it first.", "email")
    held = known.held(offer.role, offer.participant_id, user.pk if user else None)
    if user and rules.held_twice(user.pk, offer.role, offer.body_id, term, held):
        raise HeldAlready("This person holds this post already.", "email")
    way = rules.in_the_way(offer.role, offer.body_id, term, held)
    if way and not offer.replaces:
        name = way[0].name
        raise NotAllowed(f"{name} holds this post. Tick that the new person replaces {name}.", "replaces")
    if known.is_invited(offer, now):
        raise NotAllowed("An invitation of this address to this post is open already. Send that one again.", "email")
    return offer


def open_invitations(now: dt.datetime) -> QuerySet[Invitation]:
    """Invitations that can be accepted at this moment."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


@transaction.atomic(durable=True)
def renew_invitation(invitation_id: int, *, actor: User, key: uuid.UUID) -> Invitation:
    """Send an invitation again with a new link and a new fortnight; the old link is dead. One audit row, one notice.

    Raises NotAllowed: it was accepted or revoked, or the actor may not offer the post.
    """
    if once(key, actor=actor, action=RENEWED):
        return Invitation.objects.get(pk=invitation_id)
    invitation = _lock(invitation_id)
    posts.check_actor(actor, invitation.role, invitation.participant_id)
    _check_unanswered(invitation)
    token = secrets.token_urlsafe(32)
    invitation.token_sha256 = digest(token)
    invitation.expires_at = clock() + settings.INVITATION_LASTS
    invitation.save(update_fields=["token_sha256", "expires_at"])
    _record(RENEWED, invitation, actor)
    _send(invitation, token)
    done(key, actor=actor, action=RENEWED, result_ref=str(invitation.pk))
    return invitation


@transaction.atomic(durable=True)
def revoke_invitation(invitation_id: int, *, actor: User, key: uuid.UUID) -> Invitation:
    """Take an invitation back: its link is dead from this instant. One audit row. Raises NotAllowed."""
    if once(key, actor=actor, action=REVOKED):
        return Invitation.objects.get(pk=invitation_id)
    invitation = _lock(invitation_id)
    posts.check_actor(actor, invitation.role, invitation.participant_id)
    _check_unanswered(invitation)
    invitation.revoked_at = clock()
    invitation.save(update_fields=["revoked_at"])
    _record(REVOKED, invitation, actor)
    done(key, actor=actor, action=REVOKED, result_ref=str(invitation.pk))
    return invitation


@transaction.atomic(durable=True)
def accept_invitation(token: str, *, user: User) -> Appointment:
    """The person whose account has the address takes the post: the appointment, one audit row; who held it goes.

    Raises LinkDead when the link does not work, NotAllowed when it is another's or the post was filled meanwhile.
    """
    invitation, now = _open(token)
    if account_of(invitation.email) != user or not user.is_active:
        raise NotAllowed(f"This invitation is for {invitation.email}.")
    return _take_post(invitation, user, now)


@transaction.atomic(durable=True)
def accept_as_newcomer(token: str, newcomer: Newcomer) -> Appointment:
    """A person without an account takes the post: the account, the appointment, one audit row; who held it goes.

    Raises LinkDead when the link does not work, NotAllowed when there is an account by now.
    """
    invitation, now = _open(token)
    if account_of(invitation.email):
        raise NotAllowed("There is an account with this address by now. Sign in, and open the link again.")
    user = User.objects.create_user(
        invitation.email,
        newcomer.password,
        name=one_line(newcomer.name),
        time_zone=newcomer.time_zone,
        is_sample=invitation.is_sample,
    )
    return _take_post(invitation, user, now)


def account_of(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def _lock(invitation_id: int) -> Invitation:
    """The invitation after its place, locked."""
    found = Invitation.objects.only("participant_id").get(pk=invitation_id)
    posts.lock_place(found.participant_id)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("participant", "body", "invited_by")
    return rows.get(pk=invitation_id)


def _open(token: str) -> tuple[Invitation, dt.datetime]:
    """The invitation of a link that works, locked, with its address; and the clock."""
    known = Invitation.objects.filter(token_sha256=digest(token)).values_list("pk", "email").first()
    if known is None:
        raise LinkDead
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [known[1]])
    invitation = _lock(known[0])
    now = clock()
    answered = invitation.accepted_at or invitation.revoked_at
    if answered or invitation.token_sha256 != digest(token) or invitation.expires_at <= now:
        raise LinkDead
    return invitation, now


def _take_post(invitation: Invitation, user: User, now: dt.datetime) -> Appointment:
    """The appointment, in place of who held the post when the invitation was made."""
    role, body_id = Role(invitation.role), invitation.body_id
    term = (max(now, invitation.starts_at or now), invitation.ends_at)
    rules.check_term(term, now=now)
    held = posts.held_posts(role, invitation.participant_id, user.pk)
    if rules.held_twice(user.pk, role, body_id, term, held):
        raise NotAllowed("You hold this post already.")
    way = rules.in_the_way(role, body_id, term, held)
    if any(one.term[0] > invitation.created_at for one in way):
        raise NotAllowed("Somebody was given this post after you were invited. Ask the secretariat.")
    for one in way:
        reason = "A successor was appointed."
        posts.end_post(posts.lock_appointment(one.pk), at=rules.ends_instead(one, term[0]), actor=user, reason=reason)
    post = Appointment.objects.create(
        user=user,
        role=role.value,
        participant=invitation.participant,
        body=invitation.body,
        starts_at=term[0],
        ends_at=term[1],
        function=invitation.function,
        letter=invitation.letter,
    )
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    detail = {"appointment": post.pk, "starts_at": post.starts_at.isoformat()}
    _record(ACCEPTED, invitation, user, detail)
    return post


def _check_unanswered(invitation: Invitation) -> None:
    if invitation.accepted_at:
        raise NotAllowed("This invitation was accepted already.")
    if invitation.revoked_at:
        raise NotAllowed("This invitation was revoked already.")


def _record(action: str, invitation: Invitation, actor: User, detail: dict[str, object] | None = None) -> None:
    """Of the person the number of the invitation alone: the audit log stays when a person is erased."""
    ref, label = str(invitation.pk), words_of(invitation)
    record_audit(action, actor=actor, kind="invitation", ref=ref, label=label, detail=detail)


def _send(invitation: Invitation, token: str) -> None:
    """One notice; the link stands in its text alone, and no page shows that."""
    user, place = account_of(invitation.email), invitation.participant
    to = Addressee(
        invitation.email,
        name=invitation.name,
        user_id=user.pk if user else None,
        participant_code=place.code if place else "",
        zone=user.time_zone if user and user.time_zone else (place.time_zone if place else ""),
        city=place.city if place else "",
    )
    notify(
        Kind.PEOPLE_INVITED,
        event=f"{Kind.PEOPLE_INVITED.value}:{invitation.pk}:{invitation.token_sha256[:16]}",
        to=[to],
        context={
            **posts.forum_words(),
            "post": post_words(invitation.role, place, invitation.body),
            "function": invitation.function,
            "invited_by": str(invitation.invited_by),
            "has_account": user is not None,
            "set_up_link": settings.BASE_URL + reverse("people:invitation-accept", args=[token]),
            "expires_at": invitation.expires_at,
        },
        subject_kind="invitation",
        subject_ref=str(invitation.pk),
        is_secret=True,
        is_sample=invitation.is_sample,
    )

"""Deeds of accounts: what a person keeps of oneself, and the end of an account."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from audit.services import done, once, record_audit
from members.clock import clock
from members.enums import Role
from members.models import Appointment, User
from members.posts import words_of
from members.rules import NotAllowed
from members.secondstep import end_sessions, forget_ways_in
from members.services.erasing import erase
from members.services.posts import ENDED, lock_place
from notifications.enums import Kind
from notifications.services import Addressee, notify

CHANGED, DELETED = "account.changed", "account.deleted"
STEPS_TAKEN, SESSIONS_ENDED = "account.second_steps_taken", "account.sessions_ended"


def choose_theme(user: User, theme: str) -> None:
    """Keep the display a person chose: light, dark, or empty for the system's. Anything else counts as empty."""
    user.theme = theme if theme in {"light", "dark"} else ""
    user.save(update_fields=["theme"])


@transaction.atomic(durable=True)
def change_profile(user_id: int, *, name: str, time_zone: str, language: str, key: uuid.UUID) -> User:
    """Change what a person says of oneself. One audit row that names the fields, not what is in them; none if nothing
    changed."""
    user = User.objects.select_for_update().get(pk=user_id)
    if once(key, actor=user, action=CHANGED):
        return user
    new = {"name": name, "time_zone": time_zone, "language": language}
    changed = [field for field, value in new.items() if getattr(user, field) != value]
    for field in changed:
        setattr(user, field, new[field])
    if changed:
        user.save(update_fields=changed)
        record_audit(CHANGED, actor=user, kind="account", ref=str(user.pk), detail={"fields": changed})
    done(key, actor=user, action=CHANGED, result_ref=str(user.pk))
    return user


@transaction.atomic
def take_second_steps(user_id: int, *, reason: str, actor: User) -> None:
    """A person lost the phone and was recognised: passkeys, app and codes go, and every session ends. One audit row
    with the reason, one mail to the person. The password stays, and with it a second step is set up anew.

    Raises NotAllowed: no reason, not an administrator, the own account. Not durable: Django admin opens a transaction.
    """
    user = _held_by_admin(user_id, reason, actor)
    forget_ways_in(user)
    _record_and_tell(STEPS_TAKEN, user, reason, actor)


@transaction.atomic
def sign_out_everywhere(user_id: int, *, reason: str, actor: User) -> None:
    """End every session of a person; what opens the account stays. One audit row, one mail. Refuses as above."""
    user = _held_by_admin(user_id, reason, actor)
    end_sessions(user)
    _record_and_tell(SESSIONS_ENDED, user, reason, actor)


def _held_by_admin(user_id: int, reason: str, actor: User) -> User:
    """The locked account, for a deed of an administrator who is one at this instant."""
    rows = User.objects.select_for_update().filter(pk__in=[user_id, actor.pk]).order_by("pk")
    held = {one.pk: one for one in rows}
    admin = held.get(actor.pk)
    if admin is None or not (admin.is_superuser and admin.is_active):
        raise NotAllowed("Only an administrator does this.")
    if user_id == actor.pk:
        raise NotAllowed("This is your own account. Use the pages of your account.")
    if not reason.strip():
        raise NotAllowed("Write why: how the person was recognised, and what happened.", "reason")
    return held[user_id]


def _record_and_tell(action: str, user: User, reason: str, actor: User) -> None:
    record_audit(action, actor=actor, kind="account", ref=str(user.pk), detail={"reason": reason.strip()})
    if user.deleted_at is not None:
        return
    context = {"takes_steps": action == STEPS_TAKEN, "address": settings.BASE_URL + reverse("account_login")}
    subject = "An administrator took away your second steps" if context["takes_steps"] else "You were signed out"
    notify(
        Kind.ACCOUNT,
        event=f"account:{uuid.uuid4().hex}",
        to=[Addressee(user.email, user_id=user.pk)],
        context={"subject": subject, "body": render_to_string("account/email/by_admin_message.txt", context)},
        subject_kind="account",
        subject_ref=str(user.pk),
        is_secret=True,
        is_sample=user.is_sample,
    )


@transaction.atomic(durable=True)
def delete_account(user_id: int, *, is_busy: Callable[[int], bool]) -> None:
    """End an account for good, as its person asks: posts end, every way in is taken away, name and address are replaced
    in the account, in invitations and in the outbox. Deeds stay on record under "Former official". One audit row, and
    one for each post.

    `is_busy` says whether a participant has an open circulation. Raises NotAllowed while the person is the only focal
    point of such a one, or the only administrator. A deleted account is left as it is.
    """
    places = Appointment.objects.filter(user_id=user_id).values_list("participant_id", flat=True)
    for place in sorted(set(places), key=lambda pk: pk or 0):
        lock_place(place)
    posts = list(Appointment.objects.select_for_update(of=("self",)).filter(user_id=user_id).order_by("pk"))
    _lock_admins()
    user = User.objects.select_for_update().get(pk=user_id)
    if user.deleted_at is not None:
        return
    now = clock()
    lasting = [one for one in posts if one.ends_at is None or one.ends_at > now]
    _check_nobody_is_left_without(user, lasting, now, is_busy)
    for post in lasting:
        post.ends_at = max(now, post.starts_at)
        post.save(update_fields=["ends_at"])
        detail = {"reason": "The person left the portal", "at": post.ends_at.isoformat()}
        record_audit(ENDED, actor=user, kind="appointment", ref=str(post.pk), label=words_of(post), detail=detail)
    erase(user, now)
    record_audit(DELETED, actor=user, kind="account", ref=str(user.pk))


def _lock_admins() -> None:
    """Of two administrators who leave at once, the second waits and finds to be the last."""
    list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk"))


def _check_nobody_is_left_without(
    user: User, posts: list[Appointment], now: dt.datetime, is_busy: Callable[[int], bool]
) -> None:
    admins = User.objects.filter(is_superuser=True, is_active=True)
    if user.is_superuser and not admins.exclude(pk=user.pk).exists():
        raise NotAllowed("You are the only administrator. Name another one first.")
    for post in posts:
        if post.role != Role.FOCAL_POINT or post.participant_id is None or not is_busy(post.participant_id):
            continue
        same = Appointment.objects.filter(participant_id=post.participant_id, role=Role.FOCAL_POINT.value)
        if not same.in_office(now).exclude(user_id=user.pk).exists():
            raise NotAllowed(
                f"A draft waits for the reply of {post.participant}, and you are its only focal point. "
                "Ask the secretariat to name a successor first."
            )

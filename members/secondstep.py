"""The second step of signing in: who must have one, who has one, and when a person last proved who it is."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404, HttpRequest

from audit.services import record_audit
from members.access import Reader
from members.models import User

log = logging.getLogger(__name__)
STEPS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
"""Recovery codes stand in for one of these; alone they are no second step."""
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
SEEN_EVERY = 60
"""Seconds between two notes that a session is in use."""


def must_have_second_step(reader: Reader) -> bool:
    """Whether the person's role decides something; always no where the setting is off."""
    decides = reader.is_staff or reader.is_co_chair or reader.speaks_for or reader.is_admin
    return bool(settings.MFA_REQUIRED and decides)


def has_second_step(user: AbstractBaseUser) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=STEPS).exists()


def is_held(reader: Reader) -> bool:
    """Signed in, with a role that needs a second step, and none is set up."""
    return reader.user is not None and must_have_second_step(reader) and not has_second_step(reader.user)


def may_be_removed(authenticator: Authenticator, reader: Reader) -> bool:
    """The last second step stays while the person's role needs one."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=STEPS).exclude(pk=authenticator.pk)
    return not must_have_second_step(reader) or others.exists()


def lock_account(user: AbstractBaseUser | AnonymousUser) -> None:
    """Inside a transaction: of two removals of this account's second steps the later one waits and sees the first."""
    list(User.objects.select_for_update().filter(pk=user.pk or 0))


@dataclass(frozen=True)
class Steps:
    """What a person has set up."""

    passkeys: list[Authenticator]
    app: Authenticator | None
    codes_left: int | None

    @property
    def has_any(self) -> bool:
        return bool(self.passkeys or self.app)


def steps_of(user: User) -> Steps:
    found = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return Steps(
        passkeys=[one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        app=next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def step_of(user: AbstractBaseUser | AnonymousUser, pk: int) -> Authenticator | None:
    """One of this person's own, as it is now; None when it is gone."""
    return Authenticator.objects.filter(user_id=user.pk, pk=pk).first()


def last_proof(request: HttpRequest) -> float:
    """When the signed-in person last showed who it is, by signing in or by confirming; seconds of the epoch."""
    times = [request.session.get(SIGNED_IN_AT, 0.0)]
    times += [record["at"] for record in get_authentication_records(request, request.user)]
    return float(max(times))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in, or proved who it is, within the last REAUTHENTICATE_SECONDS."""
    return request.user.is_authenticated and time.time() - last_proof(request) < settings.REAUTHENTICATE_SECONDS


def is_idle(request: HttpRequest) -> bool:
    """Whether this session lay still for SESSION_IDLE_SECONDS: neither a page was opened nor a proof given."""
    last = max(request.session.get(SEEN_AT, 0.0), last_proof(request))
    return bool(time.time() - last >= settings.SESSION_IDLE_SECONDS)


def note_seen(request: HttpRequest) -> None:
    """Remember that the person is at work; once a minute is enough."""
    now = time.time()
    if now - max(request.session.get(SEEN_AT, 0.0), last_proof(request)) >= SEEN_EVERY:
        request.session[SEEN_AT] = now


def note_sign_in(sender: Any, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Receiver of every sign-in: from here the minutes count. One line in the log, by number and never by name."""
    request.session[SIGNED_IN_AT] = time.time()
    log.info("account %s signed in from %s", user.pk, network_address(request))


def note_refused_sign_in(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Receiver of every sign-in that failed: one line in the log, without the address that was typed."""
    log.warning("a sign-in was refused, from %s", network_address(request))


def network_address(request: HttpRequest | None) -> str:
    """The visitor's own, behind as many proxies as the settings say."""
    return str(get_client_ip(request) or "unknown") if request is not None else "unknown"


def _audit(deed: str, user: AbstractBaseUser, authenticator: Authenticator) -> None:
    with transaction.atomic():
        # No name: what the audit log holds stays for ever, and a person can be erased.
        record_audit(f"account.{authenticator.type}_{deed}", actor=user, kind="account", ref=str(user.pk))


def note_added(sender: Any, user: AbstractBaseUser, authenticator: Authenticator, **kwargs: Any) -> None:
    """Receiver: one audit row for a passkey, an app or codes that were set up."""
    _audit("added", user, authenticator)


def note_removed(sender: Any, user: AbstractBaseUser, authenticator: Authenticator, **kwargs: Any) -> None:
    """Receiver: one audit row for what was removed."""
    _audit("removed", user, authenticator)


def note_reset(sender: Any, user: AbstractBaseUser, authenticator: Authenticator, **kwargs: Any) -> None:
    """Receiver: one audit row for new recovery codes."""
    _audit("renewed", user, authenticator)


BROWSERS = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac")]
SYSTEMS += [("Linux", "Linux")]


def browser_in_words(user_agent: str) -> str:
    """ "Firefox, Windows" out of what the browser says of itself; its own words where they are not known."""
    found = [next((word for mark, word in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(one for one in found if one) or user_agent or "not said"


def sessions_of(user: AbstractBaseUser) -> list[UserSession]:
    return list(UserSession.objects.filter(user_id=user.pk).order_by("pk"))


def session_of(user: AbstractBaseUser, pk: int) -> UserSession:
    """One session of this person; 404 for any other's."""
    found = UserSession.objects.filter(user_id=user.pk, pk=pk).first()
    if found is None:
        raise Http404
    return found


def forget_ways_in(user: AbstractBaseUser) -> None:
    """Take away what opens the account: passkeys, app, codes, sessions. Inside the deed's transaction."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)


def end_sessions(user: AbstractBaseUser) -> None:
    """Sign the person out everywhere. Inside the deed's transaction."""
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()

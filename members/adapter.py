"""Accounts by invitation only: no sign-up, and every mail about an account is a notice in the outbox."""

import base64
import hashlib
import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from members.access import forum, reader_of
from members.secondstep import is_fresh, may_be_removed
from notifications.enums import Kind
from notifications.services import Addressee, notify

DAY_SECONDS = 86_400
WAYS = {
    "mfa_reauthenticate:webauthn": "Use your passkey",
    "mfa_reauthenticate": "Use a code",
    "reauthenticate": "Use your password",
}


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Known and unknown addresses, suspended and active accounts answer alike."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The address and the password do not go together.",
        "too_many_login_attempts": "Too many tries. Sign-in with this address rests for 15 minutes.",
        "enter_current_password": "This is not your present password. Type it again.",
        "incorrect_password": "This is not your password. Type it again.",
        "invalid_password_reset": "This link no longer works.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A suspended account is refused as a wrong password is, and counts as a failed try."""
        user = super().authenticate(request, **credentials)
        if user is not None and not user.is_active:
            self.pre_authenticate(request, **credentials)
            return None
        return user

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From BASE_URL, never from the Host header of who asked."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Signing in counts as a proof, as everywhere in the portal."""
        return not is_fresh(self.request)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """The strongest first: passkey, code, password."""
        found = super().get_reauthentication_methods(user)
        strongest = sorted(found, key=lambda one: list(WAYS).index(one["id"]))
        return [{**one, "description": WAYS[one["id"]]} for one in strongest]

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail as a secret notice: what is written to a person about the account is shown on no page."""
        user = context.get("user")
        days = settings.PASSWORD_RESET_TIMEOUT // DAY_SECONDS
        message = self.render_mail(template_prefix, email, {**context, "email": email, "link_days": days})
        with transaction.atomic():
            notify(
                Kind.ACCOUNT,
                event=f"account:{uuid.uuid4().hex}",
                to=[Addressee(email, user_id=user.pk if user else None)],
                context={"subject": message.subject, "body": message.body, "forum_name": forum().name},
                subject_kind="account",
                subject_ref=str(user.pk) if user else "",
                is_secret=True,
                is_sample=bool(user and user.is_sample),
            )


class SecondStepAdapter(DefaultMFAAdapter):
    """Passkeys belong to the host of BASE_URL; secrets lie encrypted; the last second step of who decides stays."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This does not fit, or it was used already. Wait for the next code, then try again.",
        "cannot_delete_authenticator": "Your role needs a second step. Set up another one first, then remove this one.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_be_removed(authenticator, reader_of(authenticator.user))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"

    def get_totp_issuer(self) -> str:
        return str(forum().short_name)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """From BASE_URL, never from the Host header of who asked."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": str(forum().short_name)}

    def encrypt(self, text: str) -> str:
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where the key of the portal has changed since, a new one that no code fits."""
        try:
            return _locks().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return str(generate_totp_secret())


def _locks() -> MultiFernet:
    """Locks from SECRET_KEY and the keys before it; what is new is locked with the first."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [hashlib.sha256(b"second step:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])

"""Accounts by invitation only: no sign-up, and every mail about an account is a notice in the outbox."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from notifications.enums import Kind
from notifications.services import Addressee, notify

DAY_SECONDS = 86_400


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
        return reverse("home")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail as a secret notice: its link opens the account, so no page ever shows its text."""
        user = context.get("user")
        days = settings.PASSWORD_RESET_TIMEOUT // DAY_SECONDS
        message = self.render_mail(template_prefix, email, {**context, "email": email, "link_days": days})
        with transaction.atomic():
            notify(
                Kind.ACCOUNT,
                event=f"account:{uuid.uuid4().hex}",
                to=[Addressee(email, user_id=user.pk if user else None)],
                context={"subject": message.subject, "body": message.body},
                subject_kind="account",
                subject_ref=str(user.pk) if user else "",
                is_secret=True,
                is_sample=bool(user and user.is_sample),
            )

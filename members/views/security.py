"""Passkeys, codes and sessions of a person: allauth's views with the portal's pages."""

import json
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from allauth.usersessions import views as sessions
from allauth.usersessions.adapter import get_adapter as get_sessions_adapter
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_POST, require_safe

from members.access import Reader
from members.secondstep import browser_in_words, lock_account, must_have_second_step, session_of, step_of, steps_of


@require_safe
def second_step(request: HttpRequest) -> HttpResponse:
    """What the person has set up, what else can be, and whether the role needs it."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    steps = steps_of(request.user)  # type: ignore[arg-type]
    return render(request, "mfa/index.html", {"steps": steps, "is_needed": must_have_second_step(reader)})


class WithOptions:
    """The question for the device as JSON, for static/js/passkey.js to read from an attribute."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        data = context.get("js_data", {})
        options = data.get("request_options") or data.get("creation_options")
        return {**context, "options": json.dumps(options, cls=DjangoJSONEncoder) if options else ""}


class SecondStepView(WithOptions, mfa.AuthenticateView):
    """After the password: a passkey, a code of the app, or a recovery code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "steps": steps_of(self.stage.login.user)}


class PasskeyAddView(WithOptions, webauthn.AddWebAuthnView):
    """A passkey that is found without an address, and that asks for finger, face or screen code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return {**context, "options": json.dumps(options, cls=DjangoJSONEncoder)}


class LastStepStays:
    """The last second step of who must have one is not removed, also when two are removed at the same instant: the
    account's row is locked first, then the question is asked."""

    def step(self) -> Authenticator | None:
        raise NotImplementedError

    def form_valid(self, form: BaseForm) -> HttpResponse:
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        with transaction.atomic():
            lock_account(request.user)
            step = self.step()
            if step is not None and get_adapter().can_delete_authenticator(step):
                return super().form_valid(form)  # type: ignore[misc]
        if step is not None:
            messages.error(request, get_adapter().error_messages["cannot_delete_authenticator"])
        return HttpResponseRedirect(reverse("mfa_index"))


class PasskeyRemoveView(LastStepStays, webauthn.RemoveWebAuthnView):
    """Remove a passkey."""

    success_url = reverse_lazy("mfa_index")

    def step(self) -> Authenticator | None:
        return step_of(self.request.user, self.kwargs["pk"])


class AppRemoveView(LastStepStays, totp.DeactivateTOTPView):
    """Remove the app for codes."""

    def step(self) -> Authenticator | None:
        return step_of(self.request.user, self.authenticator.pk)


class PasskeySignInView(webauthn.LoginWebAuthnView):
    """Sign in with a passkey alone, then go where the person was going."""

    def form_valid(self, form: Any) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        return flows.perform_passwordless_login(self.request, passkey, login)


class PasskeyAgainView(WithOptions, webauthn.ReauthenticateWebAuthnView):
    """A passkey once more, before a decisive act."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


class SessionsView(sessions.ListUserSessionsView):
    """Where the person is signed in; a POST ends all other sessions."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        listed = [(one, browser_in_words(one.user_agent)) for one in context["sessions"]]
        return {**context, "sessions": listed}


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of one's own; that of this page by signing out."""
    session = session_of(request.user, pk)  # type: ignore[arg-type]
    if session.is_current():
        messages.error(request, "This is the session you are in. Sign out to end it.")
    else:
        get_sessions_adapter().end_sessions([session])
        messages.success(request, "The session is ended.")
    return redirect("usersessions_list")


authenticate = SecondStepView.as_view()
passkey_add = PasskeyAddView.as_view()
passkey_remove = PasskeyRemoveView.as_view()
passkey_edit = webauthn.EditWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))
passkey_sign_in = PasskeySignInView.as_view()
passkey_again = PasskeyAgainView.as_view()
code_again = mfa.reauthenticate
app_set_up = totp.activate_totp
app_remove = AppRemoveView.as_view()
codes_view = codes.view_recovery_codes
codes_download = codes.download_recovery_codes
codes_renew = codes.generate_recovery_codes
session_list = reauthentication_required(SessionsView.as_view(), allow_get=True)

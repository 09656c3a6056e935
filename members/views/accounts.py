"""Sign-in and passwords: allauth's views with the portal's forms."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_POST

from members.forms import PasswordChangeForm, PasswordSetForm, ResetAskForm, SignInAgainForm

sign_out = login_not_required(require_POST(account.logout))
password_reset = account.PasswordResetView.as_view(form_class=ResetAskForm)
password_reset_from_key = account.PasswordResetFromKeyView.as_view(form_class=PasswordSetForm)
password_change = account.PasswordChangeView.as_view(form_class=PasswordChangeForm)
reauthenticate = account.ReauthenticateView.as_view(form_class=SignInAgainForm)

"""Addresses of accounts, under allauth's names. No sign-up and no management of addresses: the secretariat invites."""

from allauth.account import views as account
from django.urls import path, re_path

from members.views import accounts as views
from members.views import security

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/passkey/", security.passkey_sign_in, name="mfa_login_webauthn"),
    path("login/second-step/", security.authenticate, name="mfa_authenticate"),
    path("logout/", views.sign_out, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/password/", views.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", security.code_again, name="mfa_reauthenticate"),
    path("confirm/passkey/", security.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("second-step/", security.second_step, name="mfa_index"),
    path("second-step/passkeys/add/", security.passkey_add, name="mfa_add_webauthn"),
    path("second-step/passkeys/<int:pk>/name/", security.passkey_edit, name="mfa_edit_webauthn"),
    path("second-step/passkeys/<int:pk>/remove/", security.passkey_remove, name="mfa_remove_webauthn"),
    path("second-step/app/", security.app_set_up, name="mfa_activate_totp"),
    path("second-step/app/remove/", security.app_remove, name="mfa_deactivate_totp"),
    path("second-step/codes/", security.codes_view, name="mfa_view_recovery_codes"),
    path("second-step/codes/new/", security.codes_renew, name="mfa_generate_recovery_codes"),
    path("second-step/codes/file/", security.codes_download, name="mfa_download_recovery_codes"),
    path("sessions/", security.session_list, name="usersessions_list"),
    path("sessions/<int:pk>/end/", security.session_end, name="usersession_end"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

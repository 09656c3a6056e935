"""Participants, standing, bodies, users and their appointments."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Directory"

    def ready(self) -> None:
        from allauth.mfa import signals as mfa
        from django.contrib.auth.signals import user_logged_in, user_login_failed

        from members import secondstep

        user_logged_in.connect(secondstep.note_sign_in)
        user_login_failed.connect(secondstep.note_refused_sign_in)
        mfa.authenticator_added.connect(secondstep.note_added)
        mfa.authenticator_removed.connect(secondstep.note_removed)
        mfa.authenticator_reset.connect(secondstep.note_reset)

"""What the portal holds about a person, as plain values for a file."""

import datetime as dt
from typing import Any

from audit.models import AccessEntry, AuditEntry
from endorsements.models import Position, RegisterActor
from members.models import Appointment, HandoverNote, Invitation, User
from members.posts import words_of
from members.secondstep import sessions_of, steps_of
from notifications.models import Notice, Preference


def data_of(user: User) -> dict[str, Any]:
    """Account, ways in (without secrets), posts, invitations, notices, deeds, and what was opened."""
    return {
        "account": {
            "name": user.name,
            "email": user.email,
            "time_zone": user.time_zone,
            "language": user.language,
            "theme": user.theme,
            "created_at": _at(user.created_at),
            "last_sign_in": _at(user.last_login),
        },
        "second_steps": _steps(user),
        "sessions": [
            {"signed_in_at": _at(one.created_at), "network_address": one.ip, "browser": one.user_agent}
            for one in sessions_of(user)
        ],
        "appointments": [_post(one) for one in Appointment.objects.filter(user=user).order_by("pk")],
        "invitations": [
            {"post": words_of(one), "sent_at": _at(one.created_at), "accepted_at": _at(one.accepted_at)}
            for one in Invitation.objects.filter(email__iexact=user.email).order_by("pk")
        ],
        "notices": [
            {
                "queued_at": _at(one.queued_at),
                "address": one.address,
                "subject": one.subject,
                "state": one.state,
                "asks_for_an_answer": one.needs_answer,
                "read_at": _at(one.read_at),
            }
            for one in Notice.objects.filter(user=user).order_by("pk").iterator()
        ],
        "notice_choices": dict(Preference.objects.filter(user=user).values_list("kind", "cadence")),
        "deeds": _deeds(user),
        "opened": [
            {"at": _at(one.at), "what": one.subject_kind, "which": one.subject_ref}
            for one in AccessEntry.objects.filter(user=user).order_by("pk").iterator()
        ],
    }


def _at(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat() if moment else None


def _steps(user: User) -> list[dict[str, Any]]:
    steps = steps_of(user)
    found = [*steps.passkeys, *([steps.app] if steps.app else [])]
    return [
        {"kind": one.type, "name": str(one), "since": _at(one.created_at), "last_used": _at(one.last_used_at)}
        for one in found
    ]


def _post(one: Appointment) -> dict[str, Any]:
    return {
        "post": words_of(one),
        "function": one.function,
        "letter": one.letter,
        "from": _at(one.starts_at),
        "to": _at(one.ends_at),
    }


def _deeds(user: User) -> dict[str, Any]:
    return {
        "audit_log": [
            {"at": _at(one.at), "deed": one.action, "what": one.subject_kind, "which": one.subject_ref}
            for one in AuditEntry.objects.filter(actor=user).order_by("pk").iterator()
        ],
        "register": [
            {"at": _at(one.entry.at), "deed": one.entry.act, "entry": one.entry_id}
            for one in RegisterActor.objects.filter(user=user).select_related("entry").order_by("pk")
        ],
        "replies": [
            {
                "at": _at(one.recorded_at),
                "for": one.on_behalf_of.short_name,
                "circulation": one.circulation.ref,
                "reply": one.kind,
                "text": one.text,
            }
            for one in Position.objects.filter(actor=user).select_related("on_behalf_of", "circulation").order_by("pk")
        ],
        "handover_notes": [
            {"for": str(one.participant), "text": one.text}
            for one in HandoverNote.objects.filter(written_by=user).select_related("participant")
        ],
    }

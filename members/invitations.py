"""What the pages of people read: who holds which post, which posts are vacant, which invitations are open."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, Now
from django.http import Http404

from members.access import Reader
from members.enums import SPEAKS, STAFF, Role, StandingKind
from members.models import Appointment, Invitation, InvitationBatch, Participant, Standing, User, dated
from members.posts import words_of
from members.services.batches import ADDED, DONE, FAULT, NEW
from members.services.invitations import account_of, digest

ENDED_SHOWN = 10
OPEN, EXPIRED, ACCEPTED, REVOKED = "open", "expired", "accepted", "revoked"
FATES = {OPEN: "Open", EXPIRED: "Link too old", ACCEPTED: "Accepted", REVOKED: "Revoked"}


@dataclass(frozen=True)
class Place:
    """Whose people a page is about: a participant, or (None) the secretariat; and what its reader may name there."""

    participant: Participant | None
    roles: frozenset[Role]

    @property
    def participant_id(self) -> int | None:
        return self.participant.pk if self.participant else None

    @property
    def query(self) -> str:
        return f"?participant={self.participant.code}" if self.participant else ""


def place_of(reader: Reader, code: str) -> Place:
    """The participant of a code, or the reader's own, or the secretariat. 404 for who names nobody there."""
    if code:
        participant = Participant.objects.filter(code__iexact=code).first()
        if participant is None:
            raise Http404
    else:
        participant = next(iter(reader.for_participants(Role.FOCAL_POINT)), None)
    place = Place(participant, reader.roles_to_name(participant.pk if participant else None))
    if not place.roles and not (participant is None and reader.is_staff):
        raise Http404
    return place


def team_of(place: Place) -> list[dict[str, Any]]:
    """Posts in office and to come first, then the last that ended. Two queries."""
    rows = Appointment.objects.filter(participant=place.participant).select_related("user", "participant", "body")
    if place.participant is None:
        rows = rows.filter(role__in=[role.value for role in STAFF])
    due = Greatest(F("starts_at"), Coalesce(F("confirmed_at"), F("starts_at")))
    rows = rows.annotate(now=Now(), ended=Case(When(ends_at__lte=Now(), then=Value(1)), default=Value(0)), since=due)
    current = list(rows.filter(ended=0).order_by("role", "starts_at", "pk"))
    past = list(rows.filter(ended=1).order_by("-ends_at", "pk")[:ENDED_SHOWN])
    return [_post(one, place) for one in [*current, *past]]


def _post(one: Any, place: Place) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "role": one.get_role_display() + (f", {one.body}" if one.body else ""),
        "person": one.user,
        "function": one.function,
        "letter": one.letter,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "confirmed_at": one.confirmed_at,
        "is_co_chair": one.role == Role.CO_CHAIR,
        "is_past": bool(one.ended),
        "is_coming": one.starts_at > one.now,
        "is_due": not one.ended and one.since + settings.POSTS_CONFIRMED_EVERY <= one.now,
        "may_change": not one.ended and Role(one.role) in place.roles,
        "is_sample": one.user.is_sample,
    }


def to_confirm(reader: Reader, place: Place) -> list[tuple[str, str]]:
    """Posts of a place that are due for their yearly confirmation, as choices of a form. Two queries."""
    if not place.roles:
        raise Http404
    rows = [row for row in team_of(place) if row["is_due"] and (reader.is_staff or not row["is_co_chair"])]
    return [(str(row["pk"]), f"{row['person']}, {row['role']}") for row in rows]


def get_post(reader: Reader, pk: int) -> Appointment:
    """A post that this reader looks after; 404 for everyone else."""
    found = Appointment.objects.select_related("user", "participant", "body").filter(pk=pk).first()
    if found is None or Role(found.role) not in reader.roles_to_name(found.participant_id):
        raise Http404
    return found


def invitations_visible_to(reader: Reader) -> QuerySet[Invitation]:
    """All for the secretariat, with what each has come to (`fate`); those of the own participant for a focal point."""
    own = [one.pk for one in reader.for_participants(Role.FOCAL_POINT)]
    if not (reader.is_staff or reader.is_admin or own):
        raise Http404
    rows = Invitation.objects.select_related("participant", "body", "invited_by").annotate(
        fate=Case(
            When(accepted_at__isnull=False, then=Value(ACCEPTED)),
            When(revoked_at__isnull=False, then=Value(REVOKED)),
            When(expires_at__lte=Now(), then=Value(EXPIRED)),
            default=Value(OPEN),
        ),
    )
    rows = rows.annotate(
        fate_name=Case(*[When(fate=fate, then=Value(name)) for fate, name in FATES.items()], default=Value(""))
    )
    if reader.is_staff:
        return rows
    mine = Q(participant_id__in=own)
    return rows.filter(mine | Q(participant=None)) if reader.is_admin else rows.filter(mine)


def get_invitation(reader: Reader, pk: int) -> Invitation:
    """An invitation whose post this reader may offer; 404 for everyone else."""
    found = invitations_visible_to(reader).filter(pk=pk).first()
    if found is None or Role(found.role) not in reader.roles_to_name(found.participant_id):
        raise Http404
    return found


def unanswered(reader: Reader, place: Place) -> list[Invitation]:
    """Invitations of a place that wait for an answer, or whose link is too old. One query."""
    rows = invitations_visible_to(reader).filter(Q(participant=place.participant), Q(fate__in=[OPEN, EXPIRED]))
    return list(rows[:100])


def vacant_posts(on: dt.date) -> list[dict[str, Any]]:
    """Members of the forum on a day without a focal point or without an alternate in office now. One query.

    Each row: `participant`, `focal_point` and `alternate`, true where the post is vacant. No focal point comes first.
    """
    held = {role: Appointment.objects.filter(participant=OuterRef("pk"), role=role.value) for role in SPEAKS}
    member = Standing.objects.filter(dated(on), participant=OuterRef("pk"), standing=StandingKind.MEMBER.value)
    rows = (
        Participant.objects.filter(Exists(member), merger__isnull=True)
        .annotate(
            has_focal_point=Exists(held[Role.FOCAL_POINT].in_office(Now())),
            has_alternate=Exists(held[Role.ALTERNATE].in_office(Now())),
        )
        .exclude(has_focal_point=True, has_alternate=True)
        .order_by("has_focal_point", "sort_key")
    )
    return [
        {"participant": one, "focal_point": not one.has_focal_point, "alternate": not one.has_alternate} for one in rows
    ]


@dataclass(frozen=True)
class Link:
    """An invitation whose link works, as the page of the link shows it."""

    invitation: Invitation
    post: str
    account: User | None


def link_of(token: str) -> Link | None:
    """What stands behind a link; None for one that is unknown, used, revoked or expired. Changes nothing."""
    rows = Invitation.objects.select_related("participant", "body", "invited_by")
    found = rows.filter(token_sha256=digest(token), accepted_at=None, revoked_at=None, expires_at__gt=Now()).first()
    if found is None:
        return None
    return Link(found, words_of(found), account_of(found.email))


def batches_visible_to(reader: Reader) -> QuerySet[InvitationBatch]:
    """Files of invitations, for the secretariat."""
    if not reader.is_staff:
        raise Http404
    return InvitationBatch.objects.select_related("uploaded_by", "sent_by")


def get_batch(reader: Reader, pk: int) -> InvitationBatch:
    """A file of invitations, for the secretariat; 404 for everyone else."""
    found = batches_visible_to(reader).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def faults_of(batch: InvitationBatch) -> list[dict[str, Any]]:
    return [row for row in batch.rows if row["fate"] == FAULT]


def batch_page(batch: InvitationBatch) -> dict[str, Any]:
    """What the page of a batch shows: faults first, then the other rows in their order."""
    ready = sum(row["fate"] in (NEW, ADDED) for row in batch.rows)
    faults = faults_of(batch)
    return {
        "batch": batch,
        "rows": [*faults, *(row for row in batch.rows if row["fate"] != FAULT)],
        "ready": ready,
        "faults": len(faults),
        "sent": sum(row["fate"] == DONE for row in batch.rows),
        "is_checked": batch.state == InvitationBatch.CHECKED,
        "is_running": batch.state == InvitationBatch.RUNNING,
    }

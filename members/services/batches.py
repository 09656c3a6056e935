"""Many invitations at once: a file is looked at, then sent by the worker, in pieces that stand or fall as a whole."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from audit.services import done, once, record_audit
from members import rules
from members.access import forum, reader_of
from members.clock import clock
from members.enums import ROLE_NAMES, Role
from members.models import Alias, Appointment, Body, InvitationBatch, Participant, User
from members.names import fold
from members.rules import Held, HeldAlready, NotAllowed
from members.services import posts
from members.services.invitations import Known, Offer, add_invitation, check_offer, open_invitations, tidy

CHECKED, SENT = "invitation_batch.checked", "invitation_batch.sent"
NEW, ADDED, HELD, FAULT, DONE = "new", "added", "held", "fault", "done"
ONE_SENDER = 0x494E5649
"""Pieces lock the places of their rows; two at once could wait for each other."""
PIECE = 50
"""Rows of one transaction."""
ROLES = {fold(name): role for role in Role for name in (role.value, ROLE_NAMES[role])}
TAKEN = "Somebody holds this post. Replace that person on the page of its people."


@transaction.atomic(durable=True)
def check_batch(
    file_name: str, rows: list[tuple[int, dict[str, str]]], *, actor: User, key: uuid.UUID
) -> InvitationBatch:
    """Keep a file's rows, each with what it would come to. Nothing is sent. One audit row.

    The same key again gives the first one's batch. Raises NotAllowed when the actor is not of the secretariat.
    """
    if result := once(key, actor=actor, action=CHECKED):
        return InvitationBatch.objects.get(pk=result)
    if not reader_of(actor).is_staff:
        raise NotAllowed("Your own post does not let you do this.")
    batch = InvitationBatch.objects.create(uploaded_by=actor, file_name=file_name[:120], rows=_looked_at(rows, actor))
    detail = {"rows": len(batch.rows), "faults": sum(row["fate"] == FAULT for row in batch.rows)}
    record_audit(CHECKED, actor=actor, kind="invitation_batch", ref=str(batch.pk), detail=detail)
    done(key, actor=actor, action=CHECKED, result_ref=str(batch.pk))
    return batch


@transaction.atomic(durable=True)
def send_batch(batch_id: int, *, actor: User, key: uuid.UUID) -> InvitationBatch:
    """Let the worker send the rows without a fault, in the name of the actor, who need not have uploaded them. One
    audit row. Raises NotAllowed: not of the secretariat, a row that the actor may not offer, or sent already.
    """
    if once(key, actor=actor, action=SENT):
        return InvitationBatch.objects.get(pk=batch_id)
    batch = InvitationBatch.objects.select_for_update().get(pk=batch_id)
    if not reader_of(actor).is_staff:
        raise NotAllowed("Only the secretariat sends these invitations.")
    if batch.state != InvitationBatch.CHECKED:
        raise NotAllowed("These invitations were sent already.")
    _check_rows_are_for(actor, batch)
    batch.state, batch.sent_by = InvitationBatch.RUNNING, actor
    batch.save(update_fields=["state", "sent_by"])
    record_audit(SENT, actor=actor, kind="invitation_batch", ref=str(batch.pk))
    done(key, actor=actor, action=SENT, result_ref=str(batch.pk))
    return batch


def _check_rows_are_for(actor: User, batch: InvitationBatch) -> None:
    """Whoever sends offers each post in the own name: an officer does not send what only a manager may offer."""
    may = _roles_to_name(actor)
    rows = [row for row in batch.rows if row["fate"] in (NEW, ADDED)]
    for row in rows:
        role = ROLES[fold(row["typed"]["role"])]
        if role not in may:
            raise NotAllowed(
                f"Line {row['line']} invites to the post {ROLE_NAMES[role]}, which you may not offer. "
                "Ask a manager to send this file."
            )


def _roles_to_name(actor: User) -> frozenset[Role]:
    reader = reader_of(actor)
    return reader.roles_to_name(None) | reader.roles_to_name(0)


def run_batches() -> None:
    """Carry out what was sent, piece by piece. A piece that was cut off left nothing and is taken up again."""
    for pk in InvitationBatch.objects.filter(state=InvitationBatch.RUNNING).order_by("pk").values_list("pk", flat=True):
        while run_piece(pk):
            pass


@transaction.atomic(durable=True)
def run_piece(batch_id: int) -> bool:
    """The next rows of a batch: their invitations, and how far it has come, in one transaction. Is there more to do?

    A row that became impossible since it was looked at turns into a fault. While another worker sends, this one leaves.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_SENDER])
        if not cursor.fetchone()[0]:
            return False
    rows = InvitationBatch.objects.select_for_update(of=("self",)).select_related("sent_by")
    batch = rows.filter(pk=batch_id, state=InvitationBatch.RUNNING).first()
    if batch is None or batch.sent_by is None:
        return False
    world = _World()
    for row in batch.rows[batch.done : batch.done + PIECE]:
        if row["fate"] not in (NEW, ADDED):
            continue
        try:
            with transaction.atomic():
                add_invitation(world.offer(row["typed"]), actor=batch.sent_by, batch=batch)
        except NotAllowed as refused:
            row["fate"], row["sentence"] = FAULT, _sentence(refused)
        else:
            row["fate"], row["sentence"] = DONE, "Sent."
    batch.done = min(batch.done + PIECE, len(batch.rows))
    is_over = batch.done == len(batch.rows)
    batch.state = InvitationBatch.DONE if is_over else InvitationBatch.RUNNING
    batch.save(update_fields=["rows", "done", "state"])
    return not is_over


def _names_of(body: Body) -> list[str]:
    return [name for name in (body.name, body.abbreviation, body.slug) if name]


def _looked_at(rows: list[tuple[int, dict[str, str]]], actor: User) -> list[dict[str, Any]]:
    world, now = _World(), clock()
    may = _roles_to_name(actor)
    seen: dict[tuple[Any, ...], int] = {}
    found = []
    for line, typed in rows:
        try:
            offer = tidy(world.offer(typed))
            if offer.role not in may:
                raise NotAllowed("Your own post does not let you invite to this one.")
            offer = check_offer(offer, now=now, by_secretariat=True, known=world)
            _check_seen(offer, line, seen)
            fate = ADDED if world.account(offer.email) else NEW
            sentence = "Added to the account there is." if fate == ADDED else "A new account."
        except NotAllowed as refused:
            fate, sentence = (HELD if isinstance(refused, HeldAlready) else FAULT), _sentence(refused)
        found.append({"line": line, "typed": typed, "fate": fate, "sentence": sentence})
    return found


def _check_seen(offer: Offer, line: int, seen: dict[tuple[Any, ...], int]) -> None:
    """No line offers what a line above it offers already."""
    same = (offer.email, offer.role, offer.participant_id, offer.body_id)
    post = (offer.role, offer.participant_id)
    if same in seen:
        raise NotAllowed(f"The same as line {seen[same]}.")
    if offer.role in rules.ONE_IN_OFFICE and post in seen:
        raise NotAllowed(f"Line {seen[post]} names another person for this post; one at a time holds it.")
    seen[same] = seen[post] = line


def _sentence(refused: NotAllowed) -> str:
    return TAKEN if refused.field == "replaces" else refused.message


@dataclass
class _World(Known):
    """Who is known, who holds what and who is invited, read once for all rows of a file."""

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(forum().time_zone)
        participants = Participant.objects.select_related("merger__into")
        self.by_pk = {one.pk: one for one in participants}
        self.by_name = {fold(one.short_name): one for one in self.by_pk.values()}
        aliases = Alias.objects.values_list("folded", "participant_id")
        self.by_name |= {folded: self.by_pk[pk] for folded, pk in aliases}
        self.by_name |= {fold(one.code): one for one in self.by_pk.values()}
        self.by_body = {fold(name): one for one in Body.objects.filter(is_current=True) for name in _names_of(one)}
        self.users = {one.email: one for one in User.objects.all()}
        self.posts: dict[tuple[str, int | None], list[Held]] = {}
        current = Appointment.objects.filter(Q(ends_at=None) | Q(ends_at__gt=clock()))
        for one in current.select_related("user"):
            self.posts.setdefault((one.role, one.participant_id), []).append(posts.held(one))
        rows = open_invitations(clock()).values_list("email", "role", "participant_id", "body_id")
        self.invited = set(rows)

    def account(self, email: str) -> User | None:
        return self.users.get(email)

    def held(self, role: str, participant_id: int | None, user_id: int | None) -> list[Held]:
        found = self.posts.get((role, participant_id), [])
        return [one for one in found if participant_id is not None or one.user_id == user_id]

    def is_invited(self, offer: Offer, now: dt.datetime) -> bool:
        return (offer.email, offer.role.value, offer.participant_id, offer.body_id) in self.invited

    def offer(self, typed: dict[str, str]) -> Offer:
        """What a row offers. Raises NotAllowed with the sentence of its first fault."""
        role = ROLES.get(fold(typed.get("role", "")))
        if role is None:
            raise NotAllowed(f"“{typed.get('role', '')[:40]}” is no post. Posts are: {', '.join(ROLE_NAMES.values())}.")
        name = typed.get("participant", "")
        participant = self.by_name.get(fold(name)) if name else None
        if name and participant is None:
            raise NotAllowed(f"“{name[:60]}” is not in the directory. Write its code or one of its names.")
        body = self.by_body.get(fold(typed["body"])) if typed.get("body") else None
        if typed.get("body") and body is None:
            raise NotAllowed(f"“{typed['body'][:60]}” is no body of today. Write its name or its abbreviation.")
        return Offer(
            email=typed.get("email", ""),
            role=role,
            participant=participant,
            body=body,
            name=typed.get("name", "")[:150],
            function=typed.get("function", "")[:150],
            letter=typed.get("letter", "")[:200],
            ends_at=self._end(typed.get("until", "")),
        )

    def _end(self, typed: str) -> dt.datetime | None:
        if not typed:
            return None
        try:
            day = dt.date.fromisoformat(typed)
            return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), self.zone)
        except (ValueError, OverflowError) as error:
            raise NotAllowed(f"“{typed[:20]}” is no day. Write it as 2026-07-23.") from error

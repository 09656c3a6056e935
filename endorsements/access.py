"""The one door to circulations: who sees which, who may do what. 404 for the unseen, 403 where the seen is refused."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from audit.services import record_access
from documents.enums import Audience
from documents.models import Version
from endorsements.calendar import earliest_deadline
from endorsements.enums import CIRCULATED, ENDED, SUCCESSFUL, State, Timing, Verb
from endorsements.models import BY_MODE, Circulation, Eligible, Position, Procedure, RegisterEntry
from endorsements.positions import SUBJECT, latest
from endorsements.rules import TRANSITIONS
from members.access import Reader, forum
from members.acting import Choice
from members.directory import co_chairs_of, get_participant, participants_of, today
from members.enums import Role, StandingKind
from members.models import Body, Participant, Standing, User, dated

READ_BY = (Role.FOCAL_POINT, Role.ALTERNATE, Role.REVIEWER)


def visible_to(reader: Reader) -> QuerySet[Circulation]:
    """Staff see all; co-chairs what their approval is asked for and what was opened in their bodies (the forum's: all);
    participants what they were sent."""
    everything = Circulation.objects.select_related("version__document", "body")
    if reader.is_staff:
        return everything
    # A subquery, not a join: a join wants DISTINCT over every column of the row, which took most of the page's time.
    sent = Eligible.objects.filter(participant__in=reader.for_participants(*READ_BY))
    seen = Q(pk__in=sent.values("circulation_id"))
    seen &= ~Q(state=State.DRAFT.value)
    if reader.is_co_chair:
        chaired = Q(pk__isnull=False) if None in reader.co_chaired_body_ids else Q(body__in=reader.co_chaired_body_ids)
        seen |= chaired & (~Q(state=State.DRAFT.value) | Q(asked_at__isnull=False))
    return everything.filter(seen)


NOT_SHOWN = [
    *("body__terms_of_reference", "body__summary", "body__set_up", "body__also_called", "body__source", "body__mark"),
    *(f"{who}__{column}" for who in ("drafted_by", "approved_by") for column in ("password", "last_login", "theme")),
    *(f"{who}__{column}" for who in ("drafted_by", "approved_by") for column in ("created_at", "deleted_at")),
    *(f"approved_for__{column}" for column in ("languages", "time_zone", "other_time_zones", "city", "source")),
    *(f"approved_for__{column}" for column in ("latitude", "longitude", "mark", "formal_mark")),
]
"""Columns of what a circulation points at that none of its pages reads: half of the row."""


def get_circulation(reader: Reader, ref: str) -> Circulation:
    """The circulation, or 404 when there is none that this reader may see."""
    found = visible_to(reader).select_related("outcome__verb")
    if reader.is_staff or reader.is_co_chair:
        # Only their pages name these; each join more costs PostgreSQL's planner about as much as a query.
        found = found.select_related("drafted_by", "approved_by", "approved_for").defer(*NOT_SHOWN)
    return _one(found, ref)


def _one(found: QuerySet[Circulation], ref: str) -> Circulation:
    try:
        return found.get(ref=ref)
    except Circulation.DoesNotExist:
        raise Http404 from None


def sees_board(reader: Reader, circulation: Circulation) -> bool:
    """Staff and the co-chairs of the body see every reply while it runs."""
    return reader.is_staff or chairs(reader, circulation)


def sees_result(reader: Reader, circulation: Circulation) -> bool:
    """The tally: staff and co-chairs always, participants once it has ended."""
    return sees_board(reader, circulation) or State(circulation.state) in ENDED


@dataclass(frozen=True)
class Seated:
    """Those participants of the reader that were sent the draft, and those of them the reader may reply for."""

    reads: tuple[Participant, ...] = ()
    replies: tuple[Participant, ...] = ()


def seated(reader: Reader, circulation: Circulation) -> Seated:
    """For whom this reader is here, first those for whom the reader chose to act. One query, none for those who act for
    no participant."""
    first = reader.acting.participant_ids
    own = sorted(reader.for_participants(*READ_BY), key=lambda one: one.pk not in first)
    if not own:
        return Seated()
    rows = Eligible.objects.filter(circulation=circulation, participant__in=own)
    counts = dict(rows.values_list("participant_id", "counts"))
    speaks = {one.pk for one in reader.speaks_for}
    return Seated(
        reads=tuple(one for one in own if one.pk in counts),
        replies=tuple(one for one in own if counts.get(one.pk) and one.pk in speaks),
    )


def acts_as_member(reader: Reader, circulation: Circulation, seat: Seated) -> bool:
    """Did a co-chair choose to act for a participant that was sent the draft? Then its page comes before the board."""
    chosen = reader.acts_as
    if chosen is None or sees_board(reader.acting, circulation):
        return False
    return any(one.pk == chosen.participant_id for one in seat.replies)


def others_to_act_for(reader: Reader, seat: Seated, shown: Participant | None) -> list[Choice]:
    """Those other participants of the reader that were sent the same draft; when the reader chose to act for somebody
    else, also the one that is shown."""
    chosen = reader.acts_as
    is_elsewhere = chosen is not None and shown is not None and chosen.participant_id != shown.pk
    wanted = {one.pk for one in seat.reads} - ({shown.pk} if shown and not is_elsewhere else set())
    return [one for one in reader.choices if one.participant_id in wanted]


def why_visible(reader: Reader, circulation: Circulation, seat: Seated) -> str:
    """Who can read this page, and why this reader can."""
    if reader.is_staff:
        return "You read this as secretariat. Members read the draft; each sees only its own reply."
    if sees_board(reader, circulation):
        return "You read this as co-chair. Members read the draft; each sees only its own reply."
    own = " and ".join(str(one) for one in seat.reads)
    return f"The participants of this body read the draft. You read it for {own}."


def participant_to_reply_for(seat: Seated, code: str) -> Participant:
    """The participant that a form names, or 403 when the reader does not speak for it."""
    for participant in seat.replies:
        if participant.code == code:
            return participant
    raise PermissionDenied("You do not send the reply of this participant.")


def staff_only(reader: Reader) -> None:
    """Pages that nobody else knows of: 404."""
    if not reader.is_staff:
        raise Http404


def can_prepare(reader: Reader) -> bool:
    return reader.is_staff


def can_change(reader: Reader, circulation: Circulation) -> bool:
    return reader.is_staff and circulation.state == State.DRAFT


def chairs(reader: Reader, circulation: Circulation) -> bool:
    """Does the reader co-chair the body of the circulation, or the forum as a whole?"""
    chaired = reader.co_chaired_body_ids
    return None in chaired or circulation.body_id in chaired


def can_approve(reader: Reader, circulation: Circulation) -> bool:
    """A co-chair, or a manager who records a co-chair's approval; never the person who drafted it."""
    drafter = reader.user is not None and reader.user.pk == circulation.drafted_by_id
    may = reader.is_manager or chairs(reader, circulation)
    return may and not drafter and circulation.state == State.DRAFT and circulation.asked_at is not None


def can_extend(reader: Reader, circulation: Circulation) -> bool:
    """Staff while it runs; whether the procedure permits it and the deadline has passed is for the service."""
    return reader.is_staff and circulation.state == State.OPEN


def can_correct(reader: Reader, circulation: Circulation) -> bool:
    """Staff while it runs; whether the deadline has passed is for the service."""
    return reader.is_staff and circulation.state == State.OPEN


def can_ask_new_clock(circulation: Circulation, seat: Seated) -> bool:
    """Who replies for a participant, while it runs and once it was corrected."""
    return bool(seat.replies) and circulation.state == State.OPEN and circulation.corrected_at is not None


def get_evidence(reader: Reader, ref: str) -> Circulation:
    """A circulation whose evidence of notice this reader may see, as the board; 404 for a draft and for all others."""
    return _of_the_board(reader, get_circulation(reader, ref))


def get_watched(reader: Reader, ref: str) -> Circulation:
    """The bare row of a circulation whose board this reader sees, for a page that asks every few seconds. 404 as
    there."""
    found = visible_to(reader).select_related(None).only("ref", "state", "body")
    return _of_the_board(reader, _one(found, ref))


def _of_the_board(reader: Reader, circulation: Circulation) -> Circulation:
    if circulation.state == State.DRAFT or not sees_board(reader, circulation):
        raise Http404
    return circulation


def can_tell(reader: Reader, circulation: Circulation) -> bool:
    """May this reader record that a participant was told otherwise? The secretariat, until the ending."""
    return reader.is_staff and (Verb.TELL_OTHERWISE, State(circulation.state)) in TRANSITIONS


def participant_to_tell(circulation: Circulation, code: str) -> Participant:
    """A participant of the circulation; 404 when it was not sent to it."""
    row = circulation.eligible.filter(participant__code=code).select_related("participant").first()
    if row is None:
        raise Http404
    return row.participant


def can_withdraw(reader: Reader, circulation: Circulation) -> bool:
    return reader.is_staff and circulation.state == State.OPEN


def can_remind(reader: Reader, circulation: Circulation) -> bool:
    return reader.is_staff and circulation.state == State.OPEN


def can_decide(reader: Reader, circulation: Circulation) -> bool:
    """A co-chair of the body, or of the forum as a whole, while it waits."""
    return circulation.state == State.WAITING and chairs(reader, circulation)


def get_certificate(reader: Reader, ref: str) -> Circulation:
    """An endorsed circulation whose certificate this reader may have: who reads the circulation, and the audience of
    the document. 404 otherwise, and for what was not endorsed."""
    rows = Circulation.objects.select_related("version__document__body", "body", "outcome", "approved_for")
    circulation = rows.filter(ref=ref, state__in=[state.value for state in SUCCESSFUL]).first()
    if circulation is None or not gets_certificate(reader, circulation):
        raise Http404
    return circulation


def gets_certificate(reader: Reader, circulation: Circulation) -> bool:
    """Is the reader of the document's audience today, or one of those who read the circulation itself?"""
    document = circulation.version.document
    audience = Audience(document.audience)
    if audience == Audience.PUBLIC:
        return True
    if not reader.is_signed_in:
        return False
    own = reader.participant_ids
    if audience == Audience.BODY:
        is_audience = participants_of(document.body, today()).filter(pk__in=own).exists()
    else:
        kinds = [StandingKind.MEMBER.value]
        kinds += [StandingKind.OBSERVER.value] if audience == Audience.MEMBERS_AND_OBSERVERS else []
        is_audience = Standing.objects.filter(dated(today()), participant__in=own, standing__in=kinds).exists()
    return is_audience or visible_to(reader).filter(pk=circulation.pk).exists()


def note_certificate(reader: Reader, circulation: Circulation) -> None:
    """One row in the access log for who is signed in; what is public is logged for nobody else."""
    if reader.user is not None:
        record_access(reader.user, kind="certificate", ref=circulation.ref)


def require(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise PermissionDenied(sentence)


def user_of(reader: Reader) -> User:
    """The account behind a reader that acts; pages with deeds are never open to nobody."""
    if reader.user is None:
        raise PermissionDenied("Sign in first.")
    return reader.user


def versions_to_circulate(reader: Reader) -> QuerySet[Version]:
    """Versions that staff may choose from: the latest first."""
    found = Version.objects.select_related("document").order_by("-pk")
    return found if reader.is_staff else found.none()


def procedures_to_choose(reader: Reader) -> QuerySet[Procedure]:
    return Procedure.objects.select_related("body") if reader.is_staff else Procedure.objects.none()


def bodies_to_choose(reader: Reader) -> QuerySet[Body]:
    """Bodies whose participants may be sent a draft now."""
    return Body.objects.filter(is_current=True) if reader.is_staff else Body.objects.none()


def co_chairs_to_choose(circulation: Circulation) -> QuerySet[Participant]:
    """Co-chairs of the circulation's body on the forum's day, for the form that records an approval."""
    return Participant.objects.filter(pk__in=[one.pk for one in co_chairs_of(circulation.body, today())])


def first_terms(reader: Reader, version: str, now: dt.datetime) -> dict[str, Any]:
    """What the form of a new circulation proposes: the version asked for, its body, the body's procedure, and the first
    deadline that the procedure permits when opened now."""
    found = versions_to_circulate(reader).filter(pk=version).first() if version.isdecimal() else None
    if found is None:
        return {}
    body = found.document.body
    own = Q(body=body) | Q(body__isnull=True)
    procedure = procedures_to_choose(reader).filter(own, is_sample=False).order_by("body", *BY_MODE).first()
    terms: dict[str, Any] = {"version": found.pk, "body": body.pk}
    if procedure:
        home = forum()
        local = earliest_deadline(procedure, home, now).astimezone(ZoneInfo(home.time_zone))
        terms |= {"procedure": procedure.pk, "day": local.date(), "time": local.time()}
    return terms


def get_receipt(reader: Reader, ref: str, pk: int) -> Position:
    """A receipt: staff, co-chairs who see the board, and the participant's own people. 404 otherwise."""
    circulation = get_circulation(reader, ref)
    rows = Position.objects.filter(circulation=circulation).select_related(
        "on_behalf_of", "actor", "register_entry", "contest__actor", "remark__appointment__participant"
    )
    if not sees_board(reader, circulation):
        rows = rows.filter(on_behalf_of__in=seated(reader, circulation).reads)
    position = rows.filter(pk=pk).first()
    if position is None:
        raise Http404
    position.circulation = circulation
    return position


def last_reply_of(reader: Reader) -> Position | None:
    """The last reply of those for whom the reader speaks, with its draft. One query."""
    rows = Position.objects.filter(on_behalf_of__in=reader.speaks_for).order_by("-pk")
    return rows.select_related("circulation__version__document", "on_behalf_of").first()


def register_rows(reader: Reader) -> QuerySet[RegisterEntry]:
    """Rows of the register: all for staff; nobody else reads it here yet."""
    if not reader.is_staff:
        raise Http404
    return RegisterEntry.objects.select_related("circulation__version__document")


def open_register_export(reader: Reader) -> None:
    """May this reader take the whole register away? 404 for who does not see it, 403 but for managers. Logged."""
    staff_only(reader)
    require(reader.is_manager, "Managers take out the whole register.")
    record_access(user_of(reader), kind="register", ref="export")


def own_entries_of(reader: Reader) -> list[Participant]:
    """Participants whose entries in the register this reader may take away."""
    return reader.for_participants(*READ_BY)


def open_own_entries(reader: Reader, slug: str) -> Participant:
    """The participant whose entries are asked for; 404 but for its own people and the secretariat. Logged."""
    participant = next((one for one in own_entries_of(reader) if one.slug == slug), None)
    if participant is None:
        staff_only(reader)
        participant = get_participant(slug)
    record_access(user_of(reader), kind="register", ref="own", on_behalf_of=participant.code)
    return participant


def note_opened(reader: Reader, circulation: Circulation, seat: Seated) -> None:
    """Write into the access log for whom the page was opened; one row a participant."""
    if reader.user is None:
        return
    for code in [one.code for one in seat.reads] or [""]:
        record_access(reader.user, kind=SUBJECT, ref=circulation.ref, on_behalf_of=code)


def counting_one(position: Position) -> Position | None:
    """The reply of the same participant that counts, which may be this one. One query."""
    rows = Position.objects.filter(circulation=position.circulation, on_behalf_of=position.on_behalf_of)
    return latest(rows).first()


def newest_of(circulation: Circulation) -> int:
    """Key of the newest reply of anyone, 0 for none: what an officer's form has seen."""
    return Position.objects.filter(circulation=circulation).order_by("-pk").values_list("pk", flat=True).first() or 0


def can_record(reader: Reader, circulation: Circulation) -> bool:
    """Staff record what came by another way, as long as anything is kept."""
    return reader.is_staff and State(circulation.state) in CIRCULATED - {State.WITHDRAWN}


def seats_to_record(circulation: Circulation) -> list[Participant]:
    """Those whose word counts here, by sort key."""
    rows = circulation.eligible.filter(counts=True).select_related("participant").order_by("participant__sort_key")
    return [row.participant for row in rows]


def can_contest(reader: Reader, position: Position) -> bool:
    """Who speaks for the participant, of what the secretariat recorded, until a co-chair has decided on it."""
    speaks = position.on_behalf_of_id in {one.pk for one in reader.speaks_for}
    is_open = position.circulation.state != State.WITHDRAWN and not hasattr(position, "remark")
    return speaks and bool(position.means) and is_open and not hasattr(position, "contest")


def can_take_note(reader: Reader, position: Position) -> bool:
    """A co-chair, of what came late, once."""
    is_open = position.timing == Timing.LATE and not hasattr(position, "remark")
    return is_open and chairs(reader, position.circulation)

"""The page of a delegate: what is asked, what silence means, how long, the text, the reply."""

import datetime as dt
from typing import Any

from django.urls import reverse

from endorsements import lateness, positions, words
from endorsements.access import Seated, others_to_act_for, sees_result
from endorsements.contexts.common import head, progress, text_of
from endorsements.contexts.correcting import clock_of
from endorsements.enums import SAYS, Mode, PositionKind, Remark, Share, State, Timing
from endorsements.forms import REPLY_LABELS, TEXT_FIELDS, ReplyForm
from endorsements.models import Circulation, Position
from endorsements.rules import NotAllowed
from endorsements.sentences import note_of
from members.access import Reader
from members.models import Forum, Participant

NAMED = {Share.ENDORSED, Share.WITH_PROPOSALS}
"""After the end only these are named to other participants."""


def delegate(
    circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime, seat: Seated, form: ReplyForm | None
) -> dict[str, Any]:
    """Context of the delegate's page. `form` is bound when a reply comes back to be changed or mended."""
    common = head(circulation, reader, forum, now)
    history = _history(circulation, [one.pk for one in seat.reads])
    participant = _acting_for(reader, seat, form, history)
    mine = [one for one in history if participant is None or one.on_behalf_of_id == participant.pk]
    newest, own = next(iter(mine), None), max(filter(counts, mine), key=_order, default=None)
    about = participant or next(iter(seat.reads), None)
    # Whoever chose to act for another does not reply here by mistake: one more click says for whom.
    chosen = reader.acts_as if form is None else None
    is_elsewhere = chosen is not None and about is not None and chosen.participant_id != about.pk
    timing = _timing(circulation, now)
    may_reply = timing is not None and bool(seat.replies) and not is_elsewhere
    shown = form if form is not None else _blank(circulation, participant, newest) if may_reply else None
    return {
        **common,
        **text_of(circulation),
        "participant": about,
        "may_reply": may_reply,
        "is_late": timing is Timing.LATE,
        "late_words": lateness.warning(past_deadline=now >= circulation.expires_at),
        "acts_elsewhere": chosen if is_elsewhere else None,
        "others": others_to_act_for(reader, seat, about) if form is None else [],
        "clock": clock_of(circulation, about, may_reply=may_reply and common["is_running"]),
        "form": shown,
        "choices": reply_choices(circulation, shown) if shown else [],
        "own_chip": words.reply_chip(own.kind) if own else words.share_chip(Share.NO_REPLY, circulation),
        "own": own,
        "not_counting": newest if newest and newest != own else None,
        "history": [_past(one) for one in history],
        "progress": progress(circulation, now),
        "outcome": circulation.outcome,
        **(_result(circulation) if sees_result(reader, circulation) else {}),
    }


def _timing(circulation: Circulation, now: dt.datetime) -> Timing | None:
    """How a reply sent now would be kept; None: none is taken."""
    try:
        return lateness.timing_of_reply(State(circulation.state), circulation.window, now)
    except NotAllowed:
        return None


def counts(position: Position) -> bool:
    """As positions.COUNTS, of one row that has its contest and remark with it."""
    remark = getattr(position, "remark", None)
    if remark:
        return bool(remark.remark == Remark.COUNTS)
    return position.timing == Timing.IN_TIME and not hasattr(position, "contest")


def _order(position: Position) -> tuple[dt.datetime, int]:
    return position.came_at, position.pk


def _acting_for(reader: Reader, seat: Seated, form: ReplyForm | None, history: list[Position]) -> Participant | None:
    """The participant the form is for: the one it names; else, of those for whom the reader speaks and chose to act,
    the first without a reply."""
    wanted = str(form["participant"].value()) if form is not None else ""
    named = next((one for one in seat.replies if one.code == wanted), None)
    if named or not seat.replies:
        return named
    chosen = reader.acting.participant_ids
    replied = {one.on_behalf_of_id for one in history}
    return min(seat.replies, key=lambda one: (one.pk not in chosen, one.pk in replied))


def _blank(circulation: Circulation, participant: Participant | None, own: Position | None) -> ReplyForm:
    """The form, with what was said last when there is something."""
    initial: dict[str, Any] = {"participant": participant.code if participant else "", "seen": own.pk if own else 0}
    if own:
        field = TEXT_FIELDS.get(PositionKind(own.kind))
        initial |= {"kind": own.kind, "until": own.until_on, "no_reason": own.no_reason_given}
        if field:
            initial[field] = own.text
    return ReplyForm(mode=Mode(circulation.mode), initial=initial)


def reply_choices(circulation: Circulation, form: ReplyForm) -> list[dict[str, Any]]:
    """The ways to reply in this mode, each with its note and its own fields."""
    chosen = form["kind"].value()
    made = []
    for kind in SAYS[Mode(circulation.mode)]:
        fields = [TEXT_FIELDS[kind]] if kind in TEXT_FIELDS else []
        if kind == PositionKind.MORE_TIME:
            fields = ["until", *fields]
        made.append(
            {
                "value": kind.value,
                "label": REPLY_LABELS[kind],
                "note": note_of(kind, circulation.terms),
                "is_chosen": kind.value == chosen,
                "fields": [form[name] for name in fields],
                "tick": form["no_reason"] if kind == PositionKind.OBJECTION else None,
            }
        )
    return made


def _history(circulation: Circulation, participant_ids: list[int]) -> list[Position]:
    """Replies of the own participants, newest first. One query."""
    rows = Position.objects.filter(circulation=circulation, on_behalf_of__in=participant_ids)
    return list(rows.select_related("on_behalf_of", "actor", "contest", "remark").order_by("-pk"))


def _past(position: Position) -> dict[str, Any]:
    return {
        "chip": words.reply_chip(position.kind),
        "notes": words.note_chips(position),
        "at": position.recorded_at,
        "participant": position.on_behalf_of.short_name,
        "url": reverse("endorsements:position-receipt", args=[position.circulation.ref, position.pk]),
    }


def _result(circulation: Circulation) -> dict[str, Any]:
    """Tally, and by name only those who endorsed; all others stand together as "no position shown"."""
    seats = positions.seats(circulation)
    named = [(seat.participant.short_name, words.SHARES[seat.share]) for seat in seats if seat.share in NAMED]
    counting = sum(seat.counts for seat in seats)
    return {
        "tally": words.tally_rows(circulation),
        "named": named,
        "unnamed": counting - len(named),
        "outcome": circulation.outcome,
    }

"""The receipt of one reply: what was said, how it came, whether it counts, and what was done about it since."""

import datetime as dt
from typing import Any

from endorsements import access, lateness, words
from endorsements.contexts.common import head
from endorsements.enums import Means, PositionKind, Remark, State, Timing
from endorsements.models import Circulation, Position
from endorsements.receipts import receipt_digest
from endorsements.rules import NotAllowed
from members.access import Reader
from members.models import Forum

REMARKS = {
    Remark.NOTED: "took note of this late reply. The result stays as it was.",
    Remark.COUNTS: "decided that this reply counts.",
    Remark.LEFT_OUT: "decided that this reply does not count.",
}


def receipt(position: Position, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """Two queries beside the seat: the reply that counts, and the head."""
    counting = access.counting_one(position)
    remark = getattr(position, "remark", None)
    chair = remark.appointment.participant if remark else None
    return {
        **head(position.circulation, reader, forum, now),
        "position": position,
        "entry": position.register_entry,
        "reply_chip": words.REPLIES[PositionKind(position.kind)],
        "note_chips": words.note_chips(position),
        "is_own": bool(access.seated(reader, position.circulation).replies),
        "is_counting": counting is not None and counting.pk == position.pk,
        "counting": counting,
        "counts_words": counts_words(position, counting),
        "means": words.MEANS[Means(position.means)] if position.means else "",
        "contest": getattr(position, "contest", None),
        "remark": remark,
        "remark_words": f"{chair or 'A co-chair'} {REMARKS[Remark(remark.remark)]}" if remark else "",
        "can_contest": access.can_contest(reader, position),
        "can_take_note": access.can_take_note(reader, position),
        "receipt_digest": receipt_digest(position.register_entry.content),
        "still_counts": _still_counts(position.circulation, now),
    }


def _still_counts(circulation: Circulation, now: dt.datetime) -> bool:
    """Would a reply sent now count?"""
    try:
        return lateness.timing_of_reply(State(circulation.state), circulation.window, now) is Timing.IN_TIME
    except NotAllowed:
        return False


def counts_words(position: Position, counting: Position | None) -> str:
    """Does this reply count, and which one does instead? In one or two sentences."""
    whose = position.on_behalf_of.short_name
    if counting is not None and counting.pk == position.pk:
        return f"This is the reply of {whose} that counts."
    remark = getattr(position, "remark", None)
    if counting is not None and not hasattr(position, "contest") and position.came_at < counting.came_at:
        return f"A later reply of {whose} counts instead of this one."
    if position.timing == Timing.LATE:
        why = "It came after the deadline or the ending: it is kept, marked late, and changes no result."
    elif remark and remark.remark == Remark.LEFT_OUT:
        why = "A co-chair left it out."
    elif hasattr(position, "contest"):
        why = f"{whose} says that it is not its own, so it does not count."
    elif position.timing == Timing.RECORDED_AFTER and not remark:
        why = "It came in time but was recorded after the deadline: it does not count unless a co-chair says so."
    else:
        why = "It does not count any more."
    if counting is None:
        return f"{why} No reply of {whose} counts."
    return f"{why} Another reply of {whose} counts."

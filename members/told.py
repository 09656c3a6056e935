"""Who of the directory was told about a thing, as lines of a page of evidence: what each participant was sent, what is
known of it, and why its silence may be in doubt. Whatever the thing is: a draft, an invitation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from members.directory import Post
from members.enums import ROLE_NAMES, SPEAKS, Role
from members.models import Participant
from notifications.enums import WAY_NAMES, Way
from notifications.evidence import Message, Round, untold
from notifications.models import ToldOtherwise
from notifications.signs import Doubt, Signs, doubts, is_reached

VACANT, RETURNED, NOT_REACHED = ("e-vacant", "Vacant"), ("n-returned", "Returned"), ("r-unreached", "Not reached")


@dataclass(frozen=True, kw_only=True)
class ToldLine:
    """One participant: what it was sent, what is known of it. `is_silent`: an answer is asked of it, and none came.
    `thing`: what it was told of, in a word."""

    participant: Participant
    is_silent: bool
    signs: Signs
    messages: list[Message]
    posts: list[Post] = field(default_factory=list)
    thing: str = "draft"

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        return doubts(self.signs) if self.is_silent else ()

    @property
    def is_in_doubt(self) -> bool:
        return bool(self.doubts)

    @property
    def is_reached(self) -> bool:
        return is_reached(self.signs)

    @property
    def chip(self) -> tuple[str, str]:
        """The gravest doubt as a label."""
        if Doubt.VACANT in self.doubts:
            return VACANT
        if Doubt.RETURNED in self.doubts:
            return RETURNED
        arrived = [one for one in self.messages if one.has_arrived]
        return arrived[-1].chip if arrived else NOT_REACHED

    @property
    def why(self) -> list[str]:
        return [_why(doubt, self) for doubt in self.doubts]

    @property
    def last_sign(self) -> str:
        """What the last sign of life was."""
        signs, opened = self.signs, f"{self.thing} opened"
        words = {signs.arrived_at: "mail accepted", signs.opened_at: opened, signs.told_at: "told otherwise"}
        return words[signs.last_at] if signs.last_at else ""

    @property
    def task(self) -> Message | None:
        """The newest message that came back and that nobody has seen to."""
        return next((one for one in reversed(self.messages) if one.is_task), None)

    def to(self, message: Message) -> str:
        """Who reads there: the role, else an official address."""
        if message.user_id is None:
            return "Official address"
        return next((ROLE_NAMES[Role(one.role)] for one in self.posts if one.user_id == message.user_id), "Person")

    @property
    def shown(self) -> list[tuple[Message, str]]:
        return [(one, self.to(one)) for one in self.messages]


def _why(doubt: Doubt, line: ToldLine) -> str:
    if doubt is Doubt.VACANT:
        ended = [one.ends_at for one in line.posts if one.role in SPEAKS and one.ends_at]
        since = f" since {max(ended):%-d %B %Y}" if ended else ""
        return f"No focal point and no alternate in office{since}. Nobody can reply."
    if doubt is Doubt.RETURNED:
        answer = next((one.answer for one in reversed(line.messages) if one.is_returned and one.answer), "")
        return f"The newest message to one of its addresses came back{f': {answer}' if answer else ''}."
    taken = sum(one.has_arrived for one in line.messages)
    if not taken:
        return f"No message has arrived, and nobody has opened the {line.thing}."
    return f"A mail server took {taken} message{'' if taken == 1 else 's'}. Nobody has opened the {line.thing}."


def told_page(
    lines: Sequence[ToldLine], rounds: Sequence[Round], names: Mapping[str, str], *, show: str, outside: str
) -> dict[str, Any]:
    """What every page of evidence shows, whatever people were told of. `names`: of the filters "doubt", "silent" and
    "all"; `show` is one of them, anything else means what is in doubt, else all. `outside`: see `differences`."""
    silent = [one for one in lines if one.is_silent]
    in_doubt = [one for one in silent if one.is_in_doubt]
    by_show = {"doubt": in_doubt, "silent": silent, "all": lines}
    chosen = show if show in by_show else "doubt" if in_doubt else "all"
    return {
        "lines": by_show[chosen],
        "in_doubt": in_doubt,
        "informed": len(silent) - len(in_doubt),
        "rounds": rounds,
        "message_count": sum(len(one.messages) for one in rounds),
        "participants": len(lines),
        "differences": differences(lines, rounds, outside=outside),
        "untold": without_message(lines),
        "shows": [(key, f"{names[key]} ({len(found)})", key == chosen) for key, found in by_show.items()],
    }


def differences(lines: Sequence[ToldLine], rounds: Iterable[Round], *, outside: str) -> list[str]:
    """What does not agree with the record or the snapshot, by the name of the round. Empty: all does. `outside`: where
    a participant is that was told and stands on no line, as "not in this circulation"."""
    rounds = list(rounds)
    found = [one.difference for one in rounds if one.difference]
    more = sum(len(one.messages) for one in rounds) - sum(len(one.messages) for one in lines)
    if more:
        found.append(f"{more} messages went to participants that are {outside}.")
    return found


def without_message(lines: Sequence[ToldLine]) -> list[str]:
    """Names of the participants to which no message was written."""
    expected = {one.participant.code: str(one.participant) for one in lines}
    return untold((message for one in lines for message in one.messages), expected)


def told_rows(lines: Sequence[ToldLine], told: Iterable[ToldOtherwise]) -> list[dict[str, Any]]:
    """What was told otherwise, as the page prints it."""
    names = {one.participant.code: one.participant for one in lines}
    return [
        {
            "participant": names.get(one.participant_code, one.participant_code),
            "way": WAY_NAMES[Way(one.way)],
            "told_at": one.told_at,
            "note": one.note,
            "recorded_by": one.recorded_by,
            "recorded_at": one.recorded_at,
            "is_late": False,
        }
        for one in told
    ]

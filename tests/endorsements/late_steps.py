"""Deeds on replies that came late, by letter, or are contested, as the tests do them.

The deadline is brought to the database's clock, not the clock to the deadline.
"""

import uuid
from typing import Any

from decisions.models import Outcome
from endorsements import services
from endorsements.enums import PositionKind
from endorsements.models import ChairRemark, Circulation, Contest, Position, RegisterEntry
from members.clock import clock
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_closing import accept_all
from tests.factories.circulations import Stage

K = PositionKind
NOTE = "The co-chairs looked at the letter."


def over(circulation: Circulation, *, close: bool = True) -> Circulation:
    """The deadline comes now; everyone was reached."""
    accept_all()
    Circulation.objects.filter(pk=circulation.pk).update(expires_at=clock())
    if close:
        services.close_circulation(circulation.ref)
    circulation.refresh_from_db()
    return circulation


def contest(stage: Stage, position: Position, **changes: Any) -> Contest:
    wanted = {"reason": "No such letter left us.", "actor": stage.focal_point, "key": uuid.uuid4()} | changes
    return services.contest_position(position.circulation.ref, position.pk, **wanted)


def confirm(stage: Stage, circulation: Circulation, **changes: Any) -> Circulation:
    wanted = {"note": NOTE, "actor": stage.co_chair, "key": uuid.uuid4()} | changes
    return services.confirm_circulation(circulation.ref, **wanted)


def set_aside(stage: Stage, circulation: Circulation, **changes: Any) -> Circulation:
    wanted = {"note": NOTE, "actor": stage.co_chair, "key": uuid.uuid4()} | changes
    return services.set_aside(circulation.ref, **wanted)


def note(stage: Stage, position: Position, **changes: Any) -> ChairRemark:
    wanted = {"note": "", "actor": stage.co_chair, "key": uuid.uuid4()} | changes
    return services.take_note(position.circulation.ref, position.pk, **wanted)


def told(kind: Kind) -> set[str]:
    return set(Notice.objects.filter(kind=kind.value).values_list("address", flat=True))


def counts() -> tuple[int, ...]:
    models = (Position, Contest, ChairRemark, RegisterEntry, Notice, Outcome)
    return tuple(model._default_manager.count() for model in models)


def late_reply(stage: Stage, circulation: Circulation, kind: PositionKind = K.OBJECTION) -> Position:
    over(circulation, close=False)
    return stage.reply(circulation, kind)

"""A stage with an agenda to work on."""

import datetime as dt
import uuid
from typing import Any

from meetings import services
from meetings.agenda_enums import AgendaVerb, ItemKind, Move
from meetings.agenda_rules import Spot
from meetings.models import Agenda, AgendaItem
from meetings.services import ItemPlan
from members.models import User
from tests.factories.called import CalledStage

PLANNED = ItemPlan("Trends in the region", minutes=60, purpose="discussion", presenter="Aland")
NOTE = "Borland may ask for the floor."


class AgendaStage(CalledStage):
    """A meeting of two days in sixty days, with an agenda that the officer fills."""

    def adds(
        self,
        title: str = "",
        *,
        under: AgendaItem | None = None,
        day: int = 1,
        before: int | None = None,
        **values: Any,
    ) -> AgendaItem:
        plan = ItemPlan(title or PLANNED.title, **{"minutes": 60, **values})
        spot = Spot(under.pk if under else None, day, before)
        return services.add_item(self.meeting.slug, plan, spot, actor=self.officer, key=uuid.uuid4())

    def adds_break(self, title: str = "Lunch", **values: Any) -> AgendaItem:
        return self.adds(title, kind=ItemKind.BREAK, **values)

    def filled(self) -> list[AgendaItem]:
        """Opening, a break, trends with two sub-items and a note; on the second day the closing."""
        opening = self.adds("Opening", minutes=30)
        pause = self.adds_break("Coffee", minutes=15)
        trends = self.adds("Trends", minutes=None, restricted_note=NOTE, purpose="discussion")
        crime = self.adds("Crime", under=trends, minutes=20)
        labour = self.adds("Labour", under=trends, minutes=40)
        closing = self.adds("Closing", day=2, starts_at=dt.time(9, 30), minutes=10)
        return [opening, pause, trends, crime, labour, closing]

    @property
    def agenda(self) -> Agenda:
        return Agenda.objects.get(meeting=self.meeting)

    def changes(
        self, item: AgendaItem, plan: ItemPlan, *, version: int | None = None, by: User | None = None
    ) -> AgendaItem:
        return services.change_item(
            self.meeting.slug,
            item.pk,
            plan,
            version=item.version if version is None else version,
            actor=by or self.officer,
            key=uuid.uuid4(),
        )

    def moves(self, item: AgendaItem, to: Move | Spot, **values: Any) -> AgendaItem:
        return services.move_item(self.meeting.slug, item.pk, to, **self._deed(values))

    def removes(self, item: AgendaItem, **values: Any) -> None:
        services.remove_item(self.meeting.slug, item.pk, **self._deed(values))

    def publishes(self, **values: Any) -> Agenda:
        return services.publish_agenda(self.meeting.slug, **self._deed(values))

    def freezes(self, **values: Any) -> Agenda:
        return services.freeze_agenda(self.meeting.slug, **self._deed(values))

    def steps_back(self, verb: AgendaVerb, reason: str = "A co-chair asked for it.", **values: Any) -> Agenda:
        return services.step_agenda_back(self.meeting.slug, verb, reason=reason, **self._deed(values))

    def _deed(self, values: dict[str, Any]) -> dict[str, Any]:
        now = {} if "version" in values else {"version": self.agenda.version}
        return {"actor": self.officer, "key": uuid.uuid4(), **now, **values}

"""A stage with a meeting to call: the cast of the circulations, an observer to invite, a meeting in sixty days."""

import datetime as dt
import uuid
from functools import cached_property
from typing import Any

from meetings import services
from meetings.enums import DelegateRole
from meetings.models import Delegation, Meeting, MeetingInvitation
from meetings.services import Answer, InvitationPlan, Person
from members.clock import clock
from members.models import Participant, User
from tests.factories.circulations import Stage
from tests.factories.meetings import MeetingFactory, SeriesFactory

DAY = dt.timedelta(days=1)
HEAD = Person("Ms Zahead", DelegateRole.HEAD, "Director")
ADVISER = Person("Mr Zaadviser", DelegateRole.ADVISER)
COMES = Answer(True, (HEAD, ADVISER), "Mr Zaadviser needs a ramp.")
STAYS = Answer(False)


class CalledStage(Stage):
    """Five participants are invited; whom that tells, see `TOLD`."""

    @cached_property
    def meeting(self) -> Meeting:
        first = clock().date() + 60 * DAY
        made: Meeting = MeetingFactory(
            slug="called",
            title="Fifth Harbour Meeting",
            series=SeriesFactory(body=self.body),
            starts_on=first,
            ends_on=first + DAY,
            state="planned",
        )
        return made

    def invitation_plan(self, **values: Any) -> InvitationPlan:
        given = {"answer_by": clock() + 30 * DAY, "observers": [self.observer_state], **values}
        return InvitationPlan(**given)

    def prepared(self, **values: Any) -> MeetingInvitation:
        plan = self.invitation_plan(**values)
        return services.prepare_invitation(self.meeting.slug, plan, actor=self.officer, key=uuid.uuid4())

    def approval_asked(self, **values: Any) -> MeetingInvitation:
        self.prepared(**values)
        return services.ask_invitation_approval(self.meeting.slug, actor=self.officer, key=uuid.uuid4())

    def invited(self, **values: Any) -> Meeting:
        self.approval_asked(**values)
        found = services.approve_invitation(
            self.meeting.slug,
            co_chair=self.states[1],
            evidence="E-mail of the co-chair, 23 November 2026.",
            actor=self.manager,
            key=uuid.uuid4(),
        )
        self.meeting.refresh_from_db()
        return found

    def answers(
        self,
        answer: Answer = COMES,
        *,
        of: Participant | None = None,
        by: User | None = None,
        version: int = 0,
        key: uuid.UUID | None = None,
    ) -> Delegation:
        return services.answer_invitation(
            self.meeting.slug,
            answer,
            participant=of or self.states[0],
            version=version,
            actor=by or self.focal_point,
            key=key or uuid.uuid4(),
        )


TOLD = {
    "focal.aa@members.example",
    "alternate.aa@members.example",
    "reviewer.aa@members.example",
    "ministry@aa.example",
    "focal.bb@members.example",
    "focal.cc@members.example",
    "focal.org@members.example",
    "observer@members.example",
}
"""Everyone who is told of the invitation."""
MAY_ANSWER = {
    "focal.aa@members.example",
    "alternate.aa@members.example",
    "focal.bb@members.example",
    "focal.cc@members.example",
    "focal.org@members.example",
    "observer@members.example",
}
"""The observer delegate too: Osland has neither focal point nor alternate."""

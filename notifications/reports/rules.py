"""What a report means for a notice. No clock, no database, no mail."""

from notifications.enums import ARRIVED, NoticeState, ReportAction, ReportVerdict

Judgement = tuple[ReportVerdict, NoticeState | None]
"""What to make of the report, and the state that the notice gets; None: it keeps its state."""
NOTHING: Judgement = (ReportVerdict.NO_CHANGE, None)


def judge_report(action: ReportAction | None, state: NoticeState) -> Judgement:
    """A proven report about a message that was sent, on a notice in this state.

    A later return counts after a delivery: a mailbox may refuse what its server took. A delivery after a return does
    not: the return is what the secretariat has to act on. While the message waits to be sent again, or was given up,
    no report changes anything.
    """
    if state not in ARRIVED:
        return NOTHING
    if action is ReportAction.FAILED:
        return ReportVerdict.APPLIED, NoticeState.BOUNCED
    if action is ReportAction.DELIVERED and state is NoticeState.ACCEPTED:
        return ReportVerdict.APPLIED, NoticeState.DELIVERED
    if action is ReportAction.DELAYED and state is NoticeState.ACCEPTED:
        return ReportVerdict.APPLIED, None
    return NOTHING

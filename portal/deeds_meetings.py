"""What people do with meetings, for the table of who may."""

from datetime import UTC, datetime

from meetings import access as meetings
from meetings.agenda_enums import AgendaState, AgendaVerb
from meetings.enums import PUBLIC, MeetingState
from meetings.enums import Verb as MeetingVerb
from meetings.models import Agenda, Meeting, MeetingInvitation, Series
from members.access import Reader
from portal.accesstable import BODY, Deed, May, Section


def staff(reader: Reader, state: str) -> bool:
    return reader.is_staff


def reads_meeting(reader: Reader, state: str) -> bool:
    return reader.is_staff or MeetingState(state) in meetings.ANNOUNCED | PUBLIC


def _meeting(state: str) -> Meeting:
    return Meeting(state=state, series=Series(body=BODY))


def staff_may(*verbs: MeetingVerb) -> May:
    """The secretariat, in the states that permit one of the verbs."""
    return lambda reader, state: any(meetings.can(verb, reader, _meeting(state)) for verb in verbs)


def approves_invitation(reader: Reader, state: str) -> bool:
    """One drafted by another person than the reader, its approval asked for."""
    asked = MeetingInvitation(drafted_by_id=2, changed_by_id=2, asked_at=datetime(2026, 1, 5, tzinfo=UTC))
    return meetings.can_approve(reader, _meeting(state), asked)


def publishes_record(reader: Reader, state: str) -> bool:
    """One recorded by another person than the reader."""
    return meetings.can_publish_record(reader, Meeting(state=state, recorded_by_id=2))


def reads_invitation(reader: Reader, state: str) -> bool:
    return reads_meeting(reader, state) and (reader.is_staff or meetings.chairs(reader, _meeting(state)))


def reads_delegation(reader: Reader, state: str) -> bool:
    own = bool(reader.for_participants(*meetings.READ_BY))
    return reads_meeting(reader, state) and (reader.is_staff or own)


def reads_agenda(reader: Reader, state: str) -> bool:
    """A published one."""
    own = bool(reader.for_participants(*meetings.READ_BY))
    return reads_meeting(reader, state) and (reader.is_staff or meetings.chairs(reader, _meeting(state)) or own)


def reads_agenda_notes(reader: Reader, state: str) -> bool:
    return reads_meeting(reader, state) and (reader.is_staff or meetings.chairs(reader, _meeting(state)))


def agenda_may(verb: AgendaVerb, agenda_state: AgendaState) -> May:
    """The secretariat, while the meeting is neither over nor cancelled."""
    return lambda reader, state: meetings.can_agenda(verb, reader, _meeting(state), Agenda(state=agenda_state.value))


def answers_invitation(reader: Reader, state: str) -> bool:
    return meetings.takes_answers(_meeting(state)) and bool(reader.speaks_for)


MEETINGS = Section(
    "Meetings",
    (
        Deed(
            "See when and where",
            ("meetings:meeting-list", "meetings:meeting-detail", "meetings:meeting-calendar"),
            reads_meeting,
        ),
        Deed("See who came", (), lambda reader, state: meetings.reach(reader, Meeting(state=state)).attendance),
        Deed(
            "Read the table of attendance over the years",
            ("meetings:attendance-table",),
            lambda reader, state: reader.is_signed_in,
            also="It shows the meetings whose attendance the reader may know.",
        ),
        Deed(
            "Read the record",
            (),
            lambda reader, state: meetings.reach(reader, Meeting(state=state)).record,
            also="Of a meeting that is public in part the staff alone.",
        ),
        Deed("Plan a meeting, and the next one of a series", ("meetings:meeting-plan", "meetings:meeting-next"), staff),
        Deed("Record a past meeting from a source", ("meetings:meeting-record",), staff),
        Deed(
            "Publish the record of a meeting that was recorded from a source",
            ("meetings:meeting-publish",),
            publishes_record,
            also="Never the person who recorded it.",
        ),
        Deed("Change a meeting", ("meetings:meeting-change",), staff_may(MeetingVerb.CHANGE)),
        Deed("See the checklist of a meeting", ("meetings:meeting-checklist",), staff),
        Deed(
            "Add to the checklist, tick it, take a tick back",
            tuple(f"meetings:{one}" for one in ("checklist-take", "task-finish", "task-reopen", "task-drop")),
            staff_may(MeetingVerb.TICK),
        ),
        Deed(
            "Prepare the invitation and ask for its approval",
            ("meetings:invitation-prepare", "meetings:invitation-ask"),
            staff_may(MeetingVerb.PREPARE),
        ),
        Deed(
            "Read the invitation before it goes out",
            ("meetings:invitation-detail",),
            reads_invitation,
            also="Co-chairs once their approval is asked for.",
        ),
        Deed(
            "Approve the invitation, which sends it",
            ("meetings:invitation-approve",),
            approves_invitation,
            also="Never a person who drafted it, and only once approval was asked.",
        ),
        Deed(
            "Read a delegation with its names",
            ("meetings:delegation-own", "meetings:delegation-detail"),
            reads_delegation,
            also="People of a participant: their own, and only where it is invited or asked for a paper.",
        ),
        Deed(
            "Answer the invitation and register the delegation",
            ("meetings:delegation-answer",),
            answers_invitation,
            also="Until the meeting ends; asked again at the instant of recording. The observer delegate of an "
            "observer that has neither focal point nor alternate too.",
        ),
        Deed(
            "Save the copy of a nomination letter",
            ("meetings:delegation-letter",),
            reads_delegation,
            also="People of a participant: their own.",
        ),
        Deed(
            "Record an answer that came by letter or otherwise",
            ("meetings:delegation-record",),
            staff_may(MeetingVerb.REGISTER),
            also="The participant is told, and can change it.",
        ),
        Deed("Note that an original letter was seen, or none is needed", ("meetings:delegation-letter-note",), staff),
        Deed(
            "See who was told of the invitation, when and by which message",
            ("meetings:meeting-evidence", "meetings:meeting-evidence-file"),
            reads_invitation,
        ),
        Deed("See all answers", ("meetings:meeting-answers",), staff),
        Deed(
            "Read the list of participants, take it out, print badges and name plates",
            ("meetings:participant-list", "meetings:participant-list-file", "meetings:meeting-sheet"),
            staff,
        ),
        Deed(
            "Make the list of participants final, and take it back",
            ("meetings:participant-list-freeze", "meetings:participant-list-reopen"),
            lambda reader, state: meetings.can_freeze(reader, _meeting(state)),
        ),
        Deed(
            "Read the information for participants",
            ("meetings:information-detail", "meetings:information-file"),
            reads_delegation,
            also="People of a participant: where it is invited, once the invitation went out.",
        ),
        Deed(
            "Write the information for participants, take out notes verbales",
            ("meetings:information-change", "meetings:delegation-note", "meetings:delegate-visa"),
            staff,
        ),
        Deed("Ask for papers, and note what came", ("meetings:meeting-papers", "meetings:paper-receive"), staff),
        Deed(
            "Read the agenda",
            ("meetings:agenda-detail", "meetings:agenda-file"),
            reads_agenda,
            also="Participants: of its body and invited ones, once it is published, without the notes for the chairs.",
        ),
        Deed("Read the notes for the chairs", ("meetings:agenda-annotated",), reads_agenda_notes),
        Deed(
            "Work on the agenda",
            (
                "meetings:agenda-item-add",
                "meetings:agenda-item-change",
                "meetings:agenda-item-move",
                "meetings:agenda-item-remove",
                "meetings:agenda-hours",
            ),
            agenda_may(AgendaVerb.CHANGE, AgendaState.DRAFT),
            also="Of a frozen agenda only what came late, and times, presenters, notes and papers.",
        ),
        Deed(
            "Publish the agenda, and freeze it",
            ("meetings:agenda-publish", "meetings:agenda-freeze"),
            agenda_may(AgendaVerb.PUBLISH, AgendaState.DRAFT),
        ),
        Deed(
            "Take the agenda a step back, with a reason",
            ("meetings:agenda-thaw", "meetings:agenda-take-back"),
            agenda_may(AgendaVerb.THAW, AgendaState.FROZEN),
        ),
        Deed("Postpone a meeting", ("meetings:meeting-postpone",), staff_may(MeetingVerb.POSTPONE)),
        Deed("Cancel a meeting", ("meetings:meeting-cancel",), staff_may(MeetingVerb.CANCEL)),
        Deed("Open a meeting", ("meetings:meeting-open",), staff_may(MeetingVerb.OPEN)),
        Deed("Close a meeting", ("meetings:meeting-close",), staff_may(MeetingVerb.CLOSE)),
        Deed(
            "Take back the opening or the closing, with a reason",
            ("meetings:meeting-step-back",),
            staff_may(MeetingVerb.STEP_BACK),
        ),
        Deed(
            "Set the sessions",
            ("meetings:meeting-sessions", "meetings:session-change", "meetings:session-remove"),
            staff_may(MeetingVerb.SET_SESSIONS),
            also="The staff see the sessions always.",
        ),
        Deed(
            "Follow a meeting in session",
            ("meetings:meeting-run",),
            lambda reader, state: reads_meeting(reader, state) and meetings.follows(reader, _meeting(state)),
            also="Outcomes are noted by the staff.",
        ),
        Deed(
            "Take up items, be done with them, note outcomes",
            ("meetings:item-start", "meetings:item-finish"),
            staff_may(MeetingVerb.RUN),
        ),
        Deed(
            "Call the roll, and mark the bearer of a badge",
            ("meetings:roll-call", "meetings:roll-tick", "meetings:roll-live", "meetings:badge-detail"),
            staff_may(MeetingVerb.MARK),
            also="The staff see the roll call always.",
        ),
    ),
    tuple((state.value, state.value.replace("_", " ")) for state in MeetingState),
)

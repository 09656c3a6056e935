"""What those who speak for a participant leave to their successors: the note, and that the successor has read it."""

import datetime as dt
import uuid

from django.db import transaction

from audit.services import done, once, record_audit
from members.clock import clock
from members.models import Appointment, HandoverNote, Participant, User
from members.rules import NotAllowed
from members.services.holding import hold_speaker, is_in_office

LONGEST = 20_000
"""Characters of a note."""


class NoteIsStale(NotAllowed):
    """Somebody else saved the note in the meantime; `saved` holds what stands there now."""

    def __init__(self, saved: HandoverNote) -> None:
        super().__init__(f"{saved.written_by} changed the note while you wrote. Nothing is lost: both texts are here.")
        self.saved = saved


@transaction.atomic(durable=True)
def write_note(participant: Participant, *, text: str, version: int, actor: User, key: uuid.UUID) -> HandoverNote:
    """Write the handover note of `participant`; `version` is the one the writer began from, 0 for the first.

    Holds the actor's appointment, then locks the participant's row: of two who save at once the second is told.
    Effects: the note with the next version, one audit row without a word of it. Raises NotAllowed, with nothing
    changed: does not speak for the participant now, NoteIsStale when another text was saved since.
    """
    if once(key, actor=actor, action="handover_note.changed"):
        return HandoverNote.objects.select_related("written_by").get(participant=participant)
    _speaker(actor, participant, "Your note was not saved.")
    _lock_note_of(participant)
    note = HandoverNote.objects.filter(participant=participant).select_related("written_by").first()
    if (note.version if note else 0) != version:
        # With a version of a note that is not there, the form was tampered with: the writer begins anew.
        raise NoteIsStale(note) if note else NotAllowed("This page is out of date. Load it again.")
    if note is None:
        note = HandoverNote(participant=participant, version=0)
    note.text, note.version, note.written_by = text, version + 1, actor
    note.save()
    record_audit(
        "handover_note.changed",
        actor=actor,
        kind="participant",
        ref=participant.code,
        detail={"version": note.version},
    )
    done(key, actor=actor, action="handover_note.changed", result_ref=str(note.version))
    return note


def _lock_note_of(participant: Participant) -> None:
    """The row of the participant stands for the note, which may not be there yet."""
    Participant.objects.select_for_update(no_key=True).only("pk").get(pk=participant.pk)


@transaction.atomic(durable=True)
def confirm_handover(participant: Participant, *, actor: User, key: uuid.UUID) -> None:
    """The successor has read what the predecessor left: home no longer leads there. One audit row.

    Raises NotAllowed when the actor does not speak for the participant now.
    """
    if once(key, actor=actor, action="handover.read"):
        return
    now = _speaker(actor, participant, "Nothing was recorded.")
    unread = Appointment.objects.filter(user=actor, participant=participant, welcomed_at__isnull=True).speaking()
    unread.in_office(now).update(welcomed_at=now)
    record_audit("handover.read", actor=actor, kind="participant", ref=participant.code)
    done(key, actor=actor, action="handover.read", result_ref=participant.code)


def _speaker(actor: User, participant: Participant, consequence: str) -> dt.datetime:
    """Hold the actor's appointment and answer the database's time. NotAllowed unless it is in office."""
    appointment = hold_speaker(actor, participant)
    now = clock()
    if appointment is None:
        raise NotAllowed(f"You do not speak for {participant}. {consequence}")
    if not is_in_office(appointment, now):
        raise NotAllowed(f"Your appointment for {participant} has ended. {consequence}")
    return now

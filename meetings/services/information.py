"""The note for those who come to a meeting: venue, hotel, contact, dress, visas."""

import uuid
from dataclasses import asdict, dataclass

from django.db import transaction

from audit.services import done, once, record_audit
from meetings.enums import SUBJECT
from meetings.models import InformationNote
from meetings.services.steps import lock_meeting
from members.clock import clock
from members.models import User
from members.rules import NotAllowed
from members.services.holding import require_staff

CHANGED = "information.changed"


@dataclass(frozen=True)
class Information:
    """Paragraphs, with a blank line between them."""

    venue: str = ""
    hotel: str = ""
    contact: str = ""
    dress: str = ""
    visas: str = ""


@transaction.atomic(durable=True)
def change_information(
    slug: str, information: Information, *, version: int, actor: User, key: uuid.UUID
) -> InformationNote:
    """Write the note or change it. `version`: of the note that the form began from; 0: there was none. One audit row.
    Raises NotAllowed: changed meanwhile, the officer's post ended."""
    if once(key, actor=actor, action=CHANGED):
        return InformationNote.objects.get(meeting__slug=slug)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    note = InformationNote.objects.filter(meeting=meeting).first()
    if (note.version if note else 0) != version:
        raise NotAllowed("Somebody changed the note while you wrote. Open it in another window, and compare.")
    note = note or InformationNote(meeting=meeting, version=0)
    for name, text in asdict(information).items():
        setattr(note, name, text.strip())
    note.version, note.changed_by, note.changed_at = version + 1, actor, now
    note.save()
    detail = {"version": note.version}
    record_audit(CHANGED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=CHANGED, result_ref=str(note.pk))
    return note

"""The handover note: its page to write it. It is read on the participant's page and on the successor's first page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from members import access
from members.access import Reader
from members.forms import HandoverNoteForm
from members.models import HandoverNote
from members.rules import NotAllowed
from members.services import write_note
from members.services.handover import NoteIsStale


@sensitive_variables()
@sensitive_post_parameters("text")
@require_http_methods(["GET", "POST"])
def handover_note_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the note. Saved by another meanwhile: both texts are shown, and the next save is made knowing both."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    participant = access.participant_of_own_people(reader, slug)
    actor = access.user_who_speaks(reader, participant)
    note = access.handover_note_of(reader, participant)
    form = HandoverNoteForm(request.POST) if request.method == "POST" else _blank(note)
    saved = None
    if form.is_bound and form.is_valid():
        try:
            write_note(participant, actor=actor, **form.cleaned_data)
        except NoteIsStale as stale:
            saved, form = stale.saved, _with_both(form, stale)
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The handover note is saved.")
            return redirect(f"{participant.get_absolute_url()}#hand")
    context = {
        "participant": participant,
        "form": form,
        "note": note,
        "saved": saved,
        "sender": reader.label_for(participant),
    }
    return render(request, "members/handover_note_change.html", context)


def _blank(note: HandoverNote | None) -> HandoverNoteForm:
    return HandoverNoteForm(initial={"text": note.text if note else "", "version": note.version if note else 0})


def _with_both(form: HandoverNoteForm, stale: NoteIsStale) -> HandoverNoteForm:
    """The form again with what was typed, now from the version that stands: what is saved next replaces it."""
    again = HandoverNoteForm({**dict(form.data.items()), "version": str(stale.saved.version)})
    again.is_valid()
    again.add_error("text", stale.message)
    return again

"""The note for those who come, and the notes verbales that the secretariat takes out as Word documents."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from audit.files import to_save
from audit.services import record_access
from documents.gate import MEDIA_TYPES, WORD
from documents.printing import pdf
from meetings import access, services
from meetings.called import head
from meetings.files.information import SECTIONS, information_file
from meetings.files.notes import KINDS, note_verbale, visa_note
from meetings.forms import InformationForm
from members.access import forum, forum_and_clock
from members.rules import NotAllowed


@require_safe
def information_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Venue, hotel, contact, dress, visas; for everyone invited."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, note = access.get_information(reader, slug)
    context = head(meeting, access.sent_invitation_of(meeting), reader, *forum_and_clock())
    sections = [(title, getattr(note, name)) for name, title in SECTIONS.items() if getattr(note, name)]
    return render(request, "meetings/information_detail.html", {**context, "note": note, "sections": sections})


@require_safe
def information_file_view(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as PDF."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, note = access.get_information(reader, slug)
    made = pdf("record", information_file(meeting, note, forum()))
    return to_save(made, "application/pdf", f"information-{slug}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def information_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the note, or change it."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    note = access.information_of(meeting)
    initial = {name: getattr(note, name) for name in (*SECTIONS, "version")} if note else {"version": 0}
    form = InformationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.change_information(
                slug, form.information(), version=data["version"], actor=access.user_of(reader), key=data["key"]
            )
            messages.success(request, "Saved. Everyone invited reads it here.")
            return redirect("meetings:information-detail", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    context = head(meeting, access.invitation_of(reader, meeting), reader, *forum_and_clock())
    return render(request, "meetings/information_change.html", {**context, "form": form, "note": note})


@sensitive_variables()
@require_safe
def delegation_note(request: HttpRequest, slug: str, code: str, kind: str) -> HttpResponse:
    """A note verbale to one participant, inviting or confirming, as a Word document. Logged."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    own, invitation = access.get_own(reader, meeting, code), access.invitation_of(reader, meeting)
    if kind not in KINDS or own.delegation is None or invitation is None:
        raise Http404
    made = note_verbale(kind, own.delegation, meeting, invitation, *forum_and_clock())
    record_access(access.user_of(reader), kind="note-verbale", ref=f"{slug}/{code}/{kind}")
    return to_save(made, MEDIA_TYPES[WORD], f"note-verbale-{kind}-{code}.docx")


@sensitive_variables()
@require_safe
def delegate_visa(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """A note in support of the visa of one person, as a Word document. Logged."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    person = access.get_delegate(reader, meeting, code, pk)
    if not access.can_support_visa(meeting):
        raise Http404
    record_access(access.user_of(reader), kind="visa-note", ref=f"{slug}/{code}/{person.position}")
    return to_save(
        visa_note(person, meeting, *forum_and_clock()), MEDIA_TYPES[WORD], f"visa-support-{code}-{person.position}.docx"
    )

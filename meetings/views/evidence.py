"""Evidence of notice of a meeting: the page and its PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.files import to_save
from audit.services import record_access
from documents.printing import pdf
from meetings import access
from meetings.evidence import evidence, evidence_file
from members.access import forum_and_clock


@require_safe
def meeting_evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was told of the invitation, when and by which message; what is in doubt first."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.get_evidence(reader, slug)
    invitation = access.sent_invitation_of(meeting)
    context = evidence(meeting, invitation, reader, *forum_and_clock(), show=request.GET.get("show", ""))
    return render(request, "meetings/meeting_evidence.html", context)


@require_safe
def meeting_evidence_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as PDF, with every message, for the file. Logged."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.get_evidence(reader, slug)
    made = pdf("record", evidence_file(meeting, access.sent_invitation_of(meeting), reader, *forum_and_clock()))
    record_access(access.user_of(reader), kind="evidence", ref=f"meeting/{meeting.slug}")
    return to_save(made, "application/pdf", f"evidence-{slug}.pdf")

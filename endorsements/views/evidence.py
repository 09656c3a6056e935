"""Evidence of notice: the page, and the record that a participant was told by another way than e-mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from audit.files import to_save
from audit.services import record_access
from documents.printing import pdf
from endorsements import access, services
from endorsements.contexts.common import head
from endorsements.contexts.evidence import evidence
from endorsements.contexts.evidence_file import evidence_file
from endorsements.rules import NotAllowed
from endorsements.services import Telling
from endorsements.views.circulations import add_refusal
from members.access import forum_and_clock
from members.forms.returned import NoticeTellForm


@require_safe
def circulation_evidence(request: HttpRequest, ref: str) -> HttpResponse:
    """Who was told, when and by which message; what is silent and in doubt first."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_evidence(reader, ref)
    context = evidence(circulation, reader, *forum_and_clock(), show=request.GET.get("show", ""))
    return render(request, "endorsements/circulation_evidence.html", context)


@require_safe
def circulation_evidence_file(request: HttpRequest, ref: str) -> HttpResponse:
    """The same as PDF, with every message, for the file. Logged."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_evidence(reader, ref)
    made = pdf("record", evidence_file(circulation, reader, *forum_and_clock()))
    record_access(access.user_of(reader), kind="evidence", ref=circulation.ref)
    return to_save(made, "application/pdf", f"evidence-{ref}.pdf")


@require_http_methods(["GET", "POST"])
def circulation_tell(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    """Record how a participant was told otherwise."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_evidence(reader, ref)
    access.require(
        access.can_tell(reader, circulation), "The secretariat records this, until the circulation has ended."
    )
    participant = access.participant_to_tell(circulation, code)
    form = NoticeTellForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        deed = form.deed()
        telling = Telling(deed["way"], deed["told_at"], deed["note"])
        try:
            services.tell_otherwise(
                ref, telling, participant=participant, actor=access.user_of(reader), key=deed["key"]
            )
            messages.success(request, f"Recorded: {participant} was told.")
            return redirect("endorsements:circulation-evidence", ref)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    context = {**head(circulation, reader, *forum_and_clock()), "form": form, "participant": participant}
    return render(request, "endorsements/circulation_tell.html", context)

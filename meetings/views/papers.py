"""Papers that participants are asked for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from meetings import access, services
from meetings.answers import papers_page
from meetings.enums import Verb
from meetings.forms import PaperForm
from meetings.models import Meeting
from members.access import forum_and_clock
from members.forms.directory import DeedForm
from members.rules import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_papers(request: HttpRequest, slug: str) -> HttpResponse:
    """What was asked and what came; ask for another."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    form = PaperForm(
        request.POST if request.method == "POST" else None, participants=access.participants_to_ask(reader, meeting)
    )
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask_paper(slug, form.paper(), actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, f"{asked.participant} is asked for the paper, and told.")
            return redirect("meetings:meeting-papers", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _page(request, meeting, form)


def _page(request: HttpRequest, meeting: Meeting, form: PaperForm, receive: DeedForm | None = None) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    context = {
        **papers_page(meeting, access.invitation_of(reader, meeting), reader, *forum_and_clock()),
        "form": form if access.can(Verb.ASK_PAPER, reader, meeting) or form.is_bound else None,
        "receive": receive or DeedForm(),
        "can_receive": access.can(Verb.RECEIVE_PAPER, reader, meeting),
    }
    return render(request, "meetings/meeting_papers.html", context)


@require_POST
def paper_receive(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Note that a paper came."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    paper, form = access.get_paper(reader, meeting, pk), DeedForm(request.POST)
    if form.is_valid():
        try:
            services.receive_paper(slug, paper.pk, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "Noted: the paper came.")
            return redirect("meetings:meeting-papers", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    empty = PaperForm(participants=access.participants_to_ask(reader, meeting))
    return _page(request, meeting, empty, form)

"""Pages of the directory's deeds, for the secretariat: admissions step by step, a new name, a merger."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import access
from members.access import Reader
from members.admissions import lists_of, road_of
from members.directory import get_participant
from members.forms import (
    AdmissionDropForm,
    AdmissionProposeForm,
    AdmissionStepForm,
    ParticipantMergeForm,
    ParticipantRenameForm,
)
from members.models import Admission
from members.rules import NotAllowed
from members.services import (
    drop_admission,
    merge_participants,
    propose_admission,
    record_admission_step,
    rename_participant,
)
from members.views.decisive import decisive


def _reader(request: HttpRequest) -> Reader:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


@require_safe
def admission_list(request: HttpRequest) -> HttpResponse:
    """Admissions under way, and those that ended."""
    reader = _reader(request)
    context = lists_of(access.admissions_visible_to(reader))
    return render(request, "members/admission_list.html", {**context, "can_propose": reader.is_staff})


@require_http_methods(["GET", "POST"])
@decisive
def admission_propose(request: HttpRequest) -> HttpResponse:
    """A State or organisation applies, or is proposed."""
    reader = _reader(request)
    actor = access.user_who_changes(reader)
    first = {"participant": request.GET.get("participant") or None}
    form = AdmissionProposeForm(
        request.POST or None,
        initial=first,
        participants=access.participants_to_choose(reader),
        bodies=access.bodies_to_join(reader),
    )
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("on", "source", "key")}
        try:
            admission = propose_admission(form.who(), actor=actor, **form.aim_of(), **data)
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"The admission of {admission.participant} is open.")
            return redirect("members:admission-detail", admission.pk)
    return render(request, "members/admission_propose.html", {"form": form})


@require_safe
def admission_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The road of one admission, and the form of its next step."""
    return _admission_page(request, access.get_admission(_reader(request), pk))


def _admission_page(
    request: HttpRequest,
    admission: Admission,
    step: AdmissionStepForm | None = None,
    drop: AdmissionDropForm | None = None,
) -> HttpResponse:
    failed = next((form for form in (step, drop) if form is not None), None)
    context: dict[str, Any] = {"admission": admission, "failed": failed, **road_of(admission)}
    if context["next"] and _reader(request).is_staff:
        context["step"] = step or AdmissionStepForm(prefix="step")
        context["drop"] = drop or AdmissionDropForm(prefix="drop")
    return render(request, "members/admission_detail.html", context)


@require_POST
@decisive
def admission_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the next step; with the last one the standing begins."""
    reader = _reader(request)
    actor = access.user_who_changes(reader)
    admission = access.get_admission(reader, pk)
    form = AdmissionStepForm(request.POST, prefix="step")
    if form.is_valid():
        try:
            admission = record_admission_step(admission.pk, actor=actor, **form.cleaned_data)
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The step is recorded.")
            return redirect("members:admission-detail", admission.pk)
    return _admission_page(request, admission, step=form)


@require_POST
@decisive
def admission_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """End an admission that goes no further."""
    reader = _reader(request)
    actor = access.user_who_changes(reader)
    admission = access.get_admission(reader, pk)
    form = AdmissionDropForm(request.POST, prefix="drop")
    if form.is_valid():
        try:
            drop_admission(admission.pk, actor=actor, **form.cleaned_data)
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The admission is closed. Its steps stay on record.")
            return redirect("members:admission-detail", admission.pk)
    return _admission_page(request, admission, drop=form)


@require_http_methods(["GET", "POST"])
@decisive
def participant_rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a participant a new name; records of the time before keep the old one."""
    actor = access.user_who_changes(_reader(request))
    participant = get_participant(slug)
    now = {"short_name": participant.short_name, "formal_name": participant.formal_name}
    form = ParticipantRenameForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            renamed = rename_participant(participant.pk, actor=actor, **form.cleaned_data)
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{participant} is called {renamed} from now on.")
            return redirect(renamed)
    return render(request, "members/participant_rename.html", {"form": form, "participant": participant})


@require_http_methods(["GET", "POST"])
@decisive
def participant_merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Another participant stands in the place of this one."""
    reader = _reader(request)
    actor = access.user_who_changes(reader)
    participant = get_participant(slug)
    others = access.participants_to_choose(reader).exclude(pk=participant.pk)
    form = ParticipantMergeForm(request.POST or None, others=others)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("on", "source", "key")}
        try:
            merge_participants(participant.pk, into_id=form.cleaned_data["into"].pk, actor=actor, **data)
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{form.cleaned_data['into']} stands in the place of {participant}.")
            return redirect(participant)
    return render(request, "members/participant_merge.html", {"form": form, "participant": participant})

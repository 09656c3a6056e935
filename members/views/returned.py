"""Pages of the deeds on mail that did not arrive, for the secretariat."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from members import access
from members.access import Reader
from members.forms.returned import NoticeReaddressForm, NoticeResendForm, NoticeTellForm
from members.models import User
from members.rules import NotAllowed
from members.services.returned import (
    Readdressed,
    change_notice_address,
    owner_of,
    tell_otherwise,
    try_notice_again,
)
from members.views.decisive import decisive
from notifications.access import get_task
from notifications.models import Notice

LIST = "notifications:not-arrived"


def _task(request: HttpRequest, pk: int) -> tuple[User, Notice]:
    """The officer, and the returned notice; 404 for others, and for a notice that is no task."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return access.user_who_changes(reader), get_task(reader, pk)


@require_http_methods(["GET", "POST"])
def notice_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the same address again."""
    actor, notice = _task(request, pk)
    form = NoticeResendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            try_notice_again(notice.pk, actor=actor, **form.cleaned_data)
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"The message to {notice.address} is sent again.")
            return redirect(LIST)
    return render(request, "members/notice_resend.html", {"form": form, "notice": notice})


@require_http_methods(["GET", "POST"])
@decisive
def notice_readdress(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the address in the directory or in the account, and send there what did not arrive."""
    actor, notice = _task(request, pk)
    owner = owner_of(notice)
    form = NoticeReaddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = change_notice_address(notice.pk, actor=actor, **form.cleaned_data)
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, _said(form.cleaned_data["address"], found))
            return redirect(LIST)
    context: dict[str, Any] = {"form": form, "notice": notice, "owner": owner, "is_person": isinstance(owner, User)}
    return render(request, "members/notice_readdress.html", context)


def _said(address: str, found: Readdressed) -> str:
    if not found.sent:
        return f"The address is now {address}. No message goes there again."
    return f"The address is now {address}. {found.sent} message{'s' if found.sent > 1 else ''} on the way there."


@require_http_methods(["GET", "POST"])
def notice_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that it was told by another way."""
    actor, notice = _task(request, pk)
    form = NoticeTellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tell_otherwise(notice.pk, actor=actor, **form.deed())
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, "It is recorded as told.")
            return redirect(LIST)
    return render(request, "members/notice_tell.html", {"form": form, "notice": notice})

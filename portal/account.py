"""Pages of a person's own account: what is kept of oneself, the file of it, the end of the account."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from audit.files import to_save
from audit.services import record_access
from endorsements.services.posts import has_open_circulation
from members.access import Reader, user_of
from members.forms.profile import DeleteForm, ProfileForm
from members.posts import words_of
from members.rules import NotAllowed
from members.secondstep import steps_of
from members.services import change_profile, delete_account
from members.views.decisive import decisive
from portal.accountdata import data_of


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name, time zone and language; the ways to all else of the account."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    user = user_of(reader)
    own = {"name": user.name, "time_zone": user.time_zone, "language": user.language}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=own)
    if request.method == "POST" and form.is_valid():
        change_profile(user.pk, **form.cleaned_data)
        messages.success(request, "Your account is changed.")
        return redirect("account")
    posts = [words_of(one) for one in reader.appointments]
    context = {"form": form, "steps": steps_of(user), "posts": posts, "person": user}
    return render(request, "account/account.html", context)


@require_POST
@decisive
def account_data(request: HttpRequest) -> HttpResponse:
    """All that the portal holds about the person, as a file. One row in the access log."""
    user = user_of(request.reader)  # type: ignore[attr-defined]
    text = json.dumps(data_of(user), indent=1, ensure_ascii=False)
    record_access(user, kind="account-data", ref=str(user.pk))
    return to_save(text, "application/json; charset=utf-8", "my-data.json")


@require_http_methods(["GET", "HEAD", "POST"])
@decisive
def account_delete(request: HttpRequest) -> HttpResponse:
    """End the account: what stays, what goes, and a box to tick."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    user = user_of(reader)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            delete_account(user.pk, is_busy=has_open_circulation)
        except NotAllowed as refused:
            form.add_error(None, refused.message)
        else:
            logout(request)
            messages.success(request, "Your account is deleted, and you are signed out.")
            return redirect("public-home")
    posts = [words_of(one) for one in reader.appointments]
    return render(request, "account/delete.html", {"form": form, "posts": posts})

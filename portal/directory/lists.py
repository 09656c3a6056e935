"""The list of participants by standing, on any day."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings.views import shared
from members.directory import counts, today


@login_not_required
@require_safe
def participant_list(request: HttpRequest) -> HttpResponse:
    return shared(request, render(request, "directory/participant_list.html", {"counts": counts(today())}))

"""The page of one participant, as far as the reader may see it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings.views import shared
from members.directory import get_participant


@login_not_required
@require_safe
def participant_detail(request: HttpRequest, slug: str) -> HttpResponse:
    context = {"participant": get_participant(slug)}
    return shared(request, render(request, "directory/participant_detail.html", context))

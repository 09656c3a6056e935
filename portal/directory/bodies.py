"""The list of bodies, and the page of one."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings.views import shared
from members.directory import all_bodies, get_body


@login_not_required
@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    return shared(request, render(request, "directory/body_list.html", {"bodies": all_bodies()}))


@login_not_required
@require_safe
def body_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return shared(request, render(request, "directory/body_detail.html", {"body": get_body(slug)}))

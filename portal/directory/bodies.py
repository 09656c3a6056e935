"""The list of bodies, and the page of one."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings.views.public import shared
from members.access import Reader, forum
from members.directory import get_body
from members.models import Forum
from portal.directory.body_page import body_page
from portal.directory.body_tree import body_tree


def local_day(home: Forum) -> dt.date:
    """The forum's day at this moment."""
    return timezone.localdate(timezone=ZoneInfo(home.time_zone))


@login_not_required
@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    home = forum()
    context = {"forum": home, **body_tree(local_day(home))}
    return shared(request, render(request, "directory/body_list.html", context))


@login_not_required
@require_safe
def body_detail(request: HttpRequest, slug: str) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    home = forum()
    context = {"forum": home, **body_page(get_body(slug), reader, home, local_day(home))}
    return shared(request, render(request, "directory/body_detail.html", context))

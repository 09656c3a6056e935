"""Home pages, the theme, the health page, the error pages."""

import logging
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from endorsements.access import staff_only
from meetings.views.public import shared
from members.acting import SESSION_KEY
from members.services import choose_theme
from notifications.health import status
from portal.accesstable import shown
from portal.deeds import SECTIONS
from portal.handover import first_to_show, unread_by
from portal.homes import delegate_home, desk
from portal.public import public_home_context

log = logging.getLogger(__name__)


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The desk for staff, "what needs you" for who acts for a participant or chairs, else the public home. Who follows
    somebody as focal point or alternate is led to what was handed over first."""
    reader = request.reader  # type: ignore[attr-defined]
    unread = unread_by(reader)
    if successor_of := first_to_show(request, unread):
        return redirect("handover-detail", successor_of.slug)
    acting = reader.acting
    if acting.is_staff:
        return render(request, "portal/desk.html", desk(acting))
    if acting.participants or acting.is_co_chair:
        return render(request, "portal/delegate_home.html", {**delegate_home(acting), "unread": unread})
    return public_home(request)


@login_not_required
@require_safe
def public_home(request: HttpRequest) -> HttpResponse:
    """What anyone finds first; caches may keep it for a minute."""
    return shared(request, render(request, "portal/public_home.html", public_home_context()))


@require_POST
def theme_choose(request: HttpRequest) -> HttpResponse:
    """Keep the light or dark display with the account, and go back to the page the button was on."""
    choose_theme(request.user, request.POST.get("theme", ""))  # type: ignore[arg-type]
    return _back(request)


@require_POST
def acting_choose(request: HttpRequest) -> HttpResponse:
    """Keep in the session for which of the own posts a person acts; anything else stands for all of them."""
    reader = request.reader  # type: ignore[attr-defined]
    wanted = request.POST.get("choice", "")
    request.session[SESSION_KEY] = wanted if wanted in {one.key for one in reader.choices} else ""
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the button was on, if it is one of ours."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "home")


@require_safe
def access_table(request: HttpRequest) -> HttpResponse:
    """Who may do what, and when; for staff."""
    staff_only(request.reader)  # type: ignore[attr-defined]
    return render(request, "portal/access_table.html", {"sections": shown(SECTIONS)})


@login_not_required
@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Database, Redis, last scheduler tick, oldest due notice as JSON; 503 when one of them is red."""
    health = status()
    code = HTTPStatus.OK if health.is_ok else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(health.as_json(), status=code)


@login_not_required
def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: seen, but not allowed. The exception's own sentence says why."""
    sentence = str(exception) or "Your account may not do this."
    log.warning("account %s was refused %s", request.user.pk, request.path)
    return render(request, "403.html", {"sentence": sentence, "who_reads": ""}, status=HTTPStatus.FORBIDDEN)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not for this reader; which of the two is not said, nor who would read it."""
    return render(request, "404.html", {"who_reads": ""}, status=HTTPStatus.NOT_FOUND)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the database, which may be what failed."""
    return render(None, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)

"""The outbox, for staff."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from notifications import access, health
from notifications.filters import NoticeFilter

PAGE = 50


def outbox(request: HttpRequest) -> HttpResponse:
    """Notices, newest first, with what the drainer and the scheduler last did."""
    notices = NoticeFilter(request.GET, access.visible_to(request.reader))  # type: ignore[attr-defined]
    page = Paginator(notices.qs, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filter": notices,
        "page": page,
        "query": query.urlencode(),
        "health": health.status(),
        "paused": health.paused(),
        "is_kept": settings.EMAIL_KEPT_BY_PORTAL,
    }
    return render(request, "notifications/outbox.html", context)


def notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as it was or will be sent."""
    notice = access.get_notice(request.reader, pk)  # type: ignore[attr-defined]
    context = {
        "notice": notice,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "base_url": settings.BASE_URL,
        "is_kept": settings.EMAIL_KEPT_BY_PORTAL,
    }
    return render(request, "notifications/notice_detail.html", context)

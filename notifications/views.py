"""The outbox, for staff."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from notifications import access, health, queries
from notifications.filters import NoticeFilter
from notifications.framing import as_html, fragment
from notifications.keyset import page_of
from notifications.models import Notice
from notifications.services.handling import belongs_to_register

COLUMNS = ("subject", "address", "participant_code", "queued_at", "due_at", "accepted_at", "state", "answer")
"""What a line of the list shows."""


def outbox(request: HttpRequest) -> HttpResponse:
    """Notices, newest first, with what the drainer and the scheduler last did."""
    found = NoticeFilter(request.GET, access.visible_to(request.reader))  # type: ignore[attr-defined]
    status = health.status()
    rows = found.qs.only(*COLUMNS)  # the filters say by then whether an index finds the rows
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.form.fields),
        "page": page_of(rows, request.GET, is_indexed=found.is_indexed),
        "health": status,
        "paused": health.paused(),
        "oldest": queries.oldest_due() if status.oldest_due_seconds is not None else None,
        "throughput": queries.throughput(timezone.now()),
        "not_arrived": queries.number_of_tasks(),
        "is_kept": settings.EMAIL_KEPT_BY_PORTAL,
    }
    return render(request, "notifications/outbox.html", context)


@require_safe
def not_arrived(request: HttpRequest) -> HttpResponse:
    """Messages that did not arrive and wait for somebody, newest first."""
    tasks = access.tasks_visible_to(request.reader)  # type: ignore[attr-defined]
    context = {
        "page": page_of(tasks, request.GET, is_indexed=True),
        "number": queries.number_of_tasks(),
        "is_kept": settings.EMAIL_KEPT_BY_PORTAL,
    }
    return render(request, "notifications/not_arrived.html", context)


@require_safe
def text_list(request: HttpRequest) -> HttpResponse:
    """Every kind of notice in its variants, each with its subject."""
    texts = access.texts_visible_to(request.reader)  # type: ignore[attr-defined]
    rows = [{"text": one, "subject": one.letter().subject} for one in texts]
    return render(request, "notifications/text_list.html", {"rows": rows})


@require_safe
def text_detail(request: HttpRequest, variant: str) -> HttpResponse:
    """One variant with invented data, as plain text and as HTML."""
    text = access.get_text(request.reader, variant)  # type: ignore[attr-defined]
    letter = text.letter()
    context = {
        "text": text,
        "letter": letter,
        "html": fragment(letter.subject, letter.body, heading="h3"),
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return render(request, "notifications/text_detail.html", context)


@require_safe
def text_mail(request: HttpRequest, variant: str) -> HttpResponse:
    """The HTML of a variant as a page of its own. Its style is linked: a page of the portal holds none inside."""
    text = access.get_text(request.reader, variant)  # type: ignore[attr-defined]
    letter = text.letter()
    head = format_html('<link rel="stylesheet" href="{}">', static("css/mail.css"))
    return HttpResponse(as_html(letter.subject, letter.body, head))


def notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as it was or will be sent, what was done about it, and what can be done."""
    notice = access.get_notice(request.reader, pk)  # type: ignore[attr-defined]
    context = {
        "notice": notice,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "base_url": settings.BASE_URL,
        "is_kept": settings.EMAIL_KEPT_BY_PORTAL,
        "history": queries.history_of(notice),
        "acts": _acts(notice),
    }
    return render(request, "notifications/notice_detail.html", context)


def _acts(notice: Notice) -> list[dict[str, Any]]:
    """What the secretariat can do about a message that did not arrive; nothing about any other."""
    if not notice.is_task:
        return []
    again, address = (reverse(f"returned:notice-{deed}", args=[notice.pk]) for deed in ("resend", "readdress"))
    told = notice.told_otherwise_at if belongs_to_register(notice) else ""
    told = told or reverse("returned:notice-tell", args=[notice.pk])
    return [
        {"url": address, "label": "Change the address", "is_first": True},
        *([] if notice.is_secret else [{"url": again, "label": "Try again"}]),
        {"url": told, "label": "Told by phone"},
    ]

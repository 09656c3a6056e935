"""One's own notices, how one is told, and the link that stops digests."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import inbox
from notifications.enums import CHOOSABLE, INBOX_ALONE, KIND_NAMES, NOT_IN_INBOX, Kind
from notifications.forms import PreferencesForm, ReadAllForm
from notifications.keyset import page_of
from notifications.services import preferences
from notifications.services.reading import mark_read
from notifications.unsubscribe import user_of


@require_GET
def inbox_list(request: HttpRequest) -> HttpResponse:
    """What needs an answer, then what informs, newest first. Reading it changes nothing."""
    reader, now = request.reader.acting, timezone.now()  # type: ignore[attr-defined]
    asked, page = inbox.asks(reader), page_of(inbox.informs(reader), request.GET, is_indexed=True)
    context = {
        "asks": [(one, one.answer_by - now if one.answer_by else None) for one in asked],
        "page": page,
        "unread": inbox.unread(reader),
        "most": inbox.MOST_UNREAD,
        "own_zone": reader.zone,
        "newest": max((one.pk for one in (*asked, *page.rows)), default=0),
    }
    return render(request, "notifications/inbox.html", context)


@require_GET
def inbox_item(request: HttpRequest, pk: int) -> HttpResponse:
    """The text as it was mailed."""
    reader = request.reader  # type: ignore[attr-defined]
    return render(request, "notifications/inbox_item.html", {"notice": inbox.get_item(reader, pk)})


@require_POST
def inbox_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about; to its text when it is about no page."""
    reader = request.reader  # type: ignore[attr-defined]
    notice = inbox.get_item(reader, pk)
    mark_read(inbox.mine(reader).filter(pk=pk))
    return redirect(notice.path or reverse("inbox:item", args=[pk]))


@require_POST
def inbox_read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what is in the list of the reader, or of the post chosen to act in, up to the newest one that the
    page showed. What came since stays new."""
    form = ReadAllForm(request.POST)
    if form.is_valid():
        shown = inbox.mine(request.reader.acting).filter(pk__lte=form.cleaned_data["newest"])  # type: ignore[attr-defined]
        mark_read(shown)
        messages.success(request, "What this page listed is marked as read.")
    else:
        messages.error(request, "Nothing was marked as read: the page was not complete. Here it is anew.")
    return redirect("inbox:list")


@require_http_methods(["GET", "POST"])
def preferences_change(request: HttpRequest) -> HttpResponse:
    """How the person is told of what is no duty."""
    user = request.reader.user  # type: ignore[attr-defined]
    initial = PreferencesForm.initial_of(preferences.cadences_of(user.pk))
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        preferences.change_preferences(user, form.chosen(), key=form.cleaned_data["key"])
        messages.success(request, "Your choice is saved.")
        return redirect("inbox:preferences")
    no_duty = CHOOSABLE | NOT_IN_INBOX | INBOX_ALONE | {Kind.REGISTER_HEAD}
    duties = [name for kind, name in KIND_NAMES.items() if kind not in no_duty]
    context = {"form": form, "fields": [form[name] for name in initial], "duties": sorted(set(duties))}
    return render(request, "notifications/preferences.html", context)


@csrf_exempt
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def digest_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop digests by the link of a digest, without signing in. GET shows a button; POST alone does it (RFC 8058), and
    mail programs send it without any cookie: so it asks for no token of a form. Of POSTs only so many
    in a minute, of one link and from one address."""
    user_id = user_of(token)
    if too_often := ratelimit.consume_or_429(request, action="digest_stop", key=token):
        return too_often
    if user_id is None:
        raise Http404
    if request.method == "POST":
        preferences.stop_digests(user_id)
    context = {"is_done": request.method == "POST", "base_url": settings.BASE_URL}
    return render(request, "notifications/digest_stop.html", context)

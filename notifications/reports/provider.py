"""Reports of a mail provider, posted to the portal. django-anymail checks who posts and reads what is posted.

Without MAIL_PROVIDER the address does not exist. Providers are taken whose reports carry our Message-ID.
"""

import json
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, path

from notifications.enums import ReportAction
from notifications.reports.addresses import spellings
from notifications.reports.applying import apply_report, key_of
from notifications.reports.reading import MESSAGE_ID, STATUS, About, Report, plain

PROVIDERS = {"mailgun": MailgunTrackingWebhookView, "brevo": BrevoTrackingWebhookView}
ACTIONS = {
    EventType.BOUNCED: ReportAction.FAILED,
    EventType.REJECTED: ReportAction.FAILED,
    EventType.FAILED: ReportAction.FAILED,
    EventType.DEFERRED: ReportAction.DELAYED,
    EventType.DELIVERED: ReportAction.DELIVERED,
}
"""All else a provider may tell (a mail was opened, a link clicked) is not taken: the portal does not watch people."""


def provider_urls() -> list[URLPattern]:
    """The address for the provider's posts, or none. Raises ImproperlyConfigured: unknown provider, no secret."""
    if not settings.MAIL_PROVIDER:
        return []
    view = PROVIDERS.get(settings.MAIL_PROVIDER)
    if view is None:
        raise ImproperlyConfigured(f"MAIL_PROVIDER is one of {', '.join(PROVIDERS)}, or empty.")
    if not all(settings.ANYMAIL.values()):
        raise ImproperlyConfigured("MAIL_PROVIDER needs MAIL_PROVIDER_SECRET, and mailgun MAIL_PROVIDER_KEY besides.")
    tracking.connect(take_event, dispatch_uid="delivery reports")
    return [path("outbox/provider/", view.as_view(), name="mail-provider")]


def take_event(sender: type, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Receiver of anymail's signal, after it has checked secret and signature."""
    action = ACTIONS.get(event.event_type)
    if action is None:
        return
    words = plain(event.mta_response or event.description)
    status = STATUS.search(words)
    about = About(action, status[0] if status else "", words[:300], spellings(plain(event.recipient)))
    report = Report(tuple(MESSAGE_ID.findall(plain(event.message_id))[:1]), about=(about,), is_signed=True)
    told = event.event_id or json.dumps(event.esp_event, sort_keys=True, default=str)
    apply_report(report, source=esp_name, key=key_of(esp_name.encode(), action.value.encode(), told.encode()))

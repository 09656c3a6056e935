"""The portal's addresses where a mail provider posts its reports."""

from notifications.reports.provider import provider_urls
from portal.urls import urlpatterns as of_portal

urlpatterns = [*provider_urls(), *of_portal]
handler403, handler404, handler500 = "portal.views.refused", "portal.views.not_found", "portal.views.server_error"

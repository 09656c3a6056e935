"""Addresses of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from notifications.reports.provider import provider_urls
from portal import account, handover, views

urlpatterns = [
    path("", views.home, name="home"),
    path("forum/", views.public_home, name="public-home"),
    path("acting/", views.acting_choose, name="acting-choose"),
    path("theme/", views.theme_choose, name="theme-choose"),
    path("handover/<slug:slug>/", handover.handover_detail, name="handover-detail"),
    path("handover/<slug:slug>/read/", handover.handover_confirm, name="handover-confirm"),
    path("access/", views.access_table, name="access-table"),
    path("healthz", views.healthz, name="healthz"),
    path("meetings/", include("meetings.urls")),
    path("documents/", include("documents.urls")),
    *provider_urls(),
    path("outbox/", include("notifications.urls")),
    path("", include("notifications.urls_inbox")),
    path("outbox/", include("members.returned_urls")),
    path("", include("members.deed_urls")),
    path("", include("members.people_urls")),
    path("", include("portal.directory.urls")),
    path("", include("endorsements.urls")),
    path("accounts/", account.account, name="account"),
    path("accounts/data/", account.account_data, name="account-data"),
    path("accounts/delete/", account.account_delete, name="account-delete"),
    path("accounts/", include("members.urls")),
    path(
        "admin/login/",
        login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True)),
    ),
    path("admin/", admin.site.urls),
]
handler403 = "portal.views.refused"
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"

"""The site of Django admin: the forum's name, apps in the order an admin looks for them, the system's state."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path

from members.access import forum

ORDER = ["members", "meetings", "decisions", "documents", "endorsements", "workgroups", "notifications", "audit"]
"""First what is edited, last what is only looked up. Other apps follow by name."""
FIRST = {
    "members": ["Forum", "Participant", "Body", "User", "Appointment"],
    "meetings": ["Series", "Meeting"],
    "decisions": ["Verb", "Outcome"],
    "endorsements": ["Procedure", "Circulation", "Position", "RegisterEntry"],
    "audit": ["LogEntry", "AuditEntry", "AccessEntry"],
}
"""Of each app the models one looks for; the others follow by name."""


class PortalAdminSite(AdminSite):
    index_title = "Administration"
    index_template = "admin/portal_index.html"
    site_url = "/"
    empty_value_display = "–"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        name = forum().short_name
        return {
            **super().each_context(request),
            "site_header": f"{name}: administration",
            "site_title": f"{name}: administration",
        }

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("system/", self.admin_view(self.system_view), name="system"), *super().get_urls()]

    def system_view(self, request: HttpRequest) -> HttpResponse:
        """What waits, what runs, which versions, how much room is left; for superusers."""
        from portal import system

        if not request.user.is_superuser:
            raise PermissionDenied
        context = {**self.each_context(request), "title": "State of the system", "groups": list(system.groups())}
        return TemplateResponse(request, "admin/system.html", context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The history, which a library keeps, stands with the other logs; models as FIRST says, then by name."""
        apps = {app["app_label"]: app for app in super().get_app_list(request, None)}
        kept = apps.pop("auditlog", None)
        for model in kept["models"] if kept else []:
            model["name"] = "History of reference data"
        if kept and "audit" in apps:
            apps["audit"]["models"] += kept["models"]
        elif kept:
            apps["auditlog"] = kept
        for label, app in apps.items():
            first = FIRST.get(label, [])
            app["models"].sort(key=lambda one: _place(first, one["object_name"], one["name"]))
        found = sorted(apps.values(), key=lambda app: _place(ORDER, app["app_label"], app["name"]))
        if app_label:
            return [app for app in found if app["app_label"] in {app_label, {"auditlog": "audit"}.get(app_label)}]
        return found


def _place(order: list[str], key: str, name: str) -> tuple[int, str]:
    return (order.index(key) if key in order else len(order), str(name).lower())

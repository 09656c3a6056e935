"""The site of Django admin: the forum's name, apps in the order an admin looks for them, the system's state."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from members.access import forum


class PortalAdminSite(AdminSite):
    index_title = "Administration"
    site_url = "/"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        name = forum().short_name
        return {
            **super().each_context(request),
            "site_header": f"{name}: administration",
            "site_title": f"{name}: administration",
        }

"""Django admin as this project installs it; apart from `portal.apps`, which may hold one default alone."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Django admin with the portal's own site: its name, its order of apps, the page of the system's state."""

    default_site = "portal.administration.PortalAdminSite"

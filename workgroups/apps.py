"""Work plans and the progress of the working groups."""

from django.apps import AppConfig


class WorkgroupsConfig(AppConfig):
    name = "workgroups"
    verbose_name = "Working groups"

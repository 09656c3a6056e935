"""Filters of lists that stay short however many rows there are."""

from typing import Any

from django.contrib.admin import RelatedFieldListFilter
from django.http import HttpRequest

MOST_CHOICES = 60


class FewRelated(RelatedFieldListFilter):
    """A filter by a related row that is left out when there are more than 60: then the search finds them."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        ordering = self.field_admin_ordering(field, request, model_admin)
        rows = field.related_model._default_manager.order_by(*ordering or field.related_model._meta.ordering)
        return [(row.pk, str(row)) for row in rows[: MOST_CHOICES + 1]]

    def has_output(self) -> bool:
        return len(self.lookup_choices) <= MOST_CHOICES and bool(super().has_output())

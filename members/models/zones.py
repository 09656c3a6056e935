"""Time zones by their IANA names: what is none is refused where it is typed, and stops nothing that runs."""

import zoneinfo
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def validate_zone(value: str) -> None:
    """Raises ValidationError with a sentence for the field when the value is the name of no zone."""
    if value not in _known():
        raise ValidationError(
            "“%(value)s” is not a time zone; write its IANA name, as Asia/Colombo.", "zone", {"value": value}
        )


class ZoneField(models.CharField):
    """The IANA name of a time zone.

    A name in the table that is none (written past the forms, or by a release with other zones) is read as empty: then
    the forum's zone counts, as it does for who has none. `is_home`: the forum's own, which nothing stands in for; an
    hour of another zone under the name of its city would be worse than an error. In migrations a plain CharField.
    """

    default_validators = [validate_zone]

    def __init__(self, *args: Any, is_home: bool = False, **kwargs: Any) -> None:
        self.is_home = is_home
        super().__init__(*args, **{"max_length": 64, **kwargs})

    def from_db_value(self, value: str | None, *of_query: Any) -> str | None:
        return value if self.is_home or not value or value in _known() else ""

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

"""What one value of the forum's files may be. A reader takes the text and gives the value, or refuses in a sentence."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from members.models import validate_zone

Reader = Callable[[str], Any]


class Refused(ValueError):
    """The value is not what the field takes; the message is a whole sentence."""


@dataclass(frozen=True)
class Field:
    """One key of a row: a single value, a list of values (`many`), or a list of rows (`rows`)."""

    read: Reader = str
    required: bool = False
    default: Any = ""
    many: bool = False
    rows: "dict[str, Field] | None" = None

    @property
    def empty(self) -> Any:
        return [] if self.many or self.rows is not None else self.default


def text(longest: int | None = None) -> Reader:
    def read(value: str) -> str:
        value = " ".join(value.split())
        if longest and len(value) > longest:
            raise Refused(f"This text has {len(value)} characters; at most {longest} fit.")
        return value

    return read


def column(model: type[models.Model], name: str) -> Reader:
    """Text as long as the model's column allows."""
    return text(model._meta.get_field(name).max_length)  # type: ignore[union-attr]


def slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) or len(value) > 60:
        raise Refused(f"“{value}” is not a slug; use small letters, digits and single hyphens, at most 60.")
    return value


def code(value: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9-]{1,19}", value):
        raise Refused(f"“{value}” is not a code; use capital letters, as in LK or UNODC.")
    return value


def email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise Refused(f"“{value}” is not an e-mail address.") from None
    return value.lower()


def one_of(choices: Collection[str]) -> Reader:
    def read(value: str) -> str:
        if value not in choices:
            raise Refused(f"“{value}” is not one of: {', '.join(sorted(choices))}.")
        return value

    return read


def yes_or_no(value: str) -> bool:
    if value.lower() not in ("yes", "no", "true", "false"):
        raise Refused(f"“{value}” is neither yes nor no.")
    return value.lower() in ("yes", "true")


def whole(least: int, most: int) -> Reader:
    def read(value: str) -> int:
        if not re.fullmatch(r"\d{1,6}", value) or not least <= int(value) <= most:
            raise Refused(f"“{value}” is not a whole number from {least} to {most}.")
        return int(value)

    return read


def degrees(most: int) -> Reader:
    def read(value: str) -> Decimal:
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > most:
            raise Refused(f"“{value}” is not a number of degrees from -{most} to {most}.")
        return round(number, 4)

    return read


def time(value: str) -> dt.time:
    try:
        return dt.datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 (an hour of the day, in the forum's zone)
    except ValueError:
        raise Refused(f"“{value}” is not a time; write it as 17:00.") from None


def zone(value: str) -> str:
    try:
        validate_zone(value)
    except ValidationError as error:
        raise Refused(error.messages[0]) from None
    return value


def day(value: str) -> dt.date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return dt.date.fromisoformat(value)
    except ValueError:
        raise Refused(f"“{value}” is not a day of the calendar; write it as 2019-07-23.") from None


def first_day(value: str) -> dt.date:
    """A day; a year alone is its first."""
    return day(f"{value}-01-01" if re.fullmatch(r"\d{4}", value) else value)


def last_day(value: str) -> dt.date:
    """A day; a year alone is its last."""
    return day(f"{value}-12-{calendar.monthrange(2000, 12)[1]}" if re.fullmatch(r"\d{4}", value) else value)

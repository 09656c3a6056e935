"""What every dated fact of the directory has."""

import datetime as dt

from django.db.models import Q

from members.enums import Mark

MARKS = [(mark.value, mark.value) for mark in Mark]


def dated(on: dt.date, prefix: str = "") -> Q:
    """Rows whose from_on/to_on take in a day; an unknown end (null) counts as always."""
    starts = Q(**{f"{prefix}from_on__isnull": True}) | Q(**{f"{prefix}from_on__lte": on})
    ends = Q(**{f"{prefix}to_on__isnull": True}) | Q(**{f"{prefix}to_on__gte": on})
    return starts & ends

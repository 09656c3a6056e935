"""Parts of the list of participants that are long to render and rarely change, kept for the same input.

A part is made of nothing but its arguments, so what is kept can never be out of date.
"""

from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from meetings.queries import counted
from portal.places import Located, places_plot


class Entry(NamedTuple):
    """The words of one participant in the list, under the heading of its standing."""

    heading: str
    url: str
    code: str
    name: str
    note: str
    said: str
    unsure: str
    chip: tuple[str, str] | None = None
    """For the secretariat: can it be reached?"""
    remark: str = ""


@lru_cache(maxsize=64)
def groups(entries: tuple[Entry, ...]) -> SafeString:
    """The entries under their headings, in the order in which they come."""
    found = []
    for number, (heading, own) in enumerate(groupby(entries, key=lambda one: one.heading), 1):
        rows = [entry[1:] for entry in own]
        found.append({"id": f"g{number}", "heading": heading, "number": len(rows), "rows": rows})
    return render_to_string("directory/_groups.html", {"groups": found})


@lru_cache(maxsize=64)
def places(located: tuple[Located, ...], missing: int) -> SafeString | str:
    """The plot of participants with its caption; empty when no place is known. `missing`: how many have no place."""
    plot = places_plot(located)
    if plot is None:
        return ""
    said = "Each point stands at the city by which a participant’s time is named; no coast or border is drawn."
    unknown = f" For {counted(missing, 'participant')} no place is on record." if missing else ""
    return render_to_string("directory/_places.html", {"plot": plot, "caption": said + unknown})

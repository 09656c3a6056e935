"""Steps that write outcomes; meetings and circulations call them inside their own deeds."""

import datetime as dt

from decisions.enums import Standing, Weight
from decisions.models import Outcome, Verb
from documents.models import Document
from members.models import Body


def record_outcome(
    *,
    ref: str,
    actor: str,
    verb: str,
    heading: str,
    text: str,
    source_kind: str,
    source_title: str,
    source_on: dt.date,
    source_path: str,
    body: Body | None = None,
    document: Document | None = None,
    number: str = "",
    is_public: bool = False,
    is_sample: bool = False,
) -> Outcome:
    """Write one outcome of an endorsement. Inside a transaction.

    A verb that the forum's list does not hold is added as one that decides, since only an ending that does comes here.
    """
    found, _ = Verb.objects.get_or_create(word=verb, defaults={"heading": heading, "weight": Weight.DECIDES.value})
    return Outcome.objects.create(
        ref=ref,
        actor=actor,
        verb=found,
        text=text,
        body=body,
        document=document,
        number=number,
        source_kind=source_kind,
        source_title=source_title[:250],
        source_on=source_on,
        source_path=source_path,
        is_public=is_public,
        is_sample=is_sample,
    )


def review_outcome(outcome: Outcome, standing: Standing) -> Outcome:
    """Say whether an outcome stands, is under review or was set aside. Inside a transaction; the deed records why."""
    outcome.standing = standing.value
    outcome.save(update_fields=["standing"])
    return outcome


def next_number(series: str, year: int) -> str:
    """Next number of a series in a year, as "BP/INT/2026/3". Inside a transaction that holds the series' lock."""
    prefix = f"{series}/{year}/"
    taken = Outcome.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    last = max((int(number.removeprefix(prefix)) for number in taken), default=0)
    return f"{prefix}{last + 1}"

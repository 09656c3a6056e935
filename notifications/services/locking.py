"""The one order in which deeds lock rows of the outbox: that of their keys. Two deeds that lock so cannot end in a
deadlock; the drainer waits for nobody while it holds rows (`notifications.results`)."""

from django.db.models import QuerySet

from notifications.models import KeptMail, Notice


def lock_in_order(rows: QuerySet[Notice] | QuerySet[KeptMail]) -> list[int]:
    """Lock the rows to the end of the transaction, the oldest first; their keys. One that a deed before this one has
    changed meanwhile, so that it does not fit any more, is left out."""
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))

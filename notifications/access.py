"""The one door to the outbox: staff of the secretariat see it, for all others it does not exist."""

from typing import Protocol

from django.db.models import QuerySet
from django.http import Http404

from notifications.models import Notice
from notifications.services.handling import tasks
from notifications.texts import Sample, sample, samples


class Reader(Protocol):
    """What this leaf asks of who reads (members.access.Reader)."""

    @property
    def is_staff(self) -> bool: ...


def visible_to(reader: Reader) -> QuerySet[Notice]:
    """Notices without their text. 404 for who is not staff."""
    if not reader.is_staff:
        raise Http404
    return Notice.objects.defer("body")


def get_notice(reader: Reader, pk: int) -> Notice:
    """One notice, without the text when that carries a link that opens an account."""
    found = visible_to(reader).filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.is_secret:
        found.body = ""
    return found


def get_task(reader: Reader, pk: int) -> Notice:
    """A returned notice that nobody has seen to, without its text; 404 for any other."""
    found = tasks_visible_to(reader).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def tasks_visible_to(reader: Reader) -> QuerySet[Notice]:
    """What did not arrive and waits for somebody of the secretariat. 404 for who is not staff."""
    visible_to(reader)
    return tasks().defer("body")


def texts_visible_to(reader: Reader) -> list[Sample]:
    """Every kind of notice in its variants, with invented data. 404 for who is not staff."""
    visible_to(reader)
    return list(samples())


def get_text(reader: Reader, variant: str) -> Sample:
    """One variant; 404 when there is none of this name."""
    visible_to(reader)
    found = sample(variant)
    if found is None:
        raise Http404
    return found

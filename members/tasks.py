"""Wake-up calls; the database knows what is due."""

from celery import shared_task

from members.services import warn_ending_terms as warn

STALE_SECONDS = 3000
"""A wake-up call that waited longer is dropped: beat has nearly sent the next."""


@shared_task(expires=STALE_SECONDS)
def warn_ending_terms() -> None:
    """Tell whose term ends within 30 days. Beat sends it every hour; late or twice it does no harm."""
    warn()

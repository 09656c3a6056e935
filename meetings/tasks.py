"""Wake-up calls; the database knows what is due."""

from celery import shared_task

from meetings import services

STALE_SECONDS = 30
STALE_HOUR = 3000
"""A wake-up call that waited longer is dropped: beat has long sent the next."""


@shared_task(expires=STALE_SECONDS)
def remind_of_meetings() -> None:
    """Remind of invitations and papers that are due. Beat sends it every 30 seconds; late or twice it does no harm."""
    services.remind_due()


@shared_task(expires=STALE_HOUR)
def remove_names() -> None:
    """Remove names of people some days after a meeting. Beat sends it every hour; late or twice it does no harm."""
    services.remove_names_due()

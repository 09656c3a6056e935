"""Wake-up calls; the database knows what is due."""

from celery import shared_task

from members import services
from members.services import digests

STALE_SECONDS = 3000
"""A wake-up call that waited longer is dropped: beat has nearly sent the next."""


@shared_task(expires=STALE_SECONDS)
def warn_ending_terms() -> None:
    """Tell whose term ends within 30 days. Beat sends it every hour; late or twice it does no harm."""
    services.warn_ending_terms()


@shared_task(expires=STALE_SECONDS)
def send_digests() -> None:
    """Write the digests that are due. Beat sends it every ten minutes; late or twice it does no harm."""
    digests.send_digests()


@shared_task(expires=30)
def run_batches() -> None:
    """Send the invitations of files that were let go. Beat sends it every five seconds; twice does no harm."""
    services.run_batches()

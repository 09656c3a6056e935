"""Wake-up calls; the database knows what is due."""

from celery import shared_task

from endorsements import services
from endorsements.services import posts, publishing

STALE_SECONDS = 30
"""A wake-up call that waited longer is dropped: beat has long sent the next."""


@shared_task(expires=STALE_SECONDS)
def close_due_circulations() -> None:
    """Close what is due. Beat sends it every two seconds; late or twice it does no harm."""
    services.close_due_circulations()


@shared_task(expires=STALE_SECONDS)
def remind_due_circulations() -> None:
    """Remind those who have not replied and are due. Beat sends it every 30 seconds; late or twice it does no harm."""
    services.remind_due()


@shared_task(expires=STALE_SECONDS)
def tell_open_requests() -> None:
    """Tell the officers of requests for more time that are open a day before the deadline. Beat sends it every minute;
    late or twice it does no harm."""
    services.tell_open_requests()


@shared_task(expires=3000)
def confirm_or_lapse_posts() -> None:
    """Ask for the yearly confirmation of posts. Beat sends it every hour; late or twice it does no harm."""
    posts.confirm_or_lapse_posts()


@shared_task(expires=300)
def publish_head() -> None:
    """Publish the head of the register for the day that ended. Beat sends it every ten minutes; twice does no harm."""
    publishing.publish_head()

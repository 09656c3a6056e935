"""Wake-up calls; the database knows what is due."""

from celery import shared_task

from endorsements import services


@shared_task
def close_due_circulations() -> None:
    """Close what is due. Beat sends it every two seconds; late or twice it does no harm."""
    services.close_due_circulations()

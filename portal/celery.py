"""Celery: the wake-up call. The rows in the database are the truth; every task may run late, twice or not at all."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "close-due-circulations": {"task": "endorsements.tasks.close_due_circulations", "schedule": 2.0},
    "remind-due": {"task": "endorsements.tasks.remind_due_circulations", "schedule": 30.0},
    "tell-open-requests": {"task": "endorsements.tasks.tell_open_requests", "schedule": 60.0},
    "remind-of-meetings": {"task": "meetings.tasks.remind_of_meetings", "schedule": 30.0},
    "remove-names": {"task": "meetings.tasks.remove_names", "schedule": 3600.0},
    "drain-notices": {"task": "notifications.tasks.drain_notices", "schedule": 5.0},
    "warn-ending-terms": {"task": "members.tasks.warn_ending_terms", "schedule": 3600.0},
    "confirm-or-lapse-posts": {"task": "endorsements.tasks.confirm_or_lapse_posts", "schedule": 3600.0},
    "publish-head": {"task": "endorsements.tasks.publish_head", "schedule": 600.0},
    "send-digests": {"task": "members.tasks.send_digests", "schedule": 600.0},
    "run-batches": {"task": "members.tasks.run_batches", "schedule": 5.0},
    "read-reports": {"task": "notifications.tasks.read_reports", "schedule": 60.0},
    "purge-kept-mail": {"task": "notifications.tasks.purge_kept_mail", "schedule": 3600.0},
    "tick": {"task": "notifications.tasks.record_tick", "schedule": 10.0},
}

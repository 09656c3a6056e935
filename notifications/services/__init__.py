"""What other apps may do with notices. `notify` is the one door: its rows are written in the deed's transaction."""

from notifications.services.forgetting import forget_addressee
from notifications.services.settling import postpone, settle
from notifications.services.telling import Addressee, notify

__all__ = ["Addressee", "forget_addressee", "notify", "postpone", "settle"]

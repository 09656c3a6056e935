"""The directory in Django admin: reference data can be edited, what has a state or is a record can only be read."""

from members.admin import bodies, invitations, participants, people

__all__ = ["bodies", "invitations", "participants", "people"]

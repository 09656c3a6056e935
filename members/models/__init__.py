"""The directory: participants, standing, bodies, admissions, users, appointments."""

from members.models.admissions import Admission, AdmissionStage, AdmissionStep
from members.models.bodies import Body, BodyChair, BodyMembership
from members.models.dates import MARKS, dated
from members.models.invitations import HandoverNote, Invitation, InvitationBatch
from members.models.participants import Alias, FormerName, Forum, Merger, OfficialAddress, Participant, Standing
from members.models.people import Appointment, AppointmentQuerySet, User, UserManager
from members.models.zones import ZoneField, validate_zone

__all__ = [
    "MARKS",
    "Admission",
    "AdmissionStage",
    "AdmissionStep",
    "Alias",
    "Appointment",
    "AppointmentQuerySet",
    "Body",
    "BodyChair",
    "BodyMembership",
    "FormerName",
    "Forum",
    "HandoverNote",
    "Invitation",
    "InvitationBatch",
    "Merger",
    "OfficialAddress",
    "Participant",
    "Standing",
    "User",
    "UserManager",
    "ZoneField",
    "dated",
    "validate_zone",
]

"""Circulations with their terms and positions, what is said of a position later, and the register."""

from endorsements.models.circulations import (
    BY_MODE,
    TERMS,
    Circulation,
    ClockRequest,
    Corrigendum,
    Eligible,
    Extension,
    Position,
    Procedure,
    TermsFields,
    usual_reminders,
)
from endorsements.models.register import PublishedHead, RegisterActor, RegisterEntry
from endorsements.models.said import ChairRemark, Contest

__all__ = [
    "BY_MODE",
    "TERMS",
    "ChairRemark",
    "Circulation",
    "ClockRequest",
    "Contest",
    "Corrigendum",
    "Eligible",
    "Extension",
    "Position",
    "Procedure",
    "PublishedHead",
    "RegisterActor",
    "RegisterEntry",
    "TermsFields",
    "usual_reminders",
]

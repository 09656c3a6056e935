"""Weights of the verbs of outcomes."""

from enum import StrEnum


class Weight(StrEnum):
    DECIDES = "decides"
    ASKS = "asks"
    NOTES = "notes"


class Standing(StrEnum):
    """Does an outcome of a circulation stand? Its number stays its own whatever becomes of it."""

    STANDS = ""
    UNDER_REVIEW = "under_review"
    SET_ASIDE = "set_aside"


STANDING_NAMES = {Standing.UNDER_REVIEW: "Under review by the co-chair", Standing.SET_ASIDE: "Set aside"}

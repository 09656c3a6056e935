"""Weights of the verbs of outcomes."""

from enum import StrEnum


class Weight(StrEnum):
    DECIDES = "decides"
    ASKS = "asks"
    NOTES = "notes"

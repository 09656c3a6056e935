"""The redline: what changed between two texts of a document, in one form that page, Word document and notices read.

Pure functions over plain values. `redline` compares; the other functions read its answer.
"""

from documents.redline.changes import (
    Change,
    Departure,
    How,
    Passage,
    accepted,
    by_paragraph,
    counts,
    follow,
    laid_out,
    redline,
    rejected,
)
from documents.redline.tokens import Run, RunKind

__all__ = [
    "Change",
    "Departure",
    "How",
    "Passage",
    "Run",
    "RunKind",
    "accepted",
    "by_paragraph",
    "counts",
    "follow",
    "laid_out",
    "redline",
    "rejected",
]

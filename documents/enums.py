"""Words of documents."""

from enum import StrEnum


class DocumentKind(StrEnum):
    STATEMENT = "statement"
    DECLARATION = "declaration"
    STRATEGY = "strategy"
    POLICY_GUIDE = "policy_guide"
    WORK_PLAN = "work_plan"
    REPORT = "report"
    AGENDA = "agenda"
    PAPER = "paper"
    CIRCULAR = "circular"


class Audience(StrEnum):
    BODY = "body"
    MEMBERS = "members"
    MEMBERS_AND_OBSERVERS = "members_and_observers"
    PUBLIC = "public"


class DocumentState(StrEnum):
    """Life of a document; each step is made by a deed."""

    DRAFTING = "drafting"
    CIRCULATED = "circulated"
    ENDORSED = "endorsed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class ParagraphKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"

"""Factories of documents and procedures, and a stage: a forum with a body, its people and a draft to circulate."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import factory
from django.conf import settings
from factory.django import DjangoModelFactory

from documents import files
from documents.enums import ParagraphKind
from documents.models import Document, Paragraph, Version
from documents.paragraphs import text_sha256
from endorsements import services
from endorsements.enums import Means, PositionKind
from endorsements.models import Circulation, Position, Procedure
from endorsements.services import Plan, Reply, Source
from members.clock import clock
from members.enums import Kind, Role, StandingKind
from members.models import Body, Participant, User
from tests.factories.directory import (
    AppointmentFactory,
    BodyFactory,
    ForumFactory,
    ParticipantFactory,
    StandingFactory,
    UserFactory,
)

SENTENCE = (
    "A member that does not object by the deadline is recorded as having no objection. If no member objects, the draft "
    "is endorsed."
)


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    symbol = factory.Sequence(lambda n: f"HF/2026/{n}")
    title = factory.LazyAttribute(lambda one: f"Guide {one.symbol}")
    kind = "policy_guide"
    body = factory.SubFactory(BodyFactory)


class VersionFactory(DjangoModelFactory):
    class Meta:
        model = Version

    document = factory.SubFactory(DocumentFactory)
    number = 1
    file_name = "guide.txt"
    media_type = "text/plain"

    @classmethod
    def _create(cls, model_class: type[Version], *args: object, **kwargs: Any) -> Version:
        """With its file in the store and its paragraphs, both under their real hashes."""
        count = kwargs.pop("paragraphs", 3)
        texts = [(None, "", "Purpose")] if count else []
        texts += [(n, "", f"Paragraph {n} of the guide says what States do.") for n in range(1, count + 1)]
        content = "\n\n".join(text for _, _, text in texts).encode()
        with files.staged([content], most=settings.UPLOAD_MAX_BYTES) as staged:
            files.keep(staged)
        hashes = {"file_sha256": staged.sha256, "file_size": staged.size, "text_sha256": text_sha256(texts)}
        version: Version = super()._create(model_class, *args, **{**hashes, **kwargs})
        Paragraph.objects.bulk_create(
            Paragraph(
                version=version,
                position=position,
                kind=(ParagraphKind.PARAGRAPH if number else ParagraphKind.HEADING).value,
                number=number,
                text=text,
            )
            for position, (number, _, text) in enumerate(texts, 1)
        )
        return version


class ProcedureFactory(DjangoModelFactory):
    class Meta:
        model = Procedure

    slug = factory.Sequence(lambda n: f"procedure-{n}")
    name = factory.LazyAttribute(lambda one: f"Silence procedure {one.slug}")
    mode = "silence"
    min_seconds = 1
    sentence = SENTENCE


@dataclass
class Stage:
    """A forum with one body of three member States and one organisation, a co-chair, staff, and a draft.

    The cast has fixed standing: `officer`, `manager`, `co_chair`, `focal_point` (of AA), `alternate`, `reviewer`,
    `other` (focal point of BB), `third` (of CC), `observer`, `stranger`, `admin`.
    """

    terms: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.forum = ForumFactory()
        self.body: Body = BodyFactory(slug="harbour-group", name="Harbour Group", abbreviation="HG")
        self.states: list[Participant] = [
            ParticipantFactory(code=code, short_name=name, time_zone=zone, city=city)
            for code, name, zone, city in [
                ("AA", "Aland", "Asia/Colombo", "Colombo"),
                ("BB", "Borland", "Pacific/Auckland", "Wellington"),
                ("CC", "Corland", "Asia/Bangkok", "Bangkok"),
            ]
        ]
        self.organisation: Participant = ParticipantFactory(code="ORG", short_name="ORG", kind=Kind.ORGANISATION.value)
        for one in [*self.states, self.organisation]:
            StandingFactory(participant=one)
            self.body.memberships.create(participant=one)
        self.observer_state: Participant = ParticipantFactory(code="OO", short_name="Osland")
        StandingFactory(participant=self.observer_state, standing=StandingKind.OBSERVER.value)
        for one in self.states[1:]:
            self.body.chairs.create(participant=one)
        self._cast()

    def _cast(self) -> None:
        first, second, third = self.states
        self.officer = self.person("officer", Role.OFFICER)
        self.manager = self.person("manager", Role.MANAGER)
        self.co_chair = self.person("co.chair", Role.CO_CHAIR, second)
        self.focal_point = self.person("focal.aa", Role.FOCAL_POINT, first)
        self.alternate = self.person("alternate.aa", Role.ALTERNATE, first)
        self.reviewer = self.person("reviewer.aa", Role.REVIEWER, first)
        self.other = self.person("focal.bb", Role.FOCAL_POINT, second)
        self.third = self.person("focal.cc", Role.FOCAL_POINT, third)
        self.org_person = self.person("focal.org", Role.FOCAL_POINT, self.organisation)
        self.observer = self.person("observer", Role.OBSERVER_DELEGATE, self.observer_state)
        self.stranger: User = UserFactory(email="stranger@members.example")
        self.admin = User.objects.create_superuser("admin@office.example", "correct horse battery staple")
        first.addresses.create(email="ministry@aa.example", label="Ministry")

    def person(
        self, name: str, role: Role, participant: Participant | None = None, *, body: Body | None = None
    ) -> User:
        user: User = UserFactory(email=f"{name}@members.example")
        AppointmentFactory(user=user, role=role.value, participant=participant, body=body)
        return user

    @cached_property
    def procedure(self) -> Procedure:
        made: Procedure = ProcedureFactory(**self.terms)
        return made

    @cached_property
    def version(self) -> Version:
        made: Version = VersionFactory(document__body=self.body)
        return made

    def plan(self, *, seconds: float = 3600, paragraph: str = "") -> Plan:
        return Plan(
            self.version, self.body, self.procedure, clock() + dt.timedelta(seconds=seconds), paragraph=paragraph
        )

    def draft(self, *, seconds: float = 3600) -> Circulation:
        return services.prepare_circulation(self.plan(seconds=seconds), actor=self.officer, key=uuid.uuid4())

    def asked(self, *, seconds: float = 3600) -> Circulation:
        return services.ask_approval(self.draft(seconds=seconds).ref, actor=self.officer, key=uuid.uuid4())

    def opened(self, *, seconds: float = 3600) -> Circulation:
        circulation = self.asked(seconds=seconds)
        return services.approve_circulation(
            circulation.ref,
            co_chair=self.states[1],
            evidence="E-mail of the co-chair, 23 November 2026.",
            actor=self.manager,
            key=uuid.uuid4(),
        )

    def letter(
        self,
        circulation: Circulation,
        kind: PositionKind = PositionKind.OBJECTION,
        *,
        received_at: dt.datetime | None = None,
        of: Participant | None = None,
        by: User | None = None,
        evidence: str = "Note verbale 12/2026, filed in the registry.",
        key: uuid.UUID | None = None,
        seen: int | None = None,
    ) -> Position:
        """What the secretariat records by a note verbale; received at the opening when not told."""
        at = received_at or circulation.opened_at
        if at is None:
            raise ValueError("the circulation was not opened")
        needs_text = kind in {PositionKind.ENDORSE_WITH_PROPOSALS, PositionKind.OBJECTION}
        return services.record_otherwise(
            circulation.ref,
            Reply(kind, "Paragraph 2 goes too far." if needs_text else ""),
            Source(Means.NOTE_VERBALE, at, evidence),
            participant=of or self.states[0],
            actor=by or self.officer,
            key=key or uuid.uuid4(),
            seen=seen,
        )

    def reply(
        self,
        circulation: Circulation,
        kind: PositionKind,
        *,
        by: User | None = None,
        of: Participant | None = None,
        text: str = "",
        key: uuid.UUID | None = None,
    ) -> Position:
        needs_text = kind in {PositionKind.ENDORSE_WITH_PROPOSALS, PositionKind.OBJECTION}
        return services.record_position(
            circulation.ref,
            Reply(kind, text or ("Paragraph 2 is too long." if needs_text else "")),
            participant=of or self.states[0],
            actor=by or self.focal_point,
            key=key or uuid.uuid4(),
        )

"""The matrix: every address of the resolver by each method for every kind of person. The answers are in access.csv."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from documents.models import Version
from endorsements.models import Circulation, Position
from meetings.models import (
    Agenda,
    AgendaItem,
    Delegate,
    Delegation,
    InformationNote,
    Meeting,
    MeetingInvitation,
    NominationLetter,
    PaperRequest,
    PreparationTask,
    Series,
    Session,
)
from members.models import Admission, InvitationBatch, User
from notifications.models import Notice
from notifications.unsubscribe import SIGNER
from tests.factories.circulations import Stage
from tests.factories.directory import TOKEN, InvitationFactory

TABLE = Path(__file__).with_name("access.csv")
PERSONAS = [
    "anonymous",
    "stranger",
    "observer",
    "outsider",
    "former",
    "other",
    "reviewer",
    "focal_point",
    "alternate",
    "co_chair",
    "group_chair",
    "other_chair",
    "officer",
    "officer_of_one_step",
    "manager",
    "admin",
    "suspended",
]
CALLED = (
    "delegation-own",
    "meeting-next",
    "meeting-change",
    "meeting-checklist",
    "checklist-take",
    "meeting-answers",
    "meeting-papers",
    "meeting-postpone",
    "meeting-cancel",
    "meeting-evidence",
    "meeting-evidence-file",
    "information-change",
    "information-detail",
    "information-file",
    "participant-list",
    "participant-list-freeze",
    "participant-list-reopen",
    "meeting-open",
    "meeting-run",
    "meeting-close",
    "meeting-step-back",
    "meeting-sessions",
)
OF_SESSION = ("session-change", "session-remove", "roll-call", "roll-tick", "roll-live")
OF_ITEM = ("change", "move", "remove")
OF_AGENDA = ("detail", "item-add", "hours", "publish", "freeze", "thaw", "take-back")
OF_DELEGATION = ("detail", "answer", "record", "letter", "letter-note")
METHODS = ["GET", "HEAD", "POST", "PUT"]
Key = tuple[str, str, str]
LONG = 20.5 * 86_400
"""Twenty days and a half, in seconds: what is left, in days and hours, stays the same while a test runs."""


def names(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[str]:
    """Names of all addresses, with their name space; Django admin's are one rule of their own."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name or pattern.pattern}"


def admin_paths() -> list[str]:
    """Every address of Django admin, from its own resolver: lists, forms, history, export, autocomplete, system."""
    from django.contrib import admin
    from django.contrib.contenttypes.models import ContentType

    known = {"app_label": "members", "object_id": "1", "id": "1", "content_type_id": ContentType.objects.first().pk}
    paths = []
    for pattern in admin.site.get_urls():
        inner = pattern.url_patterns if isinstance(pattern, URLResolver) else [pattern]
        for one in inner:
            if one.name:
                takes = one.pattern.converters or one.pattern.regex.groupindex
                paths.append(reverse(f"admin:{one.name}", kwargs={name: known[name] for name in takes}))
    return paths


class World:
    """A stage with something at each address: a published meeting, a draft, a running circulation with one reply."""

    def __init__(self, stage: Stage, circulation: Circulation, position: Position, draft: Version, meeting: Meeting):
        admission = Admission.objects.create(participant=stage.states[0], body=stage.body)
        invitation = InvitationFactory(participant=stage.states[0], invited_by=stage.officer)
        batch = InvitationBatch.objects.create(uploaded_by=stage.officer, file_name="people.csv")
        self.stage, self.ref = stage, circulation.ref
        called = _called(stage)
        changes = [draft.document_id, draft.number, _next_version(draft).number]
        self.paths = {
            "meetings:meeting-detail": [meeting.slug],
            **_of_meetings(stage, called),
            "directory:participant-detail": [stage.states[0].slug],
            "directory:body-detail": [stage.body.slug],
            "members:participant-rename": [stage.states[0].slug],
            "members:participant-merge": [stage.states[0].slug],
            "members:handover-note-change": [stage.states[0].slug],
            "handover-detail": [stage.states[0].slug],
            "handover-confirm": [stage.states[0].slug],
            **{f"members:admission-{name}": [admission.pk] for name in ("detail", "step", "drop")},
            **{f"people:invitation-{name}": [invitation.pk] for name in ("renew", "revoke")},
            "people:invitation-accept": [TOKEN],
            **{f"people:batch-{name}": [batch.pk] for name in ("detail", "send", "faults")},
            **{
                f"people:appointment-{name}": [stage.reviewer.appointments.get().pk]
                for name in ("detail", "change", "end")
            },
            "documents:document-detail": [draft.document_id],
            "documents:version-detail": [draft.document_id, draft.number],
            "documents:changes-choose": [draft.document_id],
            **{f"documents:changes-{name}": changes for name in ("detail", "file")},
            "documents:version-upload": [draft.document_id],
            "documents:version-confirm": [draft.document_id, draft.number],
            "documents:version-file": [draft.document_id, draft.number],
            **{f"notifications:text-{name}": ["opened"] for name in ("detail", "mail")},
            **{f"inbox:{name}": [Notice.objects.filter(user=stage.focal_point)[0].pk] for name in ("item", "open")},
            "inbox:digest-stop": [SIGNER.sign(str(stage.focal_point.pk))],
            "notifications:notice-detail": [Notice.objects.order_by("pk")[0].pk],
            **{f"returned:notice-{name}": [_returned(stage).pk] for name in ("resend", "readdress", "tell")},
            "account_reset_password_from_key": ["1", "set-password"],
            **{name: [0] for name in ("mfa_edit_webauthn", "mfa_remove_webauthn", "usersession_end")},
            **{
                f"endorsements:position-{name}": [circulation.ref, position.pk]
                for name in ("receipt", "receipt-file", "contest", "note")
            },
            "endorsements:circulation-tell": [circulation.ref, stage.states[0].code],
            "endorsements:register-own": [stage.states[0].slug],
        }

    def path(self, name: str) -> str:
        """An address; one of a circulation that takes its reference alone needs no line above."""
        if name == "admin/login/":
            return "/admin/login/"
        if name in self.paths or not name.startswith("endorsements:"):
            return reverse(name, args=self.paths.get(name, []))
        try:
            return reverse(name)
        except NoReverseMatch:
            return reverse(name, args=[self.ref])

    def client(self, persona: str) -> Client:
        client = Client()
        if persona != "anonymous":
            user: User = getattr(self.stage, persona)
            client.force_login(user)
        if persona == "suspended":
            User.objects.filter(email=self.stage.suspended.email).update(is_active=False)  # type: ignore[attr-defined]
        return client


def _of_meetings(stage: Stage, called: Meeting) -> dict[str, list[object]]:
    """Addresses of the meeting to which the first State is invited."""
    return {
        **{f"meetings:{name}": [called.slug] for name in CALLED},
        **{f"meetings:delegation-{name}": [called.slug, stage.states[0].code] for name in OF_DELEGATION},
        **{f"meetings:{name}": [called.slug, _session(called).pk] for name in OF_SESSION},
        "meetings:item-start": [called.slug, 0],
        "meetings:item-finish": [called.slug, 0],
        "meetings:badge-detail": [called.slug, str(_delegate(stage, called).badge_token)],
        "meetings:participant-list-file": [called.slug, "xlsx"],
        "meetings:meeting-sheet": [called.slug, "plates"],
        "meetings:delegation-note": [called.slug, stage.states[0].code, "inviting"],
        "meetings:delegate-visa": [called.slug, stage.states[0].code, _delegate(stage, called).pk],
        **{f"meetings:task-{name}": [called.slug, _task(called).pk] for name in ("finish", "reopen", "drop")},
        **{f"meetings:agenda-{name}": [called.slug] for name in OF_AGENDA},
        **{f"meetings:agenda-item-{name}": [called.slug, _item(called).pk] for name in OF_ITEM},
        "meetings:agenda-file": [called.slug, "pdf"],
        "meetings:agenda-annotated": [called.slug, "docx"],
        "meetings:meeting-calendar": [called.slug],
        "meetings:meeting-publish": [_recorded(stage).slug],
        "meetings:paper-receive": [called.slug, _paper(stage, called).pk],
        **{f"meetings:invitation-{name}": [_asked(stage).slug] for name in ("detail", "prepare", "ask", "approve")},
    }


def _recorded(stage: Stage) -> Meeting:
    """A meeting that an officer recorded from a source."""
    meeting = _meeting(stage, "recorded", "closed")
    Meeting.objects.filter(pk=meeting.pk).update(recorded_by=stage.officer)
    return meeting


def _meeting(stage: Stage, slug: str, state: str) -> Meeting:
    series, _ = Series.objects.get_or_create(slug="series", defaults={"name": "Harbour Series", "body": stage.body})
    day = "2036-01-05"
    made, _ = Meeting.objects.get_or_create(
        slug=slug,
        defaults={
            "series": series, "title": f"Meeting {slug}", "state": state, "starts_on": day, "ends_on": day,
            "earliest_on": day, "latest_on": day, "country": "Borland",
        },
    )  # fmt: skip
    return made


def _invite(stage: Stage, meeting: Meeting, **values: object) -> None:
    MeetingInvitation.objects.get_or_create(
        meeting=meeting,
        defaults={
            "answer_by": "2035-12-01T10:00:00Z", "drafted_by": stage.officer, "changed_by": stage.officer,
            "asked_at": "2026-01-05T10:00:00Z", **values,
        },
    )  # fmt: skip


def _next_version(draft: Version) -> Version:
    """The same text again as the next version."""
    paragraphs = list(draft.paragraphs.all())
    version = Version.objects.get(pk=draft.pk)
    version.pk, version.number, version._state.adding = None, draft.number + 1, True
    version.save()
    for one in paragraphs:
        one.pk, one.version, one._state.adding = None, version, True
        one.save()
    return version


def _called(stage: Stage) -> Meeting:
    """A meeting to which the first State is invited."""
    meeting = _meeting(stage, "called", "invited")
    sent = {"sent_at": "2026-01-05T10:00:00Z", "approved_by": stage.manager, "approved_for": stage.states[1]}
    _invite(stage, meeting, **sent)
    made, _ = Delegation.objects.get_or_create(meeting=meeting, participant=stage.states[0], capacity="member")
    NominationLetter.objects.get_or_create(
        delegation=made,
        defaults={
            "file_name": "letter.pdf", "media_type": "application/pdf", "size": 5, "content": b"%PDF-",
            "uploaded_at": "2026-01-05T10:00:00Z", "uploaded_by": stage.focal_point,
        },
    )  # fmt: skip
    return meeting


def _delegate(stage: Stage, meeting: Meeting) -> Delegate:
    """A person of the first State; and a note for all who come."""
    InformationNote.objects.get_or_create(meeting=meeting, defaults={"venue": "A hall", "changed_by": stage.officer})
    made, _ = Delegate.objects.get_or_create(
        delegation=meeting.delegations.get(participant=stage.states[0]), position=1,
        defaults={"name": "Ms A. Person", "role": "head"},
    )  # fmt: skip
    return made


def _session(called: Meeting) -> Session:
    made, _ = Session.objects.get_or_create(meeting=called, title="Session 1")
    return made


def _item(meeting: Meeting) -> AgendaItem:
    """The only item of a published agenda."""
    Agenda.objects.get_or_create(
        meeting=meeting, defaults={"state": "published", "published_at": "2026-01-05T10:00:00Z"}
    )
    made, _ = AgendaItem.objects.get_or_create(meeting=meeting, title="Opening", position=0)
    return made


def _asked(stage: Stage) -> Meeting:
    """A meeting whose invitation waits for approval."""
    meeting = _meeting(stage, "asked", "planned")
    _invite(stage, meeting)
    return meeting


def _task(meeting: Meeting) -> PreparationTask:
    made, _ = PreparationTask.objects.get_or_create(meeting=meeting, text="Book the venue", days_before=120)
    return made


def _paper(stage: Stage, meeting: Meeting) -> PaperRequest:
    made, _ = PaperRequest.objects.get_or_create(
        meeting=meeting, participant=stage.states[0], title="A paper", due_on="2035-11-01",
        defaults={
            "due_at": "2035-11-02T00:00:00Z", "asked_by": stage.officer, "asked_at": "2026-01-05T10:00:00Z",
        },
    )  # fmt: skip
    return made


def _returned(stage: Stage) -> Notice:
    """A message to the official address of the first State that came back."""
    made, _ = Notice.objects.get_or_create(
        event="test:returned", kind="account", address="ministry@aa.example", participant_code=stage.states[0].code,
        defaults={"subject": "A subject", "message_id": "<returned@portal.example>", "state": "bounced"},
    )  # fmt: skip
    return made


def make_world() -> World:
    from endorsements.enums import PositionKind
    from members.enums import Role, StandingKind
    from members.services import end_appointment
    from tests.factories.circulations import VersionFactory
    from tests.factories.directory import BodyFactory, ParticipantFactory, StandingFactory

    stage = Stage()
    elsewhere = ParticipantFactory(code="DD", short_name="Dorland")
    StandingFactory(participant=elsewhere, standing=StandingKind.MEMBER.value)
    stage.outsider = stage.person("focal.dd", Role.FOCAL_POINT, elsewhere)  # type: ignore[attr-defined]
    stage.officer_of_one_step = stage.person("one.step", Role.OFFICER)  # type: ignore[attr-defined]
    stage.suspended = stage.person("suspended", Role.OFFICER)  # type: ignore[attr-defined]
    first, second, _ = stage.states
    stage.group_chair = stage.person("chair.group", Role.CO_CHAIR, second, body=stage.body)  # type: ignore[attr-defined]
    other_group = BodyFactory(slug="lantern-group", name="Lantern Group", abbreviation="LG")
    stage.other_chair = stage.person("chair.other", Role.CO_CHAIR, elsewhere, body=other_group)  # type: ignore[attr-defined]
    stage.former = stage.person("former.aa", Role.FOCAL_POINT, first)  # type: ignore[attr-defined]
    circulation = stage.opened(seconds=LONG)
    end_appointment(stage.former.appointments.get().pk, actor=None, reason="Moved")  # type: ignore[attr-defined]
    position = stage.reply(circulation, PositionKind.ENDORSE)
    draft = VersionFactory(document__body=stage.body)
    series = Series.objects.create(slug="series", name="Harbour Series", body=stage.body)
    day = "2026-01-05"
    meeting = Meeting.objects.create(
        slug="first", series=series, title="First Meeting", state="published", earliest_on=day, latest_on=day,
        starts_on=day, ends_on=day,
    )  # fmt: skip
    return World(stage, circulation, position, draft, meeting)


def read_table() -> dict[Key, str]:
    """(name, method, persona) → status."""
    with TABLE.open(newline="") as file:
        return {
            (row["address"], row["method"], persona): row[persona]
            for row in csv.DictReader(file)
            for persona in PERSONAS
        }


def write_table(found: dict[Key, str]) -> None:
    """Write down what is, to be read by a person before it is committed."""
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["address", "method", *PERSONAS])
        for name in sorted({name for name, _, _ in found}):
            for method in METHODS:
                writer.writerow([name, method, *(found[name, method, persona] for persona in PERSONAS)])

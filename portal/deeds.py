"""What people do in the portal, for the table of who may: each deed with the question that its page asks."""

from datetime import UTC, datetime

from documents import access as documents
from documents.enums import DocumentState
from documents.models import Document
from endorsements import access as circulations
from endorsements.enums import CIRCULATED, SUCCESSFUL, State
from endorsements.models import Circulation
from endorsements.rules import TRANSITIONS, Verb
from endorsements.words import STATES
from members import access as members
from members.access import Reader
from notifications import access as notices
from portal.accesstable import BODY, OWN, Deed, Section
from portal.deeds_directory import ADMISSIONS, DIRECTORY, changes_directory, everyone
from portal.deeds_meetings import MEETINGS


def signed_in(reader: Reader, state: str) -> bool:
    return reader.is_signed_in


def staff(reader: Reader, state: str) -> bool:
    circulations.staff_only(reader)
    return True


# ---- circulations --------------------------------------------------------------------------------------------------


def _circulation(state: str) -> Circulation:
    """One in a state, drafted by another person than the reader, its approval asked for."""
    return Circulation(state=state, body=BODY, drafted_by_id=2, asked_at=datetime(2026, 1, 5, tzinfo=UTC))


def reads_draft(reader: Reader, state: str) -> bool:
    """As `visible_to`: staff all; co-chairs from the asking for approval, who was sent it from the opening on."""
    if reader.is_staff or (state == State.DRAFT and circulations.chairs(reader, _circulation(state))):
        return True
    sent = bool(reader.for_participants(*circulations.READ_BY))
    return state in CIRCULATED and (sent or circulations.sees_board(reader, _circulation(state)))


def sees_replies(reader: Reader, state: str) -> bool:
    return state in CIRCULATED and circulations.sees_board(reader, _circulation(state))


def sees_tally(reader: Reader, state: str) -> bool:
    return reads_draft(reader, state) and state in CIRCULATED and circulations.sees_result(reader, _circulation(state))


def gets_certificate(reader: Reader, state: str) -> bool:
    """Of those who read the circulation; whom else the audience lets in, no state tells."""
    return state in SUCCESSFUL and reads_draft(reader, state)


def replies(reader: Reader, state: str) -> bool:
    return state in CIRCULATED - {State.WITHDRAWN} and bool(reader.speaks_for)


def own_receipt(reader: Reader, state: str) -> bool:
    return state in CIRCULATED and (sees_replies(reader, state) or bool(reader.for_participants(*circulations.READ_BY)))


CIRCULATION_STATES = tuple((state.value, STATES[state][1].lower()) for state in State)
CIRCULATIONS = Section(
    "Circulations",
    (
        Deed("List the circulations one may read", ("endorsements:circulation-list",), signed_in),
        Deed(
            "Read the draft and its file",
            ("endorsements:circulation-detail", "endorsements:circulation-file"),
            reads_draft,
            also="Of participants, those to which it was sent.",
        ),
        Deed("See every reply, as they come", ("endorsements:circulation-live",), sees_replies),
        Deed(
            "See who was told, when and by which message",
            ("endorsements:circulation-evidence", "endorsements:circulation-evidence-file"),
            sees_replies,
        ),
        Deed(
            "Take the certificate",
            ("endorsements:circulation-certificate",),
            gets_certificate,
            also="And the audience of the document, as far as it goes.",
        ),
        Deed(
            "Record that a participant was told otherwise",
            ("endorsements:circulation-tell",),
            lambda reader, state: circulations.can_tell(reader, _circulation(state)),
            also="Counts only when recorded before the deadline.",
        ),
        Deed("See the tally", (), sees_tally, also="Of participants, those to which it was sent."),
        Deed(
            "Read a receipt",
            ("endorsements:position-receipt", "endorsements:position-receipt-file"),
            own_receipt,
            also="People of a participant: that of their own reply.",
        ),
        Deed(
            "Send the reply of the participant",
            ("endorsements:position-check", "endorsements:position-edit", "endorsements:position-record"),
            replies,
            also="Counts until the deadline; later it is kept and marked late. Asked again when it is recorded.",
            names_whom=True,
        ),
        Deed("Prepare a circulation", ("endorsements:circulation-prepare",), staff),
        Deed(
            "Change its terms",
            ("endorsements:circulation-change",),
            lambda reader, state: circulations.can_change(reader, _circulation(state)),
        ),
        Deed(
            "Ask for approval",
            ("endorsements:circulation-ask",),
            lambda reader, state: circulations.can_prepare(reader) and (Verb.ASK_APPROVAL, State(state)) in TRANSITIONS,
        ),
        Deed(
            "Record the approval, which opens it",
            ("endorsements:circulation-approve",),
            lambda reader, state: circulations.can_approve(reader, _circulation(state)),
            also="Never the person who drafted it, and only once approval was asked.",
        ),
        Deed(
            "Remind those who have not replied",
            ("endorsements:circulation-remind",),
            lambda reader, state: circulations.can_remind(reader, _circulation(state)),
            also="Until the deadline.",
        ),
        Deed(
            "Extend the deadline",
            ("endorsements:circulation-extend",),
            lambda reader, state: circulations.can_extend(reader, _circulation(state)),
            also="Until the deadline, and as far as the procedure permits.",
        ),
        Deed(
            "Correct a slip of the open version, beside its text",
            ("endorsements:circulation-correct",),
            lambda reader, state: circulations.can_correct(reader, _circulation(state)),
            also="Until the deadline.",
        ),
        Deed(
            "Ask for a new deadline, once it was corrected",
            ("endorsements:circulation-new-clock",),
            lambda reader, state: (Verb.ASK_NEW_CLOCK, State(state)) in TRANSITIONS and bool(reader.speaks_for),
            also="Until the deadline; once after each correction. Decides nothing by itself.",
            names_whom=True,
        ),
        Deed(
            "Withdraw it",
            ("endorsements:circulation-withdraw",),
            lambda reader, state: circulations.can_withdraw(reader, _circulation(state)),
            also="Until the deadline.",
        ),
        Deed(
            "Record a reply that came by letter or otherwise",
            ("endorsements:position-otherwise",),
            lambda reader, state: circulations.can_record(reader, _circulation(state)),
            also="Received before the deadline and recorded after it: the co-chair decides.",
        ),
        Deed(
            "Contest a reply recorded in the name of the participant",
            ("endorsements:position-contest",),
            replies,
            also="Of what the secretariat recorded, until a co-chair has decided on it.",
        ),
        Deed(
            "Take note of a late reply",
            ("endorsements:position-note",),
            lambda reader, state: (
                state in CIRCULATED - {State.WITHDRAWN} and circulations.chairs(reader, _circulation(state))
            ),
        ),
        Deed(
            "Decide how it ends: confirm the result, set it aside, or open it again",
            (
                "endorsements:circulation-decide",
                "endorsements:circulation-confirm",
                "endorsements:circulation-set-aside",
                "endorsements:circulation-open-again",
            ),
            lambda reader, state: circulations.can_decide(reader, _circulation(state)),
        ),
        Deed(
            "Read the register",
            ("endorsements:register",),
            lambda reader, state: circulations.register_rows(reader) is not None,
        ),
        Deed(
            "Take out the whole register",
            ("endorsements:register-export",),
            lambda reader, state: staff(reader, state) and reader.is_manager,
        ),
        Deed(
            "Take out a participant’s own entries",
            ("endorsements:register-own",),
            lambda reader, state: reader.is_staff or bool(circulations.own_entries_of(reader)),
            also="Its own people, and only entries of circulations that have ended.",
        ),
        Deed(
            "Read the heads of the register, and the script that checks them",
            ("endorsements:register-heads", "endorsements:register-heads-file", "endorsements:register-check"),
            everyone,
        ),
    ),
    CIRCULATION_STATES,
)

# ---- documents -----------------------------------------------------------------------------------------------------


def reads_document(reader: Reader, state: str) -> bool:
    return reader.is_staff or state == DocumentState.PUBLISHED


DOCUMENTS = Section(
    "Documents",
    (
        Deed("List the documents", ("documents:document-list",), lambda reader, state: documents.can_upload(reader)),
        Deed(
            "Read a document and its file",
            ("documents:document-detail", "documents:version-detail", "documents:version-file"),
            reads_document,
            also="Published: if it is meant for the public. Readers of a circulation read the draft on its page.",
        ),
        Deed(
            "See what changed between two versions",
            ("documents:changes-choose", "documents:changes-detail", "documents:changes-file"),
            lambda reader, state: reader.is_staff,
        ),
        Deed("Upload a draft", ("documents:document-upload",), lambda reader, state: documents.can_upload(reader)),
        Deed(
            "Upload a new version",
            ("documents:version-upload",),
            lambda reader, state: documents.can_upload_version(Document(state=state), reader),
        ),
        Deed(
            "Confirm what was left out of a version",
            ("documents:version-confirm",),
            lambda reader, state: documents.can_upload(reader),
        ),
    ),
    tuple((state.value, state.value) for state in DocumentState),
)

# ---- directory and people ------------------------------------------------------------------------------------------


def names_people(reader: Reader, state: str) -> bool:
    """Of a participant: who may offer and end posts there."""
    return bool(reader.roles_to_name(OWN.pk))


def sees_team(reader: Reader, state: str) -> bool:
    return names_people(reader, state) or reader.is_staff or bool(reader.roles_to_name(None))


def invites(reader: Reader, state: str) -> bool:
    return names_people(reader, state) or bool(reader.roles_to_name(None))


def reads_handover(reader: Reader, state: str) -> bool:
    return members.participant_of_own_people(reader, OWN.slug) is not None


def speaks(reader: Reader, state: str) -> bool:
    return members.user_who_speaks(reader, members.participant_of_own_people(reader, OWN.slug)) is not None


PEOPLE = Section(
    "People and posts",
    (
        Deed("See who holds a post and who is invited", ("people:team",), sees_team),
        Deed("Invite to a post", ("people:invitation-send",), invites),
        Deed(
            "Invite to a post of a participant",
            (),
            names_people,
            also="Each may name only the posts of their own reach.",
        ),
        Deed(
            "Invite to a post of the secretariat",
            (),
            lambda reader, state: reader.roles_to_name(None),
            also="Each may name only the posts of their own reach.",
        ),
        Deed(
            "Send an invitation again, take it back",
            ("people:invitation-renew", "people:invitation-revoke"),
            names_people,
        ),
        Deed(
            "Change or end a post of a participant",
            ("people:appointment-detail", "people:appointment-change", "people:appointment-end"),
            names_people,
            also="Each may name only the posts of their own reach.",
        ),
        Deed(
            "Confirm once a year who still acts",
            ("people:appointment-confirm",),
            invites,
            also="Each may name only the posts of their own reach.",
            names_whom=True,
        ),
        Deed(
            "See all invitations and all vacant posts",
            ("people:invitation-list", "people:vacant-list"),
            changes_directory,
        ),
        Deed(
            "Invite many people from a file",
            tuple(f"people:batch-{name}" for name in ("list", "upload", "detail", "faults", "send")),
            changes_directory,
            also="Only who uploaded the file sends it.",
        ),
        Deed(
            "Accept an invitation",
            ("people:invitation-accept",),
            everyone,
            also="Whoever holds the link that was sent; the own account when there is one already.",
        ),
        Deed("Read what is handed over", ("handover-detail",), reads_handover),
        Deed("Say that it was read", ("handover-confirm",), speaks),
        Deed("Write the note for successors", ("members:handover-note-change",), speaks),
    ),
)
OFFICE = Section(
    "Mail and administration",
    (
        Deed(
            "Read the outbox",
            (
                "notifications:outbox",
                "notifications:notice-detail",
                "notifications:not-arrived",
                "notifications:text-list",
                "notifications:text-detail",
                "notifications:text-mail",
            ),
            lambda r, s: notices.visible_to(r) is not None,
        ),
        Deed(
            "See to mail that did not arrive",
            tuple(f"returned:notice-{name}" for name in ("resend", "readdress", "tell")),
            changes_directory,
            also="The address of an account: each of the people whose posts they may give and end.",
        ),
        Deed("Read this table", ("access-table",), staff),
        Deed("Open Django admin", (), lambda reader, state: reader.is_admin),
    ),
)
SECTIONS = (CIRCULATIONS, DOCUMENTS, MEETINGS, DIRECTORY, ADMISSIONS, PEOPLE, OFFICE)

"""Deeds of documents: a draft comes in, what it lost is confirmed, a version is released, a document moves on."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from audit.services import done, once, record_audit
from documents import files, gate, rules
from documents.access import text_matches
from documents.enums import DocumentKind, DocumentState
from documents.intake import read_apart
from documents.models import Document, Paragraph, Version
from documents.paragraphs import Draft, text_sha256
from documents.refusal import Refused
from documents.rules import NotAllowed
from members.models import Body, User
from members.names import one_line
from members.rules import NotAllowed as OutOfOffice
from members.services.holding import require_staff

UPLOADED, VERSION_UPLOADED, CONFIRMED = "document.uploaded", "document.version_uploaded", "document.version_confirmed"


def upload_draft(
    *,
    symbol: str,
    title: str,
    kind: str,
    body: Body,
    file: File,
    actor: User,
    key: uuid.UUID,
    is_sample: bool = False,
) -> Version:
    """Take in a draft as version 1 of a new document.

    In order: the file passes the gate and is read in a process of its own (outside the transaction); then in one
    transaction the document, its version with both hashes, its paragraphs and one audit row, and the file gets its
    place. The same key again gives the first one's version. Raises Refused (with the field's name) and leaves neither
    row nor file behind.
    """
    symbol, title = symbol.strip(), one_line(title)
    _check_details(symbol, title, kind)

    def document() -> Document:
        if other := Document.objects.filter(symbol__iexact=symbol).first():
            raise Refused(f"“{other.title}” has this symbol. Give this document its own.", "symbol")
        return Document.objects.create(
            symbol=symbol, title=title, kind=kind, body=body, is_sample=is_sample, created_by=actor
        )

    try:
        version = _take_in(file, document, actor=actor, key=key, action=UPLOADED)
    except IntegrityError as error:
        if "symbol" not in str(error):
            raise
        raise Refused("Another document has this symbol. Give this document its own.", "symbol") from error
    if version.document.symbol != symbol:
        raise _used_already(version)
    return version


def upload_version(*, document: Document, file: File, actor: User, key: uuid.UUID) -> Version:
    """Take in the next version of a document that is being drafted or circulated. As upload_draft otherwise.

    Raises Refused; NotAllowed when the document is endorsed or later.
    """

    def locked() -> Document:
        row = Document.objects.select_for_update().get(pk=document.pk)
        if not rules.takes_versions(row.state):
            raise NotAllowed(f"{row.symbol} is {row.state}: its text takes no new version.")
        return row

    version = _take_in(file, locked, actor=actor, key=key, action=VERSION_UPLOADED)
    if version.document_id != document.pk:
        raise _used_already(version)
    return version


def _take_in(file: File, document: Callable[[], Document], *, actor: User, key: uuid.UUID, action: str) -> Version:
    """Gate, reading, then the rows; the file stays only if the rows do."""
    limit = settings.UPLOAD_MAX_BYTES
    name = gate.safe_name(file.name or "")
    kind = gate.check_name(name)
    gate.check_size(file.size, limit)
    with files.staged(file.chunks(), most=limit) as staged:
        draft = read_apart(kind, staged.path, limit)
        try:
            return _file_version(name, kind, staged, draft, document, actor=actor, key=key, action=action)
        except files.FileChanged as changed:
            raise Refused(changed.message) from changed
        except BaseException:
            _forget_unused(staged.sha256)
            raise


@transaction.atomic(durable=True)
def _file_version(
    name: str,
    kind: str,
    staged: files.Staged,
    draft: Draft,
    document: Callable[[], Document],
    *,
    actor: User,
    key: uuid.UUID,
    action: str,
) -> Version:
    if ref := once(key, actor=actor, action=action):
        first = Version.objects.select_related("document").get(pk=ref)
        if first.file_sha256 != staged.sha256:
            raise _used_already(first)
        return first
    owner = document()
    _hold_post(actor)
    latest = owner.versions.aggregate(latest=Max("number"))["latest"] or 0
    version = Version.objects.create(
        document=owner,
        number=latest + 1,
        file_name=name,
        media_type=gate.MEDIA_TYPES[kind],
        file_sha256=staged.sha256,
        file_size=staged.size,
        text_sha256=text_sha256((one.number, one.label, one.text) for one in draft.blocks),
        left_out=list(draft.left_out),
        created_by=actor,
    )
    Paragraph.objects.bulk_create(
        Paragraph(version=version, position=at, kind=one.kind, number=one.number, label=one.label, text=one.text)
        for at, one in enumerate(draft.blocks, start=1)
    )
    detail = {"version": version.number, "file": version.file_sha256, "text": version.text_sha256, "name": name}
    record_audit(action, actor=actor, kind="document", ref=str(owner.pk), label=owner.symbol, detail=detail)
    done(key, actor=actor, action=action, result_ref=str(version.pk))
    _lock_file(staged.sha256)
    files.keep(staged)
    return version


@transaction.atomic(durable=True)
def confirm_version(version: Version, *, actor: User, key: uuid.UUID) -> Version:
    """An officer has read what the portal could not carry over. One audit row; a second time changes nothing. Raises
    Refused when the post ended meanwhile."""
    row = Version.objects.select_for_update(of=("self",)).select_related("document").get(pk=version.pk)
    if once(key, actor=actor, action=CONFIRMED) or row.confirmed_at:
        return row
    _hold_post(actor)
    Version.objects.filter(pk=row.pk).update(confirmed_by=actor, confirmed_at=Now())
    row.refresh_from_db(fields=["confirmed_by", "confirmed_at"])
    detail = {"version": row.number, "left_out": row.left_out}
    owner = row.document
    record_audit(CONFIRMED, actor=actor, kind="document", ref=str(owner.pk), label=owner.symbol, detail=detail)
    done(key, actor=actor, action=CONFIRMED, result_ref=str(row.pk))
    return row


def release_version(version: Version, *, at: dt.datetime) -> Version:
    """Step, inside a transaction: from now on the version, its paragraphs and its file stay as they are.

    Locks the version's row, checks file and text against their hashes, sets `released_at` (once; a second release
    changes nothing). The deed that calls it writes the register. Raises FileChanged; NotAllowed while what was left out
    is not confirmed.
    """
    row = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if row.released_at is None:
        if rules.needs_confirmation(row.left_out, is_confirmed=row.confirmed_at is not None):
            raise NotAllowed("First confirm on the version's page what the portal could not carry over from the file.")
        files.check(row.file_sha256)
        if not text_matches(row, row.paragraphs.all()):
            raise files.FileChanged(row.text_sha256, "no longer gives the text that was filed")
        row.released_at = at
        row.save(update_fields=["released_at"])
    version.released_at = row.released_at
    return row


def move_document(
    document: Document, state: DocumentState | str, *, actor: User | None = None, reason: str = ""
) -> Document:
    """Step, inside a transaction: the next state of a document's life. Locks its row. Raises NotAllowed.

    The deed that calls it (an opening, an ending) is written in the register, with its actor and reason; never twice.
    """
    row = Document.objects.select_for_update().get(pk=document.pk)
    row.state = rules.move(row.state, str(state))
    row.save(update_fields=["state"])
    document.state = row.state
    return row


def _hold_post(actor: User) -> None:
    """Step, inside a transaction, after the lock of the deed: the actor is in the secretariat until it commits."""
    try:
        require_staff(actor)
    except OutOfOffice as refusal:
        raise Refused(refusal.message, "") from refusal


def _check_details(symbol: str, title: str, kind: str) -> None:
    if not rules.is_symbol(symbol):
        raise Refused("A symbol has letters and digits with / . or - between them, as XY/2019/2.", "symbol")
    if not title or len(title) > 200 or not title.isprintable():
        raise Refused("A title is one line of at most 200 characters.", "title")
    if kind not in list(DocumentKind):
        raise Refused("Choose one of the kinds of documents.", "kind")


def _used_already(version: Version) -> Refused:
    return Refused(
        f"This form was used already, for {version.document.symbol}, version {version.number}. "
        "Load the page again first.",
        "key",
    )


def _lock_file(sha256: str) -> None:
    """To the end of the transaction: nobody takes this file away while another files the same bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"file:{sha256}"])


def _forget_unused(sha256: str) -> None:
    """After a deed that failed: its file goes, unless another version has the same bytes."""
    with transaction.atomic():
        _lock_file(sha256)
        if not Version.objects.filter(file_sha256=sha256).exists():
            files.remove(sha256)

"""Preparing a circulation: nothing is sent before it is approved."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from audit.services import done, once, record_audit
from documents.access import must_confirm
from documents.enums import ParagraphKind
from documents.models import Version
from endorsements import calendar, rules
from endorsements.enums import State, Verb
from endorsements.models import TERMS, Circulation, Procedure
from endorsements.rules import NotAllowed
from endorsements.services.steps import hold_staff, lock_circulation
from members.access import forum
from members.clock import clock
from members.directory import participants_of, today
from members.models import Body, User


@dataclass(frozen=True)
class Plan:
    """What the officer sets: which version, for whom, under which procedure, until when (aware), with what words."""

    version: Version
    body: Body
    procedure: Procedure
    expires_at: dt.datetime
    paragraph: str = ""


@transaction.atomic(durable=True)
def prepare_circulation(plan: Plan, *, actor: User, key: uuid.UUID) -> Circulation:
    """Make the draft of a circulation, with its own copy of the procedure's terms. One audit row; nobody is told.

    Raises NotAllowed (with the field) for a version without paragraphs or already under way, a body without members, a
    deadline in the past or under the minimum period, an actor who has left the secretariat. A second submission with
    the same key gets the first one's draft.
    """
    if ref := once(key, actor=actor, action="circulation.prepared"):
        return Circulation.objects.get(ref=ref)
    # The version's row is the queue for those who prepare the same version at the same time.
    Version.objects.select_for_update(no_key=True).get(pk=plan.version.pk)
    hold_staff(actor, "Nothing was recorded.")
    _check(plan, now=clock())
    running = plan.version.circulations.filter(state__in=[State.DRAFT.value, State.OPEN.value, State.WAITING.value])
    if running.exists():
        raise NotAllowed("This version is in a circulation already. Open that one, or wait for its end.", "version")
    circulation = Circulation(ref=new_ref(plan.version), drafted_by=actor)
    _set(circulation, plan)
    circulation.save()
    record_audit("circulation.prepared", actor=actor, kind="circulation", ref=circulation.ref, label=str(plan.version))
    done(key, actor=actor, action="circulation.prepared", result_ref=circulation.ref)
    return circulation


@transaction.atomic(durable=True)
def change_circulation(ref: str, plan: Plan, *, actor: User, key: uuid.UUID) -> Circulation:
    """Change the terms of a draft; approval must be asked again. One audit row. Raises NotAllowed as above."""
    if once(key, actor=actor, action="circulation.changed"):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    hold_staff(actor, "Nothing was recorded.")
    rules.require(Verb.CHANGE, State(circulation.state))
    _check(plan, now=clock())
    _set(circulation, plan)
    circulation.asked_at = None
    circulation.save()
    record_audit("circulation.changed", actor=actor, kind="circulation", ref=ref, label=str(plan.version))
    done(key, actor=actor, action="circulation.changed", result_ref=ref)
    return circulation


def _check(plan: Plan, *, now: dt.datetime) -> None:
    if not plan.version.paragraphs.filter(kind=ParagraphKind.PARAGRAPH.value).exists():
        raise NotAllowed("This version has no paragraphs. Upload a version with text.", "version")
    if must_confirm(plan.version):
        raise NotAllowed("First confirm on the version’s page what could not be carried over from the file.", "version")
    participants = participants_of(plan.body, today())
    if not participants:
        raise NotAllowed(f"{plan.body} has no participants today: nobody could reply. Choose another body.", "body")
    counting = sum(one.is_state or plan.procedure.counts_organisations for one in participants)
    if plan.procedure.quorum and plan.procedure.quorum > counting:
        raise NotAllowed(
            f"This procedure asks for {plan.procedure.quorum} answers, and only {counting} participants of {plan.body} "
            "count. Choose another procedure.",
            "procedure",
        )
    if plan.procedure.body_id not in (None, plan.body.pk):
        raise NotAllowed(f"This procedure belongs to another body, {plan.procedure.body}.", "procedure")
    earliest = calendar.earliest_deadline(plan.procedure, forum(), now)
    rules.check_deadline(plan.expires_at, now=now, earliest=earliest, period=calendar.period_in_words(plan.procedure))


def _set(circulation: Circulation, plan: Plan) -> None:
    circulation.version, circulation.body, circulation.procedure = plan.version, plan.body, plan.procedure
    circulation.expires_at = plan.expires_at
    circulation.paragraph = plan.paragraph
    circulation.is_sample = plan.version.document.is_sample or plan.procedure.is_sample
    for name in TERMS:
        setattr(circulation, name, getattr(plan.procedure, name))


def new_ref(version: Version) -> str:
    """Reference of a version's next circulation: "teg-rr-2019-2-v3", with "-2" and so on after the first."""
    symbol = "".join(char if char.isalnum() else "-" for char in version.document.symbol.lower())
    base = f"{symbol.strip('-')}-v{version.number}"
    earlier = Circulation.objects.filter(version=version).count()
    return base if not earlier else f"{base}-{earlier + 1}"

"""Deeds of admissions: proposed, each further step with its day and source, the standing that the last one gives."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from audit.services import done, once, record_audit
from members import rules
from members.directory import today
from members.enums import AdmissionState
from members.models import (
    Admission,
    AdmissionStage,
    AdmissionStep,
    Body,
    BodyMembership,
    Participant,
    Standing,
    User,
)
from members.rules import NotAllowed
from members.services.holding import require_staff
from members.services.participants import Newcomer, add_participant

PROPOSED, STEPPED, DROPPED = "admission.proposed", "admission.step_recorded", "admission.dropped"


@transaction.atomic(durable=True)
def propose_admission(
    who: Participant | Newcomer,
    *,
    standing: str,
    body: Body | None,
    on: dt.date,
    source: str,
    actor: User,
    key: uuid.UUID,
) -> Admission:
    """Open an admission to a standing in the forum, or into a body, with its first stage taken on a day.

    Effects: the participant where it is new, the admission, its first step, one audit row. The same key again gives
    the first one's admission. Raises NotAllowed (with the field's name), and nothing is left behind: it has that
    standing already, an admission is under way, the forum has no stages, the day lies in the future.
    """
    if result := once(key, actor=actor, action=PROPOSED):
        return Admission.objects.get(pk=result)
    require_staff(actor)
    rules.check_step_day(on, earlier=[], today=today())
    stage = AdmissionStage.objects.first()
    if stage is None:
        raise NotAllowed("The forum's data has no stages of admission yet.")
    participant = add_participant(who, actor=actor) if isinstance(who, Newcomer) else _locked(who)
    _check_aim(participant, standing, body, on)
    try:
        with transaction.atomic():
            admission = Admission.objects.create(participant=participant, standing=standing, body=body)
    except IntegrityError as error:
        raise NotAllowed(f"An admission of {participant} to this is under way already.", "participant") from error
    _step(admission, stage, on, source, actor)
    record_audit(
        PROPOSED,
        actor=actor,
        kind="admission",
        ref=str(admission.pk),
        label=str(admission),
        detail=_detail(stage, on, source),
    )
    done(key, actor=actor, action=PROPOSED, result_ref=str(admission.pk))
    return admission


@transaction.atomic(durable=True)
def record_admission_step(admission_id: int, *, on: dt.date, source: str, actor: User, key: uuid.UUID) -> Admission:
    """Record the next stage of an admission. The last one completes it.

    Effects: one step, one audit row; with the last stage the standing or membership from that day, and the end of the
    standing it replaces on the day before. The same key again changes nothing. Raises NotAllowed.
    """
    if once(key, actor=actor, action=STEPPED):
        return Admission.objects.get(pk=admission_id)
    require_staff(actor)
    admission = _open(admission_id)
    stages = {one.position: one for one in AdmissionStage.objects.all()}
    taken = list(admission.steps.select_related("stage"))
    position = rules.next_stage(list(stages), [one.stage.position for one in taken])
    if position is None:
        raise NotAllowed("Every stage of this admission was taken already.")
    rules.check_step_day(on, earlier=[one.on for one in taken if one.on], today=today())
    _step(admission, stages[position], on, source, actor)
    if position == max(stages):
        _complete(admission, on, source)
    detail = _detail(stages[position], on, source) | {"state": admission.state}
    record_audit(STEPPED, actor=actor, kind="admission", ref=str(admission.pk), label=str(admission), detail=detail)
    done(key, actor=actor, action=STEPPED, result_ref=str(admission.pk))
    return admission


@transaction.atomic(durable=True)
def drop_admission(admission_id: int, *, reason: str, actor: User, key: uuid.UUID) -> Admission:
    """End an admission that leads nowhere; its steps stay. One audit row. Raises NotAllowed."""
    if once(key, actor=actor, action=DROPPED):
        return Admission.objects.get(pk=admission_id)
    require_staff(actor)
    admission = _open(admission_id)
    admission.state, admission.reason = AdmissionState.DROPPED.value, reason
    admission.save(update_fields=["state", "reason"])
    detail = {"reason": reason}
    record_audit(DROPPED, actor=actor, kind="admission", ref=str(admission.pk), label=str(admission), detail=detail)
    done(key, actor=actor, action=DROPPED, result_ref=str(admission.pk))
    return admission


def _locked(participant: Participant) -> Participant:
    """Overlaps of standing and membership are checked while no other deed on the same participant runs."""
    return Participant.objects.select_for_update().get(pk=participant.pk)


def _open(admission_id: int) -> Admission:
    """The admission, locked after its participant: the order in which every deed here locks."""
    row = Admission.objects.select_related("participant").get(pk=admission_id)
    _locked(row.participant)
    admission = (
        Admission.objects.select_for_update(of=("self",)).select_related("participant", "body").get(pk=admission_id)
    )
    if admission.state != AdmissionState.OPEN:
        raise NotAllowed(f"This admission is {admission.state}; nothing can be added to it.")
    return admission


def _step(admission: Admission, stage: AdmissionStage, on: dt.date, source: str, actor: User) -> None:
    AdmissionStep.objects.create(admission=admission, stage=stage, on=on, source=source, recorded_by=actor)


def _detail(stage: AdmissionStage, on: dt.date, source: str) -> dict[str, str]:
    return {"stage": stage.slug, "on": str(on), "source": source}


def _check_aim(participant: Participant, standing: str, body: Body | None, on: dt.date) -> None:
    """What the participant is already, it is not admitted to again."""
    if hasattr(participant, "merger"):
        raise NotAllowed(f"{participant} became part of {participant.merger.into}.", "participant")
    if body and body.takes_all_members:
        raise NotAllowed(f"Every member of the forum belongs to {body}; nobody is admitted to it.", "body")
    if body:
        has = [(one.from_on, one.to_on) for one in body.memberships.filter(participant=participant)]
    else:
        has = [(one.from_on, one.to_on) for one in participant.standings.filter(standing=standing)]
    if any(rules.overlap(period, (on, None)) for period in has):
        what = f"belongs to {body}" if body else f"is {standing} of the forum"
        raise NotAllowed(f"{participant} {what} already.", "participant")


def _complete(admission: Admission, on: dt.date, source: str) -> None:
    participant = admission.participant
    if admission.body:
        mine = BodyMembership.objects.filter(body=admission.body, participant=participant)
        _refuse_overlap(mine, on)
        BodyMembership.objects.create(body=admission.body, participant=participant, from_on=on, source=source[:120])
    else:
        _refuse_overlap(participant.standings.filter(standing=admission.standing), on)
        for other in participant.standings.exclude(standing=admission.standing):
            if rules.overlap((other.from_on, other.to_on), (on, None)):
                other.to_on = rules.ended_by((other.from_on, other.to_on), on)
                other.save(update_fields=["to_on"])
        Standing.objects.create(participant=participant, standing=admission.standing, from_on=on, source=source)
    if not participant.is_public:
        participant.is_public = True
        participant.save(update_fields=["is_public"])
    admission.state = AdmissionState.COMPLETED.value
    admission.save(update_fields=["state"])


def _refuse_overlap(rows: QuerySet[Standing] | QuerySet[BodyMembership], on: dt.date) -> None:
    for one in rows:
        if rules.overlap((one.from_on, one.to_on), (on, None)):
            raise NotAllowed(f"“{one}” is in the directory already, from {one.from_on or 'a day not known'}.", "on")

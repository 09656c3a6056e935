"""What the pages of admissions show: the lists, and the road of one with its steps taken and to come."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from members import rules
from members.enums import AdmissionState
from members.models import Admission, AdmissionStage, AdmissionStep

ENDED_SHOWN = 100


def lists_of(admissions: QuerySet[Admission]) -> dict[str, Any]:
    """Those under way and the latest that ended, each with its steps and what comes next. Four queries."""
    steps = Prefetch("steps", AdmissionStep.objects.select_related("stage"))
    stages = list(AdmissionStage.objects.all())
    is_open = {"state": AdmissionState.OPEN.value}
    under_way = list(admissions.filter(**is_open).prefetch_related(steps))
    ended = list(admissions.exclude(**is_open).prefetch_related(steps)[:ENDED_SHOWN])
    return {
        "under_way": [{"admission": one, **_standing_of(one, stages)} for one in under_way],
        "ended": [{"admission": one, **_standing_of(one, stages)} for one in ended],
    }


def road_of(admission: Admission) -> dict[str, Any]:
    """The stages of one admission: taken with day and source, or to come; `next` is the one to record now."""
    stages = list(AdmissionStage.objects.select_related("body"))
    taken = {one.stage_id: one for one in admission.steps.select_related("recorded_by")}
    positions = [one.position for one in stages if one.pk in taken]
    next_position = rules.next_stage([one.position for one in stages], positions)
    is_open = admission.state == AdmissionState.OPEN
    furthest = max(positions, default=0)
    following = next((one for one in stages if is_open and one.position == next_position), None)
    return {
        "road": [
            {
                "stage": one,
                "step": taken.get(one.pk),
                "is_next": one == following,
                "is_missing": one.pk not in taken and one.position < furthest,
            }
            for one in stages
        ],
        "next": following,
        "completes": following is not None and following == stages[-1],
        "is_dropped": admission.state == AdmissionState.DROPPED,
        "is_completed": admission.state == AdmissionState.COMPLETED,
    }


def _standing_of(admission: Admission, stages: list[AdmissionStage]) -> dict[str, Any]:
    steps = list(admission.steps.all())
    position = rules.next_stage([one.position for one in stages], [one.stage.position for one in steps])
    is_open = admission.state == AdmissionState.OPEN
    return {
        "last": steps[-1] if steps else None,
        "next": next((one for one in stages if is_open and one.position == position), None),
        "is_dropped": admission.state == AdmissionState.DROPPED,
    }

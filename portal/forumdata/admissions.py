"""Writes the stages of admissions and the admissions of the files, each with the steps a source names."""

from typing import Any

from members.enums import AdmissionState
from members.models import Admission, AdmissionStage, AdmissionStep, Body, Participant
from portal.forumdata.checking import split
from portal.forumdata.reading import Row
from portal.forumdata.writing import Writer


def put_admissions(writer: Writer, participants: dict[str, Participant], bodies: dict[str, Body]) -> None:
    """Inside the transaction of `apply`. Standing and membership have their own files; nothing follows from here."""
    rows = writer.rows["admission_stages"]
    stages: dict[str, AdmissionStage] = writer.put_all(
        AdmissionStage,
        "slug",
        ((row["slug"], _stage(row, at, bodies), row) for at, row in enumerate(rows, 1)),
    )
    last = rows[-1]["slug"] if rows else None
    stored = {(one.participant_id, one.standing, one.body_id): one for one in Admission.objects.order_by("-pk")}
    steps = {(one.admission_id, one.stage_id): one for one in AdmissionStep.objects.all()}
    for row in writer.rows["admissions"]:
        is_done = bool(row["steps"]) and row["steps"][-1]["stage"] == last
        values = {"state": AdmissionState.COMPLETED.value if is_done else AdmissionState.OPEN.value}
        body_id = bodies[row["body"]].pk if row["body"] else None
        for who in row["who"]:
            key = {"participant_id": participants[who].pk, "standing": row["as"], "body_id": body_id}
            ref = f"{who} {row['body'] or row['as']}"
            found = stored.get((key["participant_id"], row["as"], body_id))
            admission = writer.put(Admission, found, values, row, ref, **key)
            for one in row["steps"]:
                stage = stages[one["stage"]]
                step = {"on": one["on"], "mark": one["mark"], "source": _text(writer, one)}
                taken = steps.get((admission.pk, stage.pk))
                writer.put(
                    AdmissionStep, taken, step, one, f"{ref} {stage.slug}", admission_id=admission.pk, stage_id=stage.pk
                )


def _stage(row: Row, position: int, bodies: dict[str, Body]) -> dict[str, Any]:
    body_id = bodies[row["body"]].pk if row["body"] else None
    return {"position": position, "word": row["word"], "sentence": row["sentence"], "body_id": body_id}


def _text(writer: Writer, row: Row) -> str:
    """The texts of the sources, as pages print them."""
    return "; ".join(writer.sources[tag] for tag in split(row["source"]) if tag in writer.sources)

"""Writes the meetings of the files, each with its attendance, outcomes and notes."""

from typing import Any

from decisions.models import Outcome, Verb
from meetings.enums import PUBLIC, MeetingState
from meetings.models import Attendance, Meeting, MeetingNote, MeetingOutcome, Series, Session
from members.models import Body, Participant
from portal.forumdata.checking import source_text
from portal.forumdata.reading import Row
from portal.forumdata.writing import Writer

Held = tuple[Meeting, Row]
"""A meeting as it stands in the database, and what the files say of it."""


def put_meetings(writer: Writer, participants: dict[str, Participant], bodies: dict[str, Body]) -> None:
    """Inside the transaction of `apply`, after everything that meetings refer to."""
    MeetingWriter(writer, participants, bodies).run()


class MeetingWriter:
    def __init__(self, writer: Writer, participants: dict[str, Participant], bodies: dict[str, Body]) -> None:
        self.writer = writer
        self.participants = participants
        self.bodies = bodies
        self.places = {row["name"]: row for row in writer.rows["places"]}
        self.series = {one.slug: one for one in Series.objects.all()}
        self.verbs = {one.word: one for one in Verb.objects.all()}
        self.meetings = {one.slug: one for one in Meeting.objects.prefetch_related("co_chairs")}
        self.outcomes = {one.ref: one for one in Outcome.objects.all()}
        self.sessions = {(one.meeting_id, one.position): one for one in Session.objects.all()}
        self.attendances = {(one.session_id, one.participant_id): one for one in Attendance.objects.all()}
        self.notes = {(one.meeting_id, one.position): one for one in MeetingNote.objects.all()}
        self.links = {one.outcome_id: one for one in MeetingOutcome.objects.all()}

    def run(self) -> None:
        for row in self.writer.rows["meetings"]:
            meeting = self._meeting(row)
            self._attendance(meeting, row)
            for position, one in enumerate(row["notes"], 1):
                values = {"text": one["text"], "source": source_text(one["source"], self.writer.sources)}
                found = self.notes.get((meeting.pk, position))
                ref = f"{meeting.slug} {position}"
                self.writer.put(MeetingNote, found, values, one, ref, meeting_id=meeting.pk, position=position)
            for position, one in enumerate(row["outcomes"], 1):
                self._outcome_with_proposals((meeting, row), one, position)

    def _meeting(self, row: Row) -> Meeting:
        found = self.meetings.get(row["slug"])
        wanted = [self.participants[code].pk for code in row["co_chairs"]]
        before = sorted(one.pk for one in found.co_chairs.all()) if found else []
        changed = self.writer.tally.changed
        meeting = self.writer.put(Meeting, found, self._values(row), row, row["slug"], slug=row["slug"])
        chosen = self.writer.chosen("meetings.Meeting.co_chairs", row["slug"], wanted, before)
        if chosen != before:
            meeting.co_chairs.set(chosen)
            if found and self.writer.tally.changed == changed:
                self.writer.tally.changed += 1
                self.writer.tally.same -= 1
        return meeting

    def _values(self, row: Row) -> dict[str, Any]:
        last = row["to"] or row["from"]
        names = ("ordinal", "symbol", "title", "summary", "format", "state", "is_public_in_part", "published_on")
        return {
            **{name: row[name] for name in names},
            **self._place(row["place"]),
            "series_id": self.series[row["series"]].pk,
            "purpose": "\n\n".join(row["purpose"]),
            "starts_on": row["from"],
            "ends_on": last,
            "planned_text": row["words"],
            "earliest_on": row["from"] or row["earliest"],
            "latest_on": last or row["latest"],
            "next_text": row["next"],
            "source": source_text(row["source"], self.writer.sources),
        }

    def _place(self, name: str) -> dict[str, Any]:
        if not name:
            blank = dict.fromkeys(("place", "country", "time_zone"), "")
            return {**blank, "host_id": None, "latitude": None, "longitude": None}
        place = self.places[name]
        host = self.participants[place["host"]].pk if place["host"] else None
        same = {key: place[key] for key in ("country", "time_zone", "latitude", "longitude")}
        return {"place": name, "host_id": host, **same}

    def _attendance(self, meeting: Meeting, row: Row) -> None:
        if not row["attendance"]:
            return
        whole = self.sessions.get((meeting.pk, 0))
        session = self.writer.put(Session, whole, {}, row, f"{meeting.slug} 0", meeting_id=meeting.pk, position=0)
        for one in row["attendance"]:
            for code in one["who"]:
                key = {"session_id": session.pk, "participant_id": self.participants[code].pk}
                found = self.attendances.get((key["session_id"], key["participant_id"]))
                ref = f"{meeting.slug} {code}"
                self.writer.put_leaf(Attendance, found, {"capacity": one["as"]}, one, ref, **key)

    def _outcome_with_proposals(self, held: Held, row: Row, position: int) -> None:
        flags = {"is_background": row["is_background"], "needs_review": row["needs_review"]}
        values = {"actor": row["actor"], "verb_id": self.verbs[row["verb"]].pk, "parent_id": None, **flags}
        parent = self._outcome(held, row, values, position)
        for place, one in enumerate(row["proposals"], 1):
            proposed = {"actor": row["actor"], "verb_id": self.verbs["proposed"].pk, "parent_id": parent.pk}
            plain = {"is_background": False, "needs_review": ""}
            self._outcome(held, one, {**proposed, **plain}, place)

    def _outcome(self, held: Held, row: Row, values: dict[str, Any], position: int) -> Outcome:
        meeting, said = held
        source = {
            "source_kind": "meeting",
            "source_title": said["title"],
            "source_on": said["to"] or said["from"],
            "source_path": meeting.get_absolute_url(),
            "is_public": MeetingState(said["state"]) in PUBLIC and not said["is_public_in_part"],
        }
        own = {"text": row["text"], "label": row["label"], "position": position}
        body = self.bodies[row["body"]].pk if row["body"] else None
        found = self.outcomes.get(row["ref"])
        known = {**values, **own, **source, "body_id": body}
        outcome = self.writer.put(Outcome, found, known, row, row["ref"], ref=row["ref"])
        link, linked = {"meeting_id": meeting.pk}, self.links.get(outcome.pk)
        self.writer.put(MeetingOutcome, linked, link, row, row["ref"], outcome_id=outcome.pk)
        return outcome

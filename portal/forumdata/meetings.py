"""Writes the meetings of the files, each with its attendance, outcomes and notes."""

from typing import Any

from decisions.models import Outcome, Verb
from meetings.enums import PUBLIC, MeetingState
from meetings.models import Attendance, Meeting, MeetingNote, MeetingOutcome, Series, Session
from members.models import Body, Participant
from portal.forumdata.applying import Writer
from portal.forumdata.checking import source_text
from portal.forumdata.reading import Row


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
                key = (meeting.pk, position)
                self.writer.put(MeetingNote, self.notes.get(key), values, meeting_id=meeting.pk, position=position)
            for position, one in enumerate(row["outcomes"], 1):
                self._outcome_with_proposals(meeting, one, position)

    def _meeting(self, row: Row) -> Meeting:
        found = self.meetings.get(row["slug"])
        wanted = {self.participants[code].pk for code in row["co_chairs"]}
        before = {one.pk for one in found.co_chairs.all()} if found else set()
        changed = self.writer.tally.changed
        meeting = self.writer.put(Meeting, found, self._values(row), slug=row["slug"])
        if wanted != before:
            meeting.co_chairs.set(wanted)
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
        session = self.writer.put(Session, self.sessions.get((meeting.pk, 0)), {}, meeting_id=meeting.pk, position=0)
        for one in row["attendance"]:
            for code in one["who"]:
                key = {"session_id": session.pk, "participant_id": self.participants[code].pk}
                found = self.attendances.get((key["session_id"], key["participant_id"]))
                self.writer.put(Attendance, found, {"capacity": one["as"]}, **key)

    def _outcome_with_proposals(self, meeting: Meeting, row: Row, position: int) -> None:
        flags = {"is_background": row["is_background"], "needs_review": row["needs_review"]}
        values = {"actor": row["actor"], "verb_id": self.verbs[row["verb"]].pk, "parent_id": None, **flags}
        parent = self._outcome(meeting, row, values, position)
        for place, one in enumerate(row["proposals"], 1):
            proposed = {"actor": row["actor"], "verb_id": self.verbs["proposed"].pk, "parent_id": parent.pk}
            plain = {"is_background": False, "needs_review": ""}
            self._outcome(meeting, one, {**proposed, **plain}, place)

    def _outcome(self, meeting: Meeting, row: Row, values: dict[str, Any], position: int) -> Outcome:
        is_public = MeetingState(meeting.state) in PUBLIC and not meeting.is_public_in_part
        source = {
            "source_kind": "meeting",
            "source_title": meeting.title,
            "source_on": meeting.ends_on,
            "source_path": meeting.get_absolute_url(),
            "is_public": is_public,
        }
        own = {"text": row["text"], "label": row["label"], "position": position}
        body = self.bodies[row["body"]].pk if row["body"] else None
        found = self.outcomes.get(row["ref"])
        outcome = self.writer.put(Outcome, found, {**values, **own, **source, "body_id": body}, ref=row["ref"])
        link = {"meeting_id": meeting.pk}
        self.writer.put(MeetingOutcome, self.links.get(outcome.pk), link, outcome_id=outcome.pk)
        return outcome

"""Who sees and answers what was called: invitations, delegations, papers, the evidence of notice."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from audit.services import record_access
from meetings.access.meetings import READ_BY, chairs, get_meeting, staff_only, user_of
from meetings.enums import SUBJECT, MeetingState, Verb
from meetings.models import Delegation, Meeting, MeetingInvitation, NominationLetter, PaperRequest
from meetings.rules import permits
from members.access import Reader
from members.directory import co_chairs_of, observers_on, participants_with_speaker, today
from members.enums import Role
from members.models import Participant, User

# ---- the invitation ------------------------------------------------------------------------------------------------


def invitation_of(reader: Reader, meeting: Meeting) -> MeetingInvitation | None:
    """The invitation as the secretariat sees it from the first draft on, and co-chairs once their approval is asked;
    None: none is prepared, or not shown. With the number of papers asked for and come: one query less for its pages."""
    found = MeetingInvitation.objects.select_related("drafted_by", "changed_by", "approved_by", "approved_for")
    papers = Count("meeting__paper_requests")
    came = Count("meeting__paper_requests", filter=Q(meeting__paper_requests__received_at__isnull=False))
    found = found.annotate(papers_asked=papers, papers_came=came)
    invitation = found.filter(meeting=meeting).first()
    if reader.is_staff or invitation is None:
        return invitation
    is_asked = invitation.asked_at is not None or invitation.sent_at is not None
    return invitation if chairs(reader, meeting) and is_asked else None


def sent_invitation_of(meeting: Meeting) -> MeetingInvitation | None:
    """The invitation once it went out: those who were invited know its date."""
    invitation: MeetingInvitation | None = getattr(meeting, "invitation", None)
    return invitation if invitation is not None and invitation.sent_at else None


def takes_answers(meeting: Meeting) -> bool:
    """In its state; whether its last day has passed is asked under the lock."""
    return permits(Verb.REGISTER, MeetingState(meeting.state))


def get_invitation(reader: Reader, slug: str) -> tuple[Meeting, MeetingInvitation]:
    """A meeting and its invitation; 404 where there is none that this reader may see."""
    if not (reader.is_staff or reader.is_co_chair):
        raise Http404
    meeting = get_meeting(reader, slug)
    invitation = invitation_of(reader, meeting)
    if invitation is None:
        raise Http404
    return meeting, invitation


def can_approve(reader: Reader, meeting: Meeting, invitation: MeetingInvitation) -> bool:
    """A co-chair, or a manager who records a co-chair's approval; never a person who drafted it."""
    drafters = {invitation.drafted_by_id, invitation.changed_by_id}
    may = (reader.is_manager or chairs(reader, meeting)) and reader.user is not None
    is_drafter = reader.user is not None and reader.user.pk in drafters
    is_asked = invitation.asked_at is not None and invitation.sent_at is None
    return may and not is_drafter and is_asked and permits(Verb.APPROVE, MeetingState(meeting.state))


def invitations_to_approve(reader: Reader) -> list[MeetingInvitation]:
    """Those that wait for this reader's approval. One query; none for who never approves."""
    if not (reader.is_manager or reader.is_co_chair):
        return []
    rows = MeetingInvitation.objects.filter(asked_at__isnull=False, sent_at__isnull=True)
    rows = rows.select_related("meeting__series__body").order_by("answer_by")
    return [one for one in rows if can_approve(reader, one.meeting, one)]


def observers_to_choose(reader: Reader) -> QuerySet[Participant]:
    staff_only(reader)
    return observers_on(today()).order_by("sort_key")


def co_chairs_to_choose(meeting: Meeting) -> QuerySet[Participant]:
    """Co-chairs of the body on the forum's day, for the form that records an approval."""
    return Participant.objects.filter(pk__in=[one.pk for one in co_chairs_of(meeting.series.body, today())])


# ---- delegations ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """A participant of the reader with its delegation, if it is invited, and the papers asked of it."""

    participant: Participant
    delegation: Delegation | None
    papers: tuple[PaperRequest, ...]
    may_answer: bool


def own_participants(reader: Reader, meeting: Meeting) -> list[Participant]:
    """Participants of the reader that are invited or asked for a paper, first those for whom the reader acts now."""
    first = reader.acting.participant_ids
    own = sorted(reader.for_participants(*READ_BY), key=lambda one: (one.pk not in first, one.sort_key))
    if not own:
        return []
    concerned = Participant.objects.filter(
        Q(Exists(meeting.delegations.filter(participant=OuterRef("pk"))))
        | Q(Exists(meeting.paper_requests.filter(participant=OuterRef("pk")))),
        pk__in=[one.pk for one in own],
    )
    found = set(concerned.values_list("pk", flat=True))
    return [one for one in own if one.pk in found]


def get_own(reader: Reader, meeting: Meeting, code: str) -> Own:
    """The delegation of a participant with names and special needs: for its own people and the secretariat. 404 for
    everyone else, and where the participant is not concerned."""
    own = next((one for one in reader.for_participants(*READ_BY) if one.code == code), None)
    participant = own or (Participant.objects.filter(code=code).first() if reader.is_staff else None)
    if participant is None:
        raise Http404
    rows = Delegation.objects.select_related("answered_by").prefetch_related("delegates")
    delegation = rows.filter(meeting=meeting, participant=participant).first()
    papers = tuple(PaperRequest.objects.filter(meeting=meeting, participant=participant))
    if delegation is None and not papers:
        raise Http404
    may_answer = delegation is not None and (
        participant in reader.speaks_for or _answers_as_observer(reader, delegation, participant)
    )
    return Own(participant, delegation, papers, may_answer)


def _answers_as_observer(reader: Reader, delegation: Delegation, participant: Participant) -> bool:
    """An observer delegate answers for an observer that has neither focal point nor alternate in office."""
    posts = reader.for_participants(Role.OBSERVER_DELEGATE)
    return delegation.is_observer and participant in posts and not participants_with_speaker([participant.pk])


def can_record(reader: Reader, meeting: Meeting, own: Own) -> bool:
    """May the secretariat write down what came by another way?"""
    return reader.is_staff and own.delegation is not None and takes_answers(meeting)


def get_letter(reader: Reader, meeting: Meeting, code: str) -> NominationLetter:
    """The copy of a nomination letter with its bytes, for the own people and the secretariat. 404 otherwise."""
    own = get_own(reader, meeting, code)
    found = NominationLetter.objects.filter(delegation=own.delegation).first() if own.delegation else None
    if found is None:
        raise Http404
    return found


def note_letter_read(reader: Reader, meeting: Meeting, code: str) -> None:
    record_access(user_of(reader), kind="letter", ref=f"{meeting.slug}/{code}")


def user_who_answers(reader: Reader, own: Own) -> User:
    """The focal point or alternate behind an answer. 403 for the participant's other people and for staff."""
    if reader.user is None or not own.may_answer:
        raise PermissionDenied(f"Only the focal point and the alternate of {own.participant} register its delegation.")
    return reader.user


def note_opened(reader: Reader, meeting: Meeting, participant: Participant) -> None:
    """Write into the access log that a person of the participant opened the invitation; staff are noted as such."""
    is_own = participant in reader.participants
    record_access(user_of(reader), kind=SUBJECT, ref=meeting.slug, on_behalf_of=participant.code if is_own else "")


# ---- evidence ------------------------------------------------------------------------------------------------------


def get_evidence(reader: Reader, slug: str) -> Meeting:
    """A meeting whose evidence of notice this reader may see: staff and the co-chairs of its body or of the forum. 404
    otherwise."""
    if not (reader.is_staff or reader.is_co_chair):
        raise Http404
    meeting = get_meeting(reader, slug, "invitation")
    if not (reader.is_staff or chairs(reader, meeting)):
        raise Http404
    return meeting


def get_paper(reader: Reader, meeting: Meeting, pk: int) -> PaperRequest:
    staff_only(reader)
    found = meeting.paper_requests.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def participants_to_ask(reader: Reader, meeting: Meeting) -> QuerySet[Participant]:
    """Who may be asked for a paper: everyone in the directory that did not become part of another."""
    staff_only(reader)
    return Participant.objects.filter(merger__isnull=True).order_by("sort_key")

"""The list of participants of a meeting, as plain values: by groups, in the order of the alphabet, the head of each
delegation first. Provisional it is made anew each time; final it is what was frozen."""

from typing import Any

from meetings import words
from meetings.called import head
from meetings.enums import Capacity, DelegateRole, DelegationState
from meetings.models import Delegation, DelegationChange, FinalList, Meeting, MeetingInvitation
from members.access import Reader
from members.enums import Kind
from members.models import Forum

Group = dict[str, Any]
"""title; delegations: name, count, people (name, role, function)."""


def groups_now(meeting: Meeting) -> list[Group]:
    """Who comes by what stands now. Two queries."""
    rows = meeting.delegations.filter(state=DelegationState.CONFIRMED.value)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in rows.select_related("participant").prefetch_related("delegates").order_by("participant__sort_key"):
        title = words.group_of(Capacity(one.capacity), Kind(one.participant.kind))
        found.setdefault(title, []).append(_delegation(one))
    return [{"title": title, "delegations": found[title]} for title in words.GROUP_ORDER if title in found]


def _delegation(delegation: Delegation) -> dict[str, Any]:
    people = sorted(delegation.delegates.all(), key=lambda one: (one.role != DelegateRole.HEAD, one.position))
    return {
        "name": delegation.participant.short_name,
        "count": len(people),
        "people": [
            {"name": one.name, "role": one.get_role_display(), "function": one.function} for one in people if one.name
        ],
    }


def standing_list(meeting: Meeting) -> FinalList | None:
    """The final list, where one stands. One query."""
    return FinalList.objects.select_related("frozen_by").filter(meeting=meeting, reopened_at__isnull=True).first()


def counts(groups: list[Group]) -> tuple[int, int]:
    """Delegations and people."""
    found = [one for group in groups for one in group["delegations"]]
    return len(found), sum(one["count"] for one in found)


def list_page(meeting: Meeting, invitation: MeetingInvitation | None, reader: Reader, forum: Forum, now: Any) -> Any:
    """Context of the page. Six queries, whatever the number of people."""
    rows = FinalList.objects.select_related("frozen_by", "reopened_by").defer("groups").filter(meeting=meeting)
    earlier = [one for one in rows if one.reopened_at]
    final = standing_list(meeting)
    groups = final.groups if final else groups_now(meeting)
    delegations, people = counts(groups)
    changed = DelegationChange.objects.filter(delegation__meeting=meeting, at__gt=final.frozen_at) if final else None
    return {
        **head(meeting, invitation, reader, forum, now),
        "groups": groups,
        "final": final,
        "earlier": earlier,
        "delegations": delegations,
        "people": people,
        "changed_since": changed.count() if changed is not None else 0,
        "has_badges": people > 0,
    }

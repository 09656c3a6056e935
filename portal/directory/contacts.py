"""Whether a participant can be reached now, for the secretariat: by all its addresses, not by one mail alone."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from members.directory import addressees_of
from members.enums import StandingKind
from notifications.enums import RETURNED
from notifications.models import Notice
from notifications.queries import newest_to
from notifications.signs import Contact, contact

CHIPS = {
    Contact.NO_ADDRESS: ("e-vacant", "No address"),
    Contact.VACANT: ("e-vacant", "Vacant"),
    Contact.RETURNED: ("n-returned", "Came back"),
    Contact.REACHED: ("n-delivered", "Reached"),
    Contact.UNTRIED: ("n-sent", "Not written to yet"),
}
SENTENCES = {
    Contact.NO_ADDRESS: "Nothing can be mailed to it.",
    Contact.VACANT: "No focal point and no alternate is in office.",
    Contact.RETURNED: "No address took the newest message to it.",
    Contact.REACHED: "A mail server took the newest message to one of its addresses.",
    Contact.UNTRIED: "No message was sent to any of its addresses.",
}


@dataclass(frozen=True)
class Reachable:
    """One participant, and of how many of its addresses the newest message came back."""

    contact: Contact
    addresses: int
    returned: int

    @property
    def chip(self) -> tuple[str, str]:
        return CHIPS[self.contact]

    @property
    def sentence(self) -> str:
        return f"{SENTENCES[self.contact]}{f' {self.remark}.' if self.remark else ''}"

    @property
    def remark(self) -> str:
        """What came back, where the chip alone does not say it."""
        if not self.returned or (self.contact is Contact.RETURNED and self.returned == self.addresses):
            return ""
        return f"Mail came back from {self.returned} of {self.addresses} addresses"


def reachable(addresses: Collection[str], newest: Mapping[str, Notice], *, has_speaker: bool) -> Reachable:
    """From what became of the newest message to each of the addresses (small letters)."""
    found = [newest[one].state if one in newest else None for one in addresses]
    came_back = sum(state in RETURNED for state in found)
    return Reachable(contact(found, has_speaker=has_speaker), len(found), came_back)


def contacts_of(rows: Iterable[Mapping[str, object]]) -> dict[str, Reachable]:
    """By code, for rows with `pk`, `code` and `standing_now`. Of who is no member only where it has an address: nobody
    needs to reply for it. Three queries, whatever the number."""
    rows = list(rows)
    told: dict[str, set[str]] = {}
    speaking = set()
    for to in addressees_of([row["pk"] for row in rows]):  # type: ignore[misc]
        told.setdefault(to.participant_code, set()).add(to.address)
        if to.may_reply:
            speaking.add(to.participant_code)
    newest = newest_to(one for addresses in told.values() for one in addresses)
    found = {}
    for row in rows:
        code, is_member = str(row["code"]), row["standing_now"] == StandingKind.MEMBER
        if is_member or code in told:
            has_speaker = code in speaking or not is_member
            found[code] = reachable(told.get(code, ()), newest, has_speaker=has_speaker)
    return found

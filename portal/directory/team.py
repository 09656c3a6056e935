"""Who acts for a participant: roles and functions, and the persons where the reader may know them."""

import datetime as dt
from typing import Any

from members.enums import ROLE_NAMES, Role
from members.profile import Profile
from portal.directory.access import Reach

ENDED_SHOWN = 6
VACANT = ("e-vacant", "Vacant")


def team(rows: list[dict[str, Any]], profile: Profile, reach: Reach, *, is_member: bool) -> dict[str, Any]:
    """The table: in office first; a member without a focal point shows the post as vacant."""
    made = [person_row(row, profile.now, reach) for row in rows]
    in_office = [one for one in made if not one["is_past"]]
    ended = [one for one in made if one["is_past"]]
    speaks = any(one["role"] == Role.FOCAL_POINT and is_in_office(one, profile.now) for one in rows)
    return {
        "rows": [*in_office, *ended[:ENDED_SHOWN]],
        "vacant": VACANT if is_member and not speaks else None,
        "replies": is_member,
        "cut": len(ended) > ENDED_SHOWN,
        "named": reach.people,
        "manages": reach.manages,
        "addresses": (own := profile.addresses if reach.people else []),
        "mailboxes": [(one, None) for one in own],
    }


def is_in_office(row: dict[str, Any], now: dt.datetime) -> bool:
    ends_at = row["ends_at"]
    return bool(row["user__is_active"] and row["starts_at"] <= now and (ends_at is None or ends_at > now))


def person_row(row: dict[str, Any], now: dt.datetime, reach: Reach) -> dict[str, Any]:
    """One appointment as the table prints it; the person only where the reader may know it."""
    role = ROLE_NAMES[Role(row["role"])]
    of_body = f" of the {row['body__name']}" if row["body__name"] else ""
    made = {
        "role": f"{role}{of_body}",
        "function": row["function"],
        "from": row["starts_at"],
        "to": row["ends_at"],
        "is_past": row["ends_at"] is not None and row["ends_at"] <= now,
        "is_in_office": is_in_office(row, now),
        "is_coming": row["starts_at"] > now,
        "is_sample": row["user__is_sample"],
    }
    if reach.people:
        made |= {"name": row["user__name"], "email": row["user__email"], "letter": row["letter"]}
    return made

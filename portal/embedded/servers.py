"""Both servers together: those of the environment where it names them, ours where it does not."""

import os
from collections.abc import Mapping

from portal.embedded import postgres, valkey
from portal.embedded.children import Roll
from portal.embedded.errors import Trouble
from portal.embedded.folder import Folder
from portal.embedded.signals import Stop

DOORS = ("DATABASE_URL", "DATABASE_OWNER_URL")


def start(
    folder: Folder, roll: Roll, stop: Stop, given: Mapping[str, str] = os.environ, *, throwaway: bool = False
) -> dict[str, str]:
    """Start what the environment does not bring, and give back all three addresses."""
    named = [name for name in DOORS if given.get(name)]
    if len(named) == 1:
        missing = next(name for name in DOORS if name not in named)
        raise Trouble(
            f"{named[0]} is set but {missing} is not: set both, and REDIS_URL, to use your own servers, or none."
        )
    addresses = {name: given[name] for name in (*DOORS, "REDIS_URL") if given.get(name)}
    if not named:
        urls = postgres.start(folder, roll, stop, throwaway=throwaway)
        addresses["DATABASE_URL"], addresses["DATABASE_OWNER_URL"] = urls.application, urls.owner
    if "REDIS_URL" not in addresses:
        addresses["REDIS_URL"] = valkey.start(folder, roll, stop, throwaway=throwaway)
    return addresses

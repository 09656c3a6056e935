"""How a person is told of what is no duty: at once, together once a day or week, or in the portal alone."""

import uuid
from collections.abc import Mapping

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from audit.services import done, once
from notifications.enums import CHOOSABLE, Cadence, Kind
from notifications.models import Notice, Preference
from notifications.services.locking import lock_in_order

CHOSEN = "preferences.chosen"
TOGETHER = [Cadence.DAILY.value, Cadence.WEEKLY.value]


def cadences_of(user_id: int) -> dict[Kind, Cadence]:
    """What the person chose for each kind that can be chosen; at once where nothing was."""
    rows = Preference.objects.filter(user_id=user_id).values_list("kind", "cadence")
    chosen = {Kind(kind): Cadence(cadence) for kind, cadence in rows}
    return {kind: chosen.get(kind, Cadence.AT_ONCE) for kind in sorted(CHOOSABLE)}


@transaction.atomic
def choose(user_id: int, wanted: Mapping[Kind, Cadence]) -> None:
    """Keep the person's choice. What waits for a digest goes with the next one, unless the person wants none by e-mail:
    then it stays in the inbox. Kinds that are duties are passed over."""
    for kind, cadence in wanted.items():
        if kind in CHOOSABLE:
            Preference.objects.update_or_create(user_id=user_id, kind=kind.value, defaults={"cadence": cadence.value})
    unwanted = [kind.value for kind, cadence in wanted.items() if cadence is Cadence.NEVER and kind in CHOOSABLE]
    waiting = Notice.objects.filter(user_id=user_id, cadence__in=TOGETHER, digest__isnull=True, kind__in=unwanted)
    Notice.objects.filter(pk__in=lock_in_order(waiting)).update(cadence=Cadence.NEVER.value)


@transaction.atomic(durable=True)
def change_preferences(user: AbstractBaseUser, wanted: Mapping[Kind, Cadence], *, key: uuid.UUID) -> None:
    """What a person chose on the page, once for each form: an old form sent again undoes no later choice."""
    if once(key, actor=user, action=CHOSEN) is None:
        choose(user.pk, wanted)
        done(key, actor=user, action=CHOSEN, result_ref=str(user.pk))


def stop_digests(user_id: int) -> None:
    """The person unsubscribed from digests: what came together comes in the portal alone. Duties are not touched."""
    together = {kind: Cadence.NEVER for kind, cadence in cadences_of(user_id).items() if cadence.value in TOGETHER}
    choose(user_id, together)

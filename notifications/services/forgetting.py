"""A person leaves: the name goes from what was sent, the record of sending stays."""

from django.db.models import F, Value
from django.db.models.functions import Now, Replace

from notifications.enums import RETURNED, WAITING, NoticeState
from notifications.models import KeptMail, Notice, Preference
from notifications.services.locking import lock_in_order


def forget_addressee(user_id: int, *, address: str, name: str, instead: str, name_instead: str) -> None:
    """Replace address and name of a person who leaves, in notices and in what the portal's own receiver kept. What was
    sent, when and about what stays; what waits is not sent any more, and what did not arrive is nobody's task. Inside
    the deed's transaction, under locks on all of it in the order of the keys."""
    told = Notice.objects.filter(pk__in=lock_in_order(Notice.objects.filter(user_id=user_id)))
    told.filter(state__in=[state.value for state in WAITING]).update(state=NoticeState.WITHHELD.value)
    told.filter(state__in=[state.value for state in RETURNED], handled_at__isnull=True).update(handled_at=Now())
    kept = KeptMail.objects.filter(pk__in=lock_in_order(KeptMail.objects.filter(recipient__iexact=address)))
    for rows, columns in ((told, ("subject", "body")), (kept, ("subject", "body"))):
        for word, other in ((address, instead), (name, name_instead)):
            if word:
                rows.update(**{one: Replace(F(one), Value(word), Value(other)) for one in columns})
    told.update(address=instead, domain="")
    kept.update(recipient=instead)
    Preference.objects.filter(user_id=user_id).delete()

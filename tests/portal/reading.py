"""Pages as a test reads them: spaces folded, what changes with each answer taken out."""

import re

from django.test import Client

from members.models import Participant, User


def text_of(client: Client, participant: Participant) -> str:
    response = client.get(participant.get_absolute_url())
    assert response.status_code == 200
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", " ".join(response.content.decode().split()))


def seen(user: User | None, participant: Participant) -> str:
    client = Client()
    if user:
        client.force_login(user)
    return text_of(client, participant)

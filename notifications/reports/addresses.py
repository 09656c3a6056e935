"""The address to which reports about one message come: only who was sent that message knows it.

`bounces+<notice>.<code>@domain` is the sender in the envelope of each mail (VERP). The code is made with a key from
SECRET_KEY, so nobody can write a report about a message that went to somebody else.
"""

import re
from urllib.parse import unquote

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.letter import sender

CODE_LENGTH = 20
"""Hexadecimal digits: 80 bits, and the part before the @ stays within the 64 characters that servers take."""
COMES_TO = re.compile(rf"\+(\d{{1,18}})\.([0-9a-f]{{{CODE_LENGTH}}})@", re.IGNORECASE)


def return_path(notice_id: int) -> str:
    """The sender in the envelope of a message; the plain sender where BOUNCE_ADDRESS is not set."""
    if not settings.BOUNCE_ADDRESS:
        return sender()
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{notice_id}.{_code(notice_id, settings.SECRET_KEY)}@{domain}"


def proven_by(text: str) -> frozenset[int]:
    """Keys of the notices whose return path stands in a text, with the right code."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    found = {(int(pk), code.lower()) for pk, code in COMES_TO.findall(text)}
    return frozenset(pk for pk, code in found if any(constant_time_compare(code, _code(pk, secret)) for secret in keys))


def spellings(address: str) -> frozenset[str]:
    """An address as it may stand in a report: without brackets, in lower case, its domain in ASCII, +XX decoded."""
    plain = address.strip().strip("<>").strip().lower()
    decoded = unquote(re.sub(r"\+(?=[0-9a-f]{2})", "%", plain), errors="replace")
    return frozenset(_ascii_domain(one) for one in (plain, decoded) if "@" in one)


def _ascii_domain(address: str) -> str:
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def _code(notice_id: int, secret: str) -> str:
    made = salted_hmac("notifications.return_path", str(notice_id), secret=secret, algorithm="sha256")
    return made.hexdigest()[:CODE_LENGTH]

"""Names as they are compared, so that a spelling belongs to one participant only; addresses in their one form."""

import unicodedata


def fold(name: str) -> str:
    """No accents, no capitals, plain apostrophes, single spaces."""
    plain = unicodedata.normalize("NFKD", name).replace("’", "'")
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def one_line(text: str) -> str:
    """A name or a title as it was typed, in any script: composed characters, single spaces, no line end."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def plain_address(address: str) -> str:
    """The one form of an e-mail address: no spaces around it, lower case, the domain as mail servers read it (xn--).

    ValueError when it has no such form.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    if not (local and at and domain):
        raise ValueError("no address of a mailbox")
    return f"{local.lower()}@{domain.encode('idna').decode('ascii').lower()}"

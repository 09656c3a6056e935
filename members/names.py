"""Names as they are compared, so that a spelling belongs to one participant only."""

import unicodedata


def fold(name: str) -> str:
    """No accents, no capitals, plain apostrophes, single spaces."""
    plain = unicodedata.normalize("NFKD", name).replace("’", "'")
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())

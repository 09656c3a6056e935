"""Ordinals of meetings, as labels and as words of a title. Pure functions; a label never becomes a key."""

import re

UNITS = (
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
)
TENS = ("", "", "twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")
LABEL = re.compile(r"(\D*)(\d{1,3})(st|nd|rd|th|)(\D*)")


def in_words(number: int) -> str:
    """1 → "first", 20 → "twentieth", 21 → "twenty-first"; "" beyond 99."""
    if not 0 < number < 100:
        return ""
    if number < len(UNITS):
        return UNITS[number]
    tens, unit = divmod(number, 10)
    return f"{TENS[tens]}y-{UNITS[unit]}" if unit else f"{TENS[tens]}ieth"


def in_digits(number: int) -> str:
    """19 → "19th", 21 → "21st", 112 → "112th"."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def number_of(label: str) -> int | None:
    """The number in a label, if it holds exactly one."""
    found = LABEL.fullmatch(label)
    return int(found[2]) if found else None


def next_label(label: str) -> str:
    """ "19" → "20", "19th" → "20th", "Special 2" → "Special 3"; "" where there is no number to count on from."""
    found = LABEL.fullmatch(label)
    if found is None:
        return ""
    number = int(found[2]) + 1
    return f"{found[1]}{in_digits(number) if found[3] else number}{found[4]}"


def next_title(title: str, label: str, *, year: int | None = None, to_year: int | None = None) -> str:
    """The title one further: the ordinal of the label, in words or digits, and the year where it holds it."""
    number = number_of(label)
    if number is not None:
        for before, after in (
            (in_words(number), in_words(number + 1)),
            (in_digits(number), in_digits(number + 1)),
        ):
            if before and after:
                title = _replace(title, before, after)
    if year and to_year:
        title = re.sub(rf"\b{year}\b", str(to_year), title)
    return title


def _replace(title: str, before: str, after: str) -> str:
    """Whole words only: in "Twenty-first" there is no "first"."""

    def as_written(found: re.Match[str]) -> str:
        return after.capitalize() if found[0][0].isupper() else after

    return re.sub(rf"(?<![\w-]){before}(?![\w-])", as_written, title, flags=re.IGNORECASE)

"""Deeds of accounts."""

from members.models import User


def choose_theme(user: User, theme: str) -> None:
    """Keep the display a person chose: light, dark, or empty for the system's. Anything else counts as empty."""
    user.theme = theme if theme in {"light", "dark"} else ""
    user.save(update_fields=["theme"])

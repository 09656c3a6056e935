"""Names of the places where a worker kills itself (see victim.py)."""

CRASH_POINTS = ("claiming", "claimed", "connected", "sending", "sent", "recording", "recorded", "giving-back")

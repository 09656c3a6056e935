"""What can go wrong, said in one sentence with its remedy."""


class Trouble(Exception):
    """Starting or running failed; the text is one clear sentence for the person at the terminal."""


class StopAsked(Exception):
    """SIGINT, SIGTERM or SIGHUP arrived: wind down, this is no failure."""

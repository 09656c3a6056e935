"""What is said when a file or a form is not taken."""


class Refused(Exception):
    """Not taken, with the sentence for the person; `field` names the field of the form it belongs to."""

    def __init__(self, message: str, field: str = "file") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

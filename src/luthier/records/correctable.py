"""What a person at this machine can put right."""


class CorrectableError(Exception):
    """Something is not as it must be; the message says where, in one line, and what to do. It has no traceback."""

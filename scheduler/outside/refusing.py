"""Why a calendar from outside is not taken in: a code that other packages have words for."""

from __future__ import annotations


class CalendarRefusedError(Exception):
    """Raised when a calendar cannot be fetched or read; what was read of it before stays."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

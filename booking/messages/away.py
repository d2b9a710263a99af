"""How an entry of a calendar says that somebody of the reader's people will not come."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from booking.models import CalendarSubscription

Privacy = CalendarSubscription.Privacy


class Away(NamedTuple):
    """Who of the reader's people will not come to one meeting, and when that was last changed."""

    names: tuple[str, ...]
    changed_at: datetime


def say_away(title: str, absent: tuple[str, ...], privacy: str) -> str:
    """Return the title with who will not come, saying as much as `privacy` allows."""
    if not absent or privacy == Privacy.BUSY:
        return title
    if privacy == Privacy.SERVICE_ONLY:
        return _("Absence reported: %(title)s") % {"title": title}
    told = _("Will not come: %(names)s") % {"names": ", ".join(absent)}
    return f"{title} ({told})"

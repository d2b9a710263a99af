"""Words that several messages share: moments as people say them, the letter's frame, the calendar file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language

from booking.messages.short_words import say_shortly
from booking.models import Centre
from notifications.kinds import Text
from scheduler.ical import Entry, render


def day(moment: datetime, zone: ZoneInfo) -> str:
    """Return the day as people say it in the active language: "środa 25 listopada"."""
    return date_format(moment.astimezone(zone), "l j E")


def when(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """Return day and hours on the wall clock of `zone`: "środa 25 listopada, 16:00–16:45"."""
    hours = (time_format(moment.astimezone(zone), "TIME_FORMAT") for moment in (starts_at, ends_at))
    return f"{day(starts_at, zone)}, {'–'.join(hours)}"


def at(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as an SMS has room for it: "śr 25.11, 16:00"."""
    local = moment.astimezone(zone)
    short = date_format(local, "SHORT_MONTH_DAY_FORMAT")
    return f"{short if get_language() == 'en' else short.lower()}, {time_format(local, 'TIME_FORMAT')}"


def until(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment on the wall clock of `zone`: "środa 25 listopada, 16:00"."""
    return f"{day(moment, zone)}, {time_format(moment.astimezone(zone), 'TIME_FORMAT')}"


def letter(
    template: str, facts: dict[str, Any], *, centre: Centre, entries: Iterable[Entry] = (), zone: ZoneInfo
) -> Text:
    """Return the letter of a template, whose first line is the subject, with the entries as a calendar file.

    What may be said to somebody to whom nothing may be named is the time alone, where there is one ("when"). What an
    SMS says of it has a template of its own.
    """
    context = {**facts, "centre": centre, "site": settings.PUBLIC_URL.rstrip("/")}
    subject, _, body = render_to_string(f"booking/messages/{template}.txt", context).strip().partition("\n")
    body = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", body)).strip() + "\n"
    attached = list(entries)
    calendar = render(attached, name="", zone=zone).decode() if attached else ""
    short = say_shortly(template, context, centre=centre)
    return Text(subject, body, calendar, discreet=str(facts.get("when", "")), short=short)

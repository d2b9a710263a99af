"""An offer in words: when it meets ("wtorki i czwartki 16:00–16:45") and for whom ("6–9 lat")."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from booking.models import Group
from booking.models.group_names import full_name, polish_name
from booking.web.recurrence_words import RULES, Meeting
from scheduler.models import Recurrence

__all__ = ["full_name", "polish_name", "say_ages", "say_hours", "say_meetings", "short_name"]

WORKING_DAYS = (0, 1, 2, 3, 4)
SEVERAL_A_DAY = 2  # from how many meetings on one day only its beginning and end are said


def short_name(group: Group, title: str) -> str:
    """Return a group's name beside a title that says the activity: "Maluchy", or the ages if nothing is left."""
    name = group.name
    for said in (title, polish_name(group)):
        if name.casefold().startswith(said.casefold()):
            return name[len(said) :].strip(" –-,") or say_ages(group.age_from, group.age_until)
    return name


def say_hours(starts: time, ends: time) -> str:
    """Return a stretch of a day: "16:00–16:45"."""
    return f"{starts:%H:%M}–{ends:%H:%M}"


def say_meetings(meetings: Iterable[Meeting]) -> list[str]:
    """Return the rule of each kind of meeting, in order of the week; days with equal hours are said together.

    Where a group meets more than twice on a day (day care), the day is said from its beginning to its end.
    """
    by_day: dict[tuple[str, int, str], list[Meeting]] = {}
    for meeting in meetings:
        by_day.setdefault((meeting.recurrence, meeting.weekday, meeting.on), []).append(meeting)
    by_hours: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for (recurrence, weekday, on), same_day in sorted(by_day.items(), key=lambda each: each[0][1]):
        by_hours.setdefault((recurrence, _hours(same_day)), []).append((weekday, on))
    return [f"{_days(recurrence, days)} {hours}" for (recurrence, hours), days in by_hours.items()]


def say_ages(age_from: int | None, age_until: int | None) -> str:
    """Return for whom an offer is: "6–9 lat", "od 18 lat", "do 12 lat", or blank where everyone may come."""
    if age_from is not None and age_until is not None and age_from != age_until:
        words = ngettext("%(from)s–%(until)s year", "%(from)s–%(until)s years", age_until)
        return words % {"from": age_from, "until": age_until}
    if age_from is not None and age_until is not None:
        return ngettext("%(age)s year", "%(age)s years", age_from) % {"age": age_from}
    if age_from is not None:
        return ngettext("from the age of %(age)s", "from the age of %(age)s", age_from) % {"age": age_from}
    if age_until is not None:
        return ngettext("up to the age of %(age)s", "up to the age of %(age)s", age_until) % {"age": age_until}
    return ""


def _hours(same_day: list[Meeting]) -> str:
    spans = sorted({(meeting.starts, meeting.ends) for meeting in same_day})
    if len(spans) > SEVERAL_A_DAY:
        return say_hours(spans[0][0], max(ends for _starts, ends in spans))
    return get_text_list([say_hours(*span) for span in spans], _("and"))


def _days(recurrence: str, days: list[tuple[int, str]]) -> str:
    weekdays = tuple(weekday for weekday, _on in days)
    if recurrence == Recurrence.WEEKLY and weekdays == WORKING_DAYS:
        return _("Monday to Friday")
    names = [on or str(RULES[Recurrence(recurrence)][weekday]) for weekday, on in days]
    return get_text_list(names, pgettext("joins the last of several days", "and"))

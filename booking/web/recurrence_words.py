"""On which days a series meets, in words: "poniedziałki", "co drugi wtorek", "4 dni przed Wielkanocą"."""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple

from dateutil.easter import easter
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scheduler.models import Recurrence, Series

RULES = {
    Recurrence.WEEKLY: (
        gettext_lazy("Mondays"),
        gettext_lazy("Tuesdays"),
        gettext_lazy("Wednesdays"),
        gettext_lazy("Thursdays"),
        gettext_lazy("Fridays"),
        gettext_lazy("Saturdays"),
        gettext_lazy("Sundays"),
    ),
    Recurrence.FORTNIGHTLY: (
        gettext_lazy("every second Monday"),
        gettext_lazy("every second Tuesday"),
        gettext_lazy("every second Wednesday"),
        gettext_lazy("every second Thursday"),
        gettext_lazy("every second Friday"),
        gettext_lazy("every second Saturday"),
        gettext_lazy("every second Sunday"),
    ),
    Recurrence.FIRST_IN_MONTH: (
        gettext_lazy("first Monday of the month"),
        gettext_lazy("first Tuesday of the month"),
        gettext_lazy("first Wednesday of the month"),
        gettext_lazy("first Thursday of the month"),
        gettext_lazy("first Friday of the month"),
        gettext_lazy("first Saturday of the month"),
        gettext_lazy("first Sunday of the month"),
    ),
    Recurrence.SECOND_FOURTH_IN_MONTH: (
        gettext_lazy("second and fourth Monday of the month"),
        gettext_lazy("second and fourth Tuesday of the month"),
        gettext_lazy("second and fourth Wednesday of the month"),
        gettext_lazy("second and fourth Thursday of the month"),
        gettext_lazy("second and fourth Friday of the month"),
        gettext_lazy("second and fourth Saturday of the month"),
        gettext_lazy("second and fourth Sunday of the month"),
    ),
    Recurrence.FIRST_THIRD_IN_MONTH: (
        gettext_lazy("first and third Monday of the month"),
        gettext_lazy("first and third Tuesday of the month"),
        gettext_lazy("first and third Wednesday of the month"),
        gettext_lazy("first and third Thursday of the month"),
        gettext_lazy("first and third Friday of the month"),
        gettext_lazy("first and third Saturday of the month"),
        gettext_lazy("first and third Sunday of the month"),
    ),
    Recurrence.LAST_IN_MONTH: (
        gettext_lazy("last Monday of the month"),
        gettext_lazy("last Tuesday of the month"),
        gettext_lazy("last Wednesday of the month"),
        gettext_lazy("last Thursday of the month"),
        gettext_lazy("last Friday of the month"),
        gettext_lazy("last Saturday of the month"),
        gettext_lazy("last Sunday of the month"),
    ),
}


class Meeting(NamedTuple):
    """When one series meets, on the wall clock of its timetable; `on` says the day where no weekday does."""

    recurrence: str
    weekday: int
    starts: time
    ends: time
    on: str = ""


def meetings_of(series: Series) -> list[Meeting]:
    """Return when a series meets, once for each of its weekdays; its event and timetable should be loaded."""
    on = _day_in_words(series)
    weekdays = [series.weekday] if on else series.weekdays
    return [Meeting(series.recurrence, weekday, series.starts, series.ends, on) for weekday in weekdays]


def say_day(day: date) -> str:
    """Return a day as people say it: "środa 25 listopada"."""
    return date_format(day, "l j E")


def say_from_easter(day: date) -> str:
    """Return how far a day is from Easter of its year: "4 dni przed Wielkanocą"."""
    away = (day - easter(day.year)).days
    if away == 0:
        return _("on Easter Sunday")
    if away < 0:
        return ngettext("%(n)s day before Easter", "%(n)s days before Easter", -away) % {"n": -away}
    return ngettext("%(n)s day after Easter", "%(n)s days after Easter", away) % {"n": away}


def _day_in_words(series: Series) -> str:
    day = series.starts_on
    match series.recurrence:
        case Recurrence.ONCE:
            return say_day(series.first_start)
        case Recurrence.MONTHLY_BY_DATE:
            return _("every month on day %(day)s") % {"day": day.day}
        case Recurrence.YEARLY:
            return _("every year on %(day)s") % {"day": date_format(day, "j E")}
        case Recurrence.EASTER:
            return _("every year %(when)s") % {"when": say_from_easter(day)}
    return ""

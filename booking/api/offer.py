"""What the catalogue can be asked for: centre, kind, age, weekday, village, language, open and words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import ExtractIsoWeekDay
from rest_framework import serializers

from booking.api.parsing import Flag, ListQuery, Query, Since, Text
from booking.models import Activity, Service
from booking.models.names import plain
from scheduler.models import Series, Timetable
from scheduler.models.series import WEEKDAYS

OLDEST = 120
KINDS = [*Activity.Kind.choices, *Service.Entry.choices]


class ByCentre(Query):
    """Lists of what a centre has."""

    centre = Text(required=False, max_length=60, help_text="The slug or the id of a centre.")


class OfferQuery(Since, ByCentre, ListQuery):
    """Which offers are listed. Several values of one sort mean any of them.

    Services are for every age and always open: `age` and `open=true` leave them in the list.
    """

    kind = serializers.ListField(
        child=serializers.ChoiceField(choices=KINDS),
        required=False,
        help_text="Kind of an activity, or how a service is used.",
    )
    age = serializers.IntegerField(required=False, min_value=0, max_value=OLDEST, help_text="Offers for this age.")
    weekday = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        required=False,
        help_text="Offers that meet on this day; 0 is Monday.",
    )
    village = serializers.ListField(
        child=Text(max_length=100),
        required=False,
        help_text="Offers in this village or town, whatever the case and the diacritics.",
    )
    language = serializers.ChoiceField(
        required=False, choices=settings.LANGUAGES, help_text="Offers that are described in this language."
    )
    open = Flag(
        required=False, help_text="Only offers that one can enrol in now and that have places left, or only the others."
    )
    search = Text(
        required=False, max_length=100, help_text="Words of names and summaries, whatever the case and the diacritics."
    )


def of_centre(value: str, path: str = "") -> Q:
    """Return the condition that the centre at `path` (or the row itself) is the one with this slug or id."""
    try:
        return Q(**{path or "pk": uuid.UUID(value)})
    except ValueError:
        return Q(**{f"{path}__slug" if path else "slug": value})


def meeting(query: dict[str, Any]) -> QuerySet[Series] | None:
    """Return the public series on the wanted weekdays and in the wanted villages; None if nothing is wanted."""
    series = Series.objects.public()
    if "weekday" in query:
        series = series.filter(_on_weekdays([day + 1 for day in query["weekday"]]))
    if "village" in query:
        wanted = {plain(village.strip()) for village in query["village"]}
        places = series.values_list("room__place_id", "room__place__village").distinct()
        series = series.filter(room__place__in=[key for key, village in places if village and plain(village) in wanted])
    return series if {"weekday", "village"} & query.keys() else None


def _on_weekdays(iso_days: Iterable[int]) -> Q:
    """Return the condition on the day of the pattern, read on the wall clock of each timetable's own zone."""
    condition = Q(pk__in=[])
    for name in Timetable.objects.values_list("zone", flat=True).distinct():
        day = ExtractIsoWeekDay("event__start", tzinfo=ZoneInfo(name))
        here = Series.objects.alias(iso_day=day).filter(timetable__zone=name, iso_day__in=iso_days)
        condition |= Q(pk__in=here.values("pk"))
    for iso_day in iso_days:  # series that meet on several days of the week
        condition |= Q(on_weekdays__contains=WEEKDAYS[iso_day - 1])
    return condition


def described_in(language: str, *, path: str = "") -> Q:
    """Return the condition that the name at `path` exists in this language."""
    field = f"{path}name_{language}"
    return Q(**{f"{field}__isnull": False}) & ~Q(**{field: ""})


def matching(rows: Iterable[tuple[Any, ...]], search: str) -> list[Any]:
    """Return the ids of rows (id, text, text …) whose texts hold all words of `search`, without case and diacritics.

    A catalogue has some hundreds of rows, and every database compares letters in its own way: the words are compared
    here, in the same way on each.
    """
    words = plain(search).split()
    return [key for key, *texts in rows if all(word in _plain(" ".join(filter(None, texts))) for word in words)]


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    return plain(text)

"""Days on which a centre rests: statutory holidays, school breaks of its voivodeship, its own closures. Public."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from booking.api.doors import Listing
from booking.api.offer import of_centre
from booking.api.parsing import ListQuery, Text
from booking.api.problems import Problem
from booking.api.sessions import Days, asked_days
from booking.models import Centre
from scheduler.domain.closures import ClosedDays, list_closures

YEAR = 365


class ClosureQuery(Days, ListQuery):
    """Whose closures are listed, and of which days."""

    longest = 2 * YEAR + 1
    centre = Text(max_length=60, help_text="The slug or the id of a centre.")


class ClosureShape(serializers.Serializer[ClosedDays]):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day, included.")
    kind = serializers.ChoiceField(choices=["holiday", "school_break", "own"])
    name = serializers.CharField()


class ClosureList(Listing):
    """Closures in order of time; without days those of the year that begins today."""

    permission_classes = (AllowAny,)
    serializer_class = ClosureShape
    query_class = ClosureQuery

    def rows(self) -> list[ClosedDays]:
        """Return the closures that touch the days. Raises Problem for an unknown centre."""
        centres = Centre.objects.select_related("timetable")
        centre = centres.filter(of_centre(self.query["centre"])).first()
        if centre is None:
            raise Problem(HTTPStatus.NOT_FOUND, "not_found", _("There is no such centre."), pointer="/centre")
        today = timezone.localdate(self.now, centre.timetable.tz)
        if not {"from", "to"} & self.query.keys():
            return list_closures(centre.timetable, today, today + timedelta(days=YEAR))
        first, last = asked_days(self.query, today=today, length=YEAR)
        return list_closures(centre.timetable, first, last)

"""Centres: who offers what, where and when they can be reached. Public."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from booking.api.doors import Listing, One
from booking.api.parsing import ListQuery, Since
from booking.api.shapes import Moment
from booking.models import Centre
from scheduler.models import Voivodeship


class CentreShape(serializers.ModelSerializer[Centre]):
    email = serializers.CharField(help_text="Empty where there is none.")
    zone = serializers.CharField(source="timetable.zone", help_text="The IANA time zone of all its moments.")
    voivodeship = serializers.ChoiceField(source="timetable.voivodeship", choices=Voivodeship.choices)
    updated_at = Moment(timetable="timetable")

    class Meta:
        model = Centre
        fields = (
            "id",
            "slug",
            "name",
            "kind",
            "about",
            "address",
            "phone",
            "email",
            "desk_hours",
            "zone",
            "voivodeship",
            "updated_at",
        )
        read_only_fields = fields


class CentreQuery(Since, ListQuery):
    """Which centres are listed."""


class CentreList(Listing):
    """All centres."""

    permission_classes = (AllowAny,)
    serializer_class = CentreShape
    query_class = CentreQuery
    ordering = ("name", "id")

    def rows(self) -> QuerySet[Centre]:
        """Return all centres."""
        since = self.query.get("updated_since")
        centres = Centre.objects.select_related("timetable")
        return centres.filter(updated_at__gte=since) if since else centres


class CentreOne(One):
    """One centre, by the slug that its page has."""

    permission_classes = (AllowAny,)
    serializer_class = CentreShape

    def row(self) -> Any:
        """Return the centre."""
        return get_object_or_404(Centre.objects.select_related("timetable"), slug=self.kwargs["slug"])

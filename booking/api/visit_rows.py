"""Visits in lists of sessions: the same fields, and beside them what only a visit has."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking.api.sessions import SessionShape
from booking.api.shapes import Moment, Named
from booking.models import Appointment
from booking.models.modes import Mode
from scheduler.models import Series, Session

ZONE = "service.centre.timetable"
VISIT = "visit"
RELATED = ("service__centre__timetable", "specialist", "room")


class VisitFactsShape(serializers.ModelSerializer[Appointment]):
    """What only a visit has; `status` is its own, finer than the one beside it."""

    service = Named()
    person = serializers.UUIDField(source="person_id", allow_null=True)
    mode = serializers.ChoiceField(choices=Mode.choices)
    status = serializers.ChoiceField(choices=Appointment.Status.choices)

    class Meta:
        model = Appointment
        fields = ("service", "person", "mode", "status")
        read_only_fields = fields


class VisitRowShape(serializers.ModelSerializer[Appointment]):
    """A visit under the names of a session's fields."""

    series = serializers.SerializerMethodField(method_name="get_nothing")
    group = serializers.SerializerMethodField(method_name="get_nothing")
    groups = serializers.SerializerMethodField()
    title = serializers.CharField(source="service.name")
    kind = serializers.SerializerMethodField()
    centre = serializers.SlugField(source="service.centre.slug")
    starts_at = Moment(timetable=ZONE)
    ends_at = Moment(timetable=ZONE)
    room = Named(allow_null=True)
    leader = Named(source="specialist")
    status = serializers.SerializerMethodField()
    changed_at = Moment(timetable=ZONE)
    note = serializers.SerializerMethodField()
    visit = VisitFactsShape(source="*")

    class Meta:
        model = Appointment
        fields = (*SessionShape.Meta.fields, "visit")
        read_only_fields = fields

    def get_nothing(self, visit: Appointment) -> None:  # noqa: ARG002  DRF's signature
        """Return nothing: a visit is of no series and no group."""
        return

    def get_groups(self, visit: Appointment) -> list[str]:  # noqa: ARG002  DRF's signature
        """Return no groups."""
        return []

    def get_kind(self, visit: Appointment) -> str:  # noqa: ARG002  DRF's signature
        """Return that it is a visit."""
        return VISIT

    def get_status(self, visit: Appointment) -> str:
        """Return whether it stands, in the words of sessions."""
        return Session.Status.CANCELLED.value if visit.is_cancelled else Session.Status.SCHEDULED.value

    def get_note(self, visit: Appointment) -> str:  # noqa: ARG002  DRF's signature
        """Return no note."""
        return ""


class RowShape(SessionShape):
    """A session, or a visit: then `kind` is "visit", `series` is null and `visit` says more."""

    series = serializers.UUIDField(source="series_id", allow_null=True)
    kind = serializers.ChoiceField(source="series.kind", choices=[*Series.Kind.choices, (VISIT, _("visit"))])
    visit = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = (*SessionShape.Meta.fields, "visit")
        read_only_fields = fields

    @extend_schema_field(VisitFactsShape(allow_null=True))
    def get_visit(self, session: Session) -> None:  # noqa: ARG002  DRF's signature
        """Return nothing: this is a session."""
        return

    def to_representation(self, instance: Any) -> Any:
        """Return a visit in the fields of its own shape."""
        if isinstance(instance, Appointment):
            return VisitRowShape(instance, context=self.context).data
        return super().to_representation(instance)


def in_order(
    sessions: QuerySet[Session], visits: QuerySet[Appointment], *, of: uuid.UUID | None = None
) -> list[Session | Appointment]:
    """Return both as one list, in order of time; a visit `of` somebody names her alone, at the hour when she comes."""
    shown = list(visits.select_related(*RELATED).prefetch_related("parties"))
    for visit in shown if of is not None else ():
        visit.starts_at, visit.person_id = visit.comes_at(of), of
    return sorted([*sessions, *shown], key=lambda row: (row.starts_at, row.pk))

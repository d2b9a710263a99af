"""Visits: reading and booking them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Door, Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Id, Instant, ListQuery, Since
from booking.api.problems import Problem, problem
from booking.api.shapes import Moment
from booking.domain.appointment_booking import Source, VisitFacts, book_appointment
from booking.domain.idempotency import Answer
from booking.domain.nearest_slots import nearest_slots
from booking.domain.slots import Slot, asker_for
from booking.errors import Refused
from booking.models import Appointment, Guardianship, Person, Service
from booking.models.appointment import AppointmentQuerySet
from booking.models.modes import Mode

ZONE = "service.centre.timetable"
OTHER_TIMES = {"slot_taken", "visit_clash", "busy_then"}  # what another time may be an answer to


class AppointmentShape(serializers.ModelSerializer[Appointment]):
    """One visit, as the caller's side knows it: of several who come, `person` is hers, and the hour is hers."""

    service = serializers.UUIDField(source="service_id")
    specialist = serializers.UUIDField(source="specialist_id")
    person = serializers.UUIDField(source="person_id", allow_null=True)
    starts_at = Moment(timetable=ZONE)
    ends_at = Moment(timetable=ZONE)
    expires_at = Moment(timetable=ZONE, allow_null=True, help_text="Until when an offered time is held.")
    changed_at = Moment(timetable=ZONE)

    class Meta:
        model = Appointment
        fields = (
            "id",
            "service",
            "specialist",
            "person",
            "starts_at",
            "ends_at",
            "mode",
            "status",
            "expires_at",
            "sequence",
            "changed_at",
        )
        read_only_fields = fields

    def to_representation(self, instance: Appointment) -> dict[str, Any]:
        """Return the visit of one side: nobody learns from it who else comes, nor when."""
        if instance.parties.all():
            side = self.context["view"].side_of(instance)
            instance.starts_at, instance.person_id = instance.comes_at(side), side
        answer: dict[str, Any] = super().to_representation(instance)
        return answer


class AppointmentBody(Body):
    service = Id()
    specialist = Id(required=False, help_text="Left out: anyone who is free then.")
    starts_at = Instant(help_text="A start of `slots/`, with an offset.")
    person = Id()
    mode = serializers.ChoiceField(choices=Mode.choices, default=Mode.OFFICE)
    address = serializers.CharField(required=False, max_length=300, help_text="Of a visit at home.")


class AppointmentQuery(Since, ListQuery):
    """Which visits are listed."""

    person = Id(required=False)
    specialist = Id(required=False)
    status = serializers.ListField(
        child=serializers.ChoiceField(choices=Appointment.Status.choices), required=False, help_text="Any of these."
    )


class OwnAppointments(Door):
    """The visits of the people the caller may see, and those she gives."""

    serializer_class = AppointmentShape

    def seen(self) -> AppointmentQuerySet:
        """Return them."""
        on = timezone.localdate(self.now)
        related = ("service__centre__timetable", "specialist", "person")
        return Appointment.objects.visible_to(self.account, on).select_related(*related).prefetch_related("parties")

    @cached_property
    def family(self) -> frozenset[uuid.UUID]:
        """The caller herself and the children she may view."""
        on, reader = timezone.localdate(self.now), self.account.person_id
        rights = Guardianship.objects.in_force(on).filter(guardian_id=reader, can_view=True) if reader else ()
        return frozenset({*(right.child_id for right in rights), *([reader] if reader else [])})

    def side_of(self, visit: Appointment) -> uuid.UUID | None:
        """Return whom of those who come the caller is told of: one of her family, otherwise whom it is booked for."""
        coming = [visit.person_id, *(party.person_id for party in visit.parties.all())]
        return next((key for key in coming if key in self.family), visit.person_id)


class AppointmentList(OwnAppointments, Listing):
    """The visits the caller may see, newest first; and booking one."""

    query_class = AppointmentQuery
    body_class = AppointmentBody
    ordering = ("-changed_at", "-id")

    def rows(self) -> QuerySet[Appointment]:
        """Return the visits."""
        found = self.seen()
        if "person" in self.query:
            known = Person.objects.visible_to(self.account, timezone.localdate(self.now))
            who = known.filter(pk=self.query["person"]).values_list("pk", flat=True)
            found = found.filter(pk__in=Appointment.objects.of_person(*who).values("pk"))
        if "specialist" in self.query:
            found = found.filter(pk__in=Appointment.objects.given_by(self.query["specialist"]).values("pk"))
        if "status" in self.query:
            found = found.filter(status__in=self.query["status"])
        return found.filter(changed_at__gte=self.query["updated_since"]) if "updated_since" in self.query else found

    @extend_schema(
        request=AppointmentBody,
        responses={201: OpenApiResponse(AppointmentShape, description="The visit is booked."), **REFUSED},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Book a visit; of many who want one time, one gets it.

        Where another time helps, a refusal carries the next free ones as `slots`.
        """
        body = self.read_body()
        return self.answer(lambda: self._book(**body))

    def _book(
        self,
        *,
        service: uuid.UUID,
        starts_at: datetime,
        person: uuid.UUID,
        mode: str,
        specialist: uuid.UUID | None = None,
        address: str = "",
    ) -> Answer:
        who, wanted, by_desk = self._asked_for(person, service)
        facts = VisitFacts(wanted, starts_at, mode=mode, specialist_id=specialist, address=address)
        source = Source.DESK if by_desk else Source.REST
        try:
            made = book_appointment(facts=facts, person=who, by=self.account, now=self.now, source=source)
        except Refused as refused:
            free: list[Slot] = []
            if refused.refusal.code in OTHER_TIMES:
                asker = asker_for(person_id=who.pk, is_staff=by_desk)
                free = nearest_slots(facts=facts, now=self.now, asker=asker, own=self.seen().of_person(who.pk))
            return refused_answer(refused, free, zone=wanted.centre.timetable.tz)
        where = reverse("api-appointment", args=[made.pk])
        return Answer(HTTPStatus.CREATED, self.get_serializer(self.seen().get(pk=made.pk)).data, where)

    def _asked_for(self, person: uuid.UUID, service: uuid.UUID) -> tuple[Person, Service, bool]:
        """Return for whom what is booked, and whether a desk books it: what it does not serve is booked by the family.

        Raises Problem (404).
        """
        on = timezone.localdate(self.now)
        who = Person.objects.bookable_by(self.account, on).filter(pk=person).first()
        if who is None:
            sentence = _("There is no such person that you could book for.")
            raise Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer="/person")
        services = Service.objects.select_related("centre__timetable").filter(pk=service)
        at_desk = services.booked_at_desk_of(self.account, on).first()
        if at_desk is not None and Person.objects.of_desk(self.account, on).filter(pk=who.pk).exists():
            return who, at_desk, True
        family = self.account.person_id and Person.objects.booked_by(self.account.person_id, on)
        own = services.listed().filter(centre__households__members=who)  # a desk knows the families of its centre only
        wanted = own.first() if family and family.filter(pk=who.pk).exists() else None
        if wanted is None:
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such service."), pointer="/service")
        return who, wanted, False


class AppointmentOne(OwnAppointments, One):
    """One visit."""

    def row(self) -> Appointment:
        """Return the visit. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])


def refused_answer(refused: Refused, slots: Sequence[Slot] = (), *, zone: tzinfo = UTC) -> Answer:
    """Return a 409 that names the refusal and the next free times, on the clock of the centre's `zone`."""
    reason = refused.refusal
    instead = [
        {
            "specialist": str(slot.specialist_id),
            "starts_at": slot.starts_at.astimezone(zone).isoformat(),
            "ends_at": slot.ends_at.astimezone(zone).isoformat(),
            "mode": slot.mode,
        }
        for slot in slots
    ]
    return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason, slots=instead))

"""Visits: reading, booking, moving, cancelling, answering an earlier time, noting what became of one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
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
from booking.domain.appointment_answers import accept_appointment, decline_appointment
from booking.domain.appointment_booking import Source, VisitFacts, book_appointment, nearest_slots
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_outcomes import OUTCOMES, record_outcome
from booking.domain.idempotency import Answer
from booking.domain.slots import Slot, asker_for
from booking.errors import Refused
from booking.models import Appointment, Centre, Person, Service, StaffMember
from booking.models.modes import Mode

ZONE = "service.centre.timetable"
MINUTES_OF_A_DAY = 24 * 60


class AppointmentShape(serializers.ModelSerializer[Appointment]):
    """One visit. Of further parties nothing is said."""

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


class AppointmentBody(Body):
    service = Id()
    specialist = Id(required=False, help_text="Left out: anyone who is free then.")
    starts_at = Instant(help_text="A start of `slots/`, with an offset.")
    person = Id()
    mode = serializers.ChoiceField(choices=Mode.choices, default=Mode.OFFICE)
    address = serializers.CharField(required=False, max_length=300, help_text="Of a visit at home.")


class MoveBody(Body):
    starts_at = Instant()
    specialist = Id(required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)


class OutcomeBody(Body):
    outcome = serializers.ChoiceField(choices=[(each.value, each.label) for each in OUTCOMES])
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=MINUTES_OF_A_DAY)


class AppointmentQuery(Since, ListQuery):
    """Which visits are listed."""

    person = Id(required=False)
    specialist = Id(required=False)
    status = serializers.ListField(
        child=serializers.ChoiceField(choices=Appointment.Status.choices), required=False, help_text="Any of these."
    )


class _OwnAppointments(Door):
    """The visits of the people the caller may see, and those she gives."""

    serializer_class = AppointmentShape

    def seen(self) -> QuerySet[Appointment]:
        """Return them."""
        on = timezone.localdate(self.now)
        related = ("service__centre__timetable", "specialist", "person")
        return Appointment.objects.visible_to(self.account, on).select_related(*related)


class AppointmentList(_OwnAppointments, Listing):
    """The visits the caller may see, newest first; and booking one."""

    query_class = AppointmentQuery
    body_class = AppointmentBody
    ordering = ("-changed_at", "-id")

    def rows(self) -> QuerySet[Appointment]:
        """Return the visits."""
        found = self.seen()
        if "person" in self.query:
            found = found.filter(pk__in=Appointment.objects.of_person(self.query["person"]).values("pk"))
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
        """Book a visit. A refusal carries the next free times as `slots`; of many who want one time, one gets it."""
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
        on = timezone.localdate(self.now)
        who = Person.objects.bookable_by(self.account, on).filter(pk=person).first()
        if who is None:
            sentence = _("There is no such person that you could book for.")
            raise Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer="/person")
        wanted = Service.objects.select_related("centre__timetable").filter(pk=service).first()
        by_desk = (
            wanted is not None and Centre.objects.with_desk_of(self.account, on).filter(pk=wanted.centre_id).exists()
        )
        if wanted is None or not (wanted.listed or by_desk):
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such service."), pointer="/service")
        facts = VisitFacts(wanted, starts_at, mode=mode, specialist_id=specialist, address=address)
        source = Source.DESK if by_desk else Source.REST
        try:
            made = book_appointment(facts=facts, person=who, by=self.account, now=self.now, source=source)
        except Refused as refused:
            asker = asker_for(person_id=who.pk, is_staff=by_desk)
            return _refused(refused, nearest_slots(facts=facts, now=self.now, asker=asker))
        where = reverse("api-appointment", args=[made.pk])
        return Answer(HTTPStatus.CREATED, self.get_serializer(self.seen().get(pk=made.pk)).data, where)


class AppointmentOne(_OwnAppointments, One):
    """One visit."""

    def row(self) -> Appointment:
        """Return the visit. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])


class _AppointmentChange(AppointmentOne):
    """Something done to one visit by who may book for its person, or gives it, or works at the desk."""

    http_method_names = ("post", "options")

    def change(self, effect: Callable[[Appointment, bool], object]) -> Response:
        """Do it and answer the visit as it is then; `effect` is told whether staff asks."""
        return self.answer(lambda: self._changed(effect))

    def _changed(self, effect: Callable[[Appointment, bool], object]) -> Answer:
        appointment = self.row()
        on = timezone.localdate(self.now)
        by_staff = _is_staff_of(self.account, appointment, on)
        bookable = Person.objects.bookable_by(self.account, on)
        mine = Q(pk=appointment.person_id) | Q(appointments_as_party__appointment=appointment)
        if not (by_staff or bookable.filter(mine).exists()):
            sentence = _("You may see this visit, but another guardian books and cancels.")
            raise Problem(HTTPStatus.FORBIDDEN, "may_not_book", sentence)
        self.require_match(lambda: self.get_serializer(self.row()).data)
        try:
            effect(appointment, by_staff)
        except Refused as refused:
            return _refused(refused)
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)


class AppointmentCancel(_AppointmentChange):
    """Giving a visit back."""

    @extend_schema(request=None, responses={200: AppointmentShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Cancel the visit; after the centre's deadline it counts as cancelled late. Repeating it changes nothing."""
        self.read_body()
        return self.change(
            lambda each, by_staff: cancel_appointment(
                appointment_id=each.pk, by=self.account, now=self.now, by_staff=by_staff
            )
        )


class AppointmentMove(_AppointmentChange):
    """Another time for a visit."""

    body_class = MoveBody

    @extend_schema(request=MoveBody, responses={200: AppointmentShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Move the visit to a free time; the old one is free only when the new one is taken."""
        body = self.read_body()
        wish = Wish(body["starts_at"], body.get("mode"), body.get("specialist"))
        return self.change(
            lambda each, by_staff: move_appointment(
                appointment_id=each.pk, wish=wish, by=self.account, now=self.now, by_staff=by_staff
            )
        )


class AppointmentAccept(_AppointmentChange):
    """Taking an earlier time that is held."""

    @extend_schema(request=None, responses={200: AppointmentShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Take the time; the visit it stands in for is given back. Repeating it changes nothing."""
        self.read_body()
        return self.change(
            lambda each, _by_staff: accept_appointment(appointment_id=each.pk, by=self.account, now=self.now)
        )


class AppointmentDecline(_AppointmentChange):
    """Giving an earlier time back."""

    @extend_schema(request=None, responses={200: AppointmentShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Decline the time that is held. Repeating it changes nothing."""
        self.read_body()
        return self.change(
            lambda each, _by_staff: decline_appointment(appointment_id=each.pk, by=self.account, now=self.now)
        )


class AppointmentOutcome(AppointmentOne):
    """What became of a visit."""

    http_method_names = ("post", "options")
    body_class = OutcomeBody

    @extend_schema(request=OutcomeBody, responses={200: AppointmentShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Note the outcome; only who gives the visit or works at the desk may. There is no field for notes."""
        body = self.read_body()
        return self.answer(lambda: self._note(**body))

    def _note(self, *, outcome: str, minutes: int | None = None) -> Answer:
        appointment = self.row()
        if not _is_staff_of(self.account, appointment, timezone.localdate(self.now)):
            raise Problem(HTTPStatus.FORBIDDEN, "not_yours", _("Only who gives the visit notes what became of it."))
        self.require_match(lambda: self.get_serializer(self.row()).data)
        try:
            record_outcome(
                appointment_id=appointment.pk, outcome=outcome, minutes=minutes, by=self.account, now=self.now
            )
        except Refused as refused:
            return _refused(refused)
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)


def _is_staff_of(account: Any, appointment: Appointment, on: Any) -> bool:
    """Say whether the caller gives this visit or works at the desk of its centre."""
    own = StaffMember.objects.diaries_of(account).values_list("resource_id", flat=True)
    gives = Appointment.objects.given_by(*own).filter(pk=appointment.pk)
    return gives.exists() or Centre.objects.with_desk_of(account, on).filter(pk=appointment.service.centre_id).exists()


def _refused(refused: Refused, slots: Sequence[Slot] = ()) -> Answer:
    reason = refused.refusal
    instead = [
        {
            "specialist": str(slot.specialist_id),
            "starts_at": slot.starts_at.isoformat(),
            "ends_at": slot.ends_at.isoformat(),
            "mode": slot.mode,
        }
        for slot in slots
    ]
    return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason, slots=instead))

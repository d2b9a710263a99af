"""What is done to one visit: moving, cancelling, answering an earlier time, noting what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.appointments import OTHER_TIMES, AppointmentOne, AppointmentShape, refused_answer
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Id, Instant
from booking.api.problems import Problem
from booking.domain.appointment_answers import accept_appointment, decline_appointment
from booking.domain.appointment_booking import VisitFacts
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_outcomes import OUTCOMES, record_outcome
from booking.domain.idempotency import Answer
from booking.domain.nearest_slots import nearest_slots
from booking.domain.slots import ANYONE, Slot, asker_for
from booking.errors import Refused
from booking.models import Account, Appointment, Person, StaffMember
from booking.models.modes import Mode

MINUTES_OF_A_DAY = 24 * 60


def _none(_appointment: Appointment, _by_staff: bool) -> list[Slot]:  # noqa: FBT001  called by position
    """Return no times: nothing else is to be chosen."""
    return []


class AppointmentMoveBody(Body):
    starts_at = Instant()
    specialist = Id(required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)


class OutcomeBody(Body):
    outcome = serializers.ChoiceField(choices=[(each.value, each.label) for each in OUTCOMES])
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=MINUTES_OF_A_DAY)


class _AppointmentChange(AppointmentOne):
    """Something done to one visit by who may book for its person, or gives it, or works at the desk."""

    http_method_names = ("post", "options")

    def change(
        self, effect: Callable[[Appointment, bool], object], instead: Callable[[Appointment, bool], list[Slot]] = _none
    ) -> Response:
        """Do it and answer the visit as it is then; `effect` is told whether staff asks.

        What is refused is answered with the free times that `instead` returns.
        """
        return self.answer(lambda: self._changed(effect, instead))

    def _changed(
        self, effect: Callable[[Appointment, bool], object], instead: Callable[[Appointment, bool], list[Slot]]
    ) -> Answer:
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
            found = instead(appointment, by_staff) if refused.refusal.code in OTHER_TIMES else []
            return refused_answer(refused, found, zone=appointment.service.centre.timetable.tz)
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

    body_class = AppointmentMoveBody

    @extend_schema(request=AppointmentMoveBody, responses={200: AppointmentShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Move the visit to a free time; the old one is free only when the new one is taken.

        A refusal carries the next free times as `slots`. A visit of several sides is moved by the centre.
        """
        body = self.read_body()
        wish = Wish(body["starts_at"], body.get("mode"), body.get("specialist"))
        return self.change(
            lambda each, by_staff: move_appointment(
                appointment_id=each.pk, wish=wish, by=self.account, now=self.now, by_staff=by_staff
            ),
            lambda each, by_staff: self._nearest(each, wish, by_staff=by_staff),
        )

    def _nearest(self, appointment: Appointment, wish: Wish, *, by_staff: bool) -> list[Slot]:
        """Return the next free times after the wished one, with the same specialist and in the same way."""
        facts = VisitFacts(
            appointment.service,
            wish.starts_at,
            mode=wish.mode or appointment.mode,
            specialist_id=wish.specialist_id or appointment.specialist_id,
            colleagues=tuple(appointment.colleagues.values_list("pk", flat=True)),
        )
        person = appointment.person_id
        asker = asker_for(person_id=person, is_staff=by_staff) if person else ANYONE
        own = self.seen().of_person(person) if person else None
        return nearest_slots(facts=facts, now=self.now, asker=asker, own=own, besides=appointment.pk)


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
            sentence = _("Only the person who gives the visit notes what became of it.")
            raise Problem(HTTPStatus.FORBIDDEN, "not_yours", sentence)
        self.require_match(lambda: self.get_serializer(self.row()).data)
        try:
            record_outcome(
                appointment_id=appointment.pk, outcome=outcome, minutes=minutes, by=self.account, now=self.now
            )
        except Refused as refused:
            return refused_answer(refused)
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)


def _is_staff_of(account: Account, appointment: Appointment, on: date) -> bool:
    """Say whether the caller gives this visit or works at the desk of its centre."""
    own = StaffMember.objects.diaries_of(account, on).values_list("resource_id", flat=True)
    gives = Appointment.objects.given_by(*own).filter(pk=appointment.pk)
    return gives.exists() or Appointment.objects.at_desk_of(account, on).filter(pk=appointment.pk).exists()

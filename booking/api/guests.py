"""Places at one meeting, and the rights to make up for a missed one: reading, answering, using."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Door, Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Id, ListQuery
from booking.api.problems import Problem, problem
from booking.api.shapes import Moment
from booking.domain.guests import accept_guest_place, decline_guest_place
from booking.domain.idempotency import Answer
from booking.domain.makeups import possible_dates, use_credit
from booking.errors import Refused
from booking.models import GuestPlace, MakeUpCredit, Person


class GuestPlaceShape(serializers.ModelSerializer[GuestPlace]):
    """A place at one meeting: offered until a moment, or taken."""

    child = serializers.UUIDField(source="child_id")
    group = serializers.UUIDField(source="group_id")
    session = serializers.UUIDField(source="session_id")
    credit = serializers.UUIDField(source="credit_id", allow_null=True, help_text="The right it was taken with.")
    expires_at = Moment(timetable="session.timetable", allow_null=True)
    created_at = Moment(timetable="session.timetable")
    decided_at = Moment(timetable="session.timetable", allow_null=True)

    class Meta:
        model = GuestPlace
        fields = ("id", "child", "group", "session", "status", "credit", "expires_at", "created_at", "decided_at")
        read_only_fields = fields


class DateShape(serializers.Serializer[Any]):
    """A meeting that can be chosen."""

    group = serializers.UUIDField()
    session = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class CreditShape(serializers.ModelSerializer[MakeUpCredit]):
    """A right to come once to another group, for a missed meeting; it is usable until the day before `valid_until`."""

    child = serializers.UUIDField(source="child_id")
    activity = serializers.UUIDField(source="activity_id")
    absence = serializers.UUIDField(source="absence_id")

    class Meta:
        model = MakeUpCredit
        fields: tuple[str, ...] = ("id", "child", "activity", "absence", "valid_until")
        read_only_fields = fields


class CreditWithDates(CreditShape):
    """As in the list, with the next dates to choose from."""

    dates = serializers.SerializerMethodField()

    class Meta(CreditShape.Meta):
        fields = (*CreditShape.Meta.fields, "dates")

    @extend_schema_field(DateShape(many=True))
    def get_dates(self, credit: MakeUpCredit) -> list[dict[str, Any]]:
        """Return the dates on which a seat is free."""
        found = possible_dates(credit, now=self.context["view"].now)
        return [
            {
                "group": str(group.pk),
                "session": str(session.pk),
                "starts_at": session.starts_at.astimezone(session.timetable.tz).isoformat(),
                "ends_at": session.ends_at.astimezone(session.timetable.tz).isoformat(),
            }
            for group, session in found
        ]


class OfChild(ListQuery):
    """Whose are listed."""

    child = Id(required=False)


class UseBody(Body):
    group = Id()
    session = Id()


class _OwnGuestPlaces(Door):
    """The places at single meetings of the people the caller may see."""

    serializer_class = GuestPlaceShape

    def seen(self) -> QuerySet[GuestPlace]:
        """Return them."""
        on = timezone.localdate(self.now)
        return GuestPlace.objects.visible_to(self.account, on).select_related("session__timetable")


class GuestPlaceList(_OwnGuestPlaces, Listing):
    """The places at single meetings of the caller's people, newest first."""

    query_class = OfChild
    ordering = ("-created_at", "-id")

    def rows(self) -> QuerySet[GuestPlace]:
        """Return the places."""
        return self.seen().filter(child=self.query["child"]) if "child" in self.query else self.seen()


class GuestPlaceOne(_OwnGuestPlaces, One):
    """One place at one meeting."""

    def row(self) -> GuestPlace:
        """Return the place. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])


class _Decision(GuestPlaceOne):
    """An answer to an offered date."""

    http_method_names = ("post", "options")
    decide: Callable[..., GuestPlace]

    def _answer(self) -> Answer:
        place = self.row()
        self.require_match(lambda: self.get_serializer(self.row()).data)
        _require_booking(self, place.child_id)
        try:
            type(self).decide(place_id=place.pk, now=self.now)
        except Refused as refused:
            return _refused(refused)
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)


class GuestPlaceAccept(_Decision):
    """Taking an offered date."""

    decide = staticmethod(accept_guest_place)

    @extend_schema(request=None, responses={200: GuestPlaceShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Take the date; the place in line for the whole course stays as it is. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._answer)


class GuestPlaceDecline(_Decision):
    """Giving a date back."""

    decide = staticmethod(decline_guest_place)

    @extend_schema(request=None, responses={200: GuestPlaceShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Decline the date or give it back, until the start; it is offered on. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._answer)


class _OwnCredits(Door):
    """The rights of the people the caller may see that are not used and still hold."""

    serializer_class: Any = CreditShape

    def seen(self) -> QuerySet[MakeUpCredit]:
        """Return them, used ones too."""
        on = timezone.localdate(self.now)
        return MakeUpCredit.objects.visible_to(self.account, on).select_related("child", "activity")


class CreditList(_OwnCredits, Listing):
    """What can still be made up for, what ends first before the others."""

    query_class = OfChild
    ordering = ("valid_until", "id")

    def rows(self) -> QuerySet[MakeUpCredit]:
        """Return the rights."""
        usable = MakeUpCredit.objects.usable(timezone.localdate(self.now)).values("pk")
        found = self.seen().filter(pk__in=usable)
        return found.filter(child=self.query["child"]) if "child" in self.query else found


class CreditOne(_OwnCredits, One):
    """One right, with the dates to choose from."""

    serializer_class = CreditWithDates

    def row(self) -> MakeUpCredit:
        """Return the right. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])


class CreditUse(CreditOne):
    """Choosing a date."""

    http_method_names = ("post", "options")
    body_class = UseBody

    @extend_schema(
        request=UseBody, responses={201: OpenApiResponse(GuestPlaceShape, description="The date is hers."), **REFUSED}
    )
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Take a seat at one meeting of another group, in place of the missed one. Repeating it changes nothing."""
        body = self.read_body()
        return self.answer(lambda: self._use(**body))

    def _use(self, *, group: uuid.UUID, session: uuid.UUID) -> Answer:
        credit = self.row()
        _require_booking(self, credit.child_id)
        known = credit.guest_places.held().filter(session=session, group=group).first()
        if known is None:
            dates = {(each.pk, meeting.pk): (each, meeting) for each, meeting in possible_dates(credit, now=self.now)}
            if (group, session) not in dates:
                sentence = _("This date is not free any more. Choose another one.")
                return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, "no_seat_then", sentence))
            chosen, meeting = dates[group, session]
            try:
                known = use_credit(credit_id=credit.pk, group=chosen, session=meeting, now=self.now)
            except Refused as refused:
                return _refused(refused)
        found = GuestPlace.objects.select_related("session__timetable").get(pk=known.pk)
        return Answer(HTTPStatus.CREATED, GuestPlaceShape(found).data)


def _require_booking(door: Door, child_id: uuid.UUID) -> None:
    on = timezone.localdate(door.now)
    if not Person.objects.bookable_by(door.account, on).filter(pk=child_id).exists():
        sentence = _("You may see this place, but another guardian enrols and withdraws.")
        raise Problem(HTTPStatus.FORBIDDEN, "may_not_book", sentence)


def _refused(refused: Refused) -> Answer:
    reason = refused.refusal
    return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason))

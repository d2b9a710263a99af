"""Places that are held for somebody in line: reading, accepting, declining."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Door, Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import Id, ListQuery
from booking.api.problems import Problem, problem
from booking.api.shapes import Moment
from booking.domain.idempotency import Answer
from booking.domain.offers import accept_offer, decline_offer
from booking.errors import Refused
from booking.models import Offer, Person

ZONE = "enrolment.group.term.timetable"


class OfferShape(serializers.ModelSerializer[Offer]):
    """A place held until a moment."""

    child = serializers.UUIDField(source="enrolment.child_id")
    group = serializers.UUIDField(source="enrolment.group_id")
    enrolment = serializers.UUIDField(source="enrolment_id")
    expires_at = Moment(timetable=ZONE)
    created_at = Moment(timetable=ZONE)
    decided_at = Moment(timetable=ZONE)

    class Meta:
        model = Offer
        fields = ("id", "child", "group", "enrolment", "status", "expires_at", "created_at", "decided_at")
        read_only_fields = fields


class OfferQuery(ListQuery):
    """Which offers are listed."""

    child = Id(required=False)
    status = serializers.ListField(
        child=serializers.ChoiceField(choices=Offer.Status.choices), required=False, help_text="Any of these."
    )


class _OwnOffers(Door):
    """The offers to the people the caller may see."""

    serializer_class = OfferShape

    def seen(self) -> QuerySet[Offer]:
        """Return them."""
        on = timezone.localdate(self.now)
        return Offer.objects.visible_to(self.account, on).select_related("enrolment__group__term__timetable")


class OfferList(_OwnOffers, Listing):
    """The offers to the caller's people, newest first."""

    query_class = OfferQuery
    ordering = ("-created_at", "-id")

    def rows(self) -> QuerySet[Offer]:
        """Return the offers."""
        offers = self.seen()
        if "child" in self.query:
            offers = offers.filter(enrolment__child=self.query["child"])
        return offers.filter(status__in=self.query["status"]) if "status" in self.query else offers


class OfferOne(_OwnOffers, One):
    """One offer."""

    def row(self) -> Offer:
        """Return the offer."""
        found = self.seen().filter(pk=self.kwargs["id"]).first()
        if found is None:
            raise Http404
        return found


class _Decision(OfferOne):
    """An answer to an offer."""

    http_method_names = ("post", "options")
    decide: Callable[..., Offer]

    def _answer(self) -> Answer:
        offer = self.row()
        self.require_match(lambda: self.get_serializer(self.row()).data)  # the domain decides again under its locks
        on = timezone.localdate(self.now)
        if not Person.objects.bookable_by(self.account, on).filter(pk=offer.enrolment.child_id).exists():
            sentence = _("You may see this place, but another guardian enrols and withdraws.")
            raise Problem(HTTPStatus.FORBIDDEN, "may_not_book", sentence)
        with timezone.override(offer.enrolment.group.term.timetable.tz):
            try:
                type(self).decide(offer_id=offer.pk, by=self.account, now=self.now)
            except Refused as refused:
                reason = refused.refusal
                return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason, alternatives=[]))
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)


class OfferAccept(_Decision):
    """Taking a held place."""

    decide = staticmethod(accept_offer)

    @extend_schema(request=None, responses={200: OfferShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Take the place. Siblings who come together or not at all are taken with it. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._answer)


class OfferDecline(_Decision):
    """Giving a held place back."""

    decide = staticmethod(decline_offer)

    @extend_schema(request=None, responses={200: OfferShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Give the place back; the next in line is offered it at once. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._answer)

"""Secret calendar addresses of the caller: making one, exchanging its secret, turning it off."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Door, Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Id, ListQuery
from booking.api.problems import Problem, problem
from booking.api.shapes import Moment
from booking.domain.idempotency import Answer
from booking.domain.subscriptions import (
    MOST_ALARM_MINUTES,
    calendar_address,
    create_subscription,
    revoke_subscription,
    rotate_subscription,
)
from booking.errors import Refused
from booking.models import CalendarSubscription


class SubscriptionShape(serializers.ModelSerializer[CalendarSubscription]):
    """A calendar address; the address itself is never shown again."""

    subject = serializers.UUIDField(source="subject_id", allow_null=True)
    created_at = Moment()
    last_read_at = Moment(allow_null=True)

    class Meta:
        model = CalendarSubscription
        fields = ("id", "scope", "subject", "privacy", "alarm_minutes", "created_at", "last_read_at")
        read_only_fields = fields


class SecretShape(SubscriptionShape):
    """A calendar address at the one moment when it is shown."""

    url = serializers.URLField(read_only=True)
    webcal_url = serializers.CharField(read_only=True, help_text="The same for programs that subscribe by one tap.")

    class Meta:
        model = CalendarSubscription
        fields = (*SubscriptionShape.Meta.fields, "url", "webcal_url")
        read_only_fields = fields


class SubscriptionBody(Body):
    scope = serializers.ChoiceField(choices=CalendarSubscription.Scope.choices)
    subject = Id(
        required=False,
        allow_null=True,
        default=None,
        help_text="Of whom or what; left out, the caller's own family, or the specialist that she is.",
    )
    privacy = serializers.ChoiceField(
        choices=CalendarSubscription.Privacy.choices, required=False, default=CalendarSubscription.Privacy.FULL
    )
    alarm_minutes = serializers.IntegerField(
        min_value=0, max_value=MOST_ALARM_MINUTES, required=False, allow_null=True, default=None
    )


class _OwnSubscriptions(Door):
    """The caller's live calendar addresses."""

    serializer_class = SubscriptionShape

    def seen(self) -> QuerySet[CalendarSubscription]:
        """Return them."""
        return CalendarSubscription.objects.visible_to(self.account).live()

    def shown_once(self, status: HTTPStatus, subscription: CalendarSubscription, token: str) -> Answer:
        """Return the answer that holds the secret."""
        body = {**self.get_serializer(subscription).data, **calendar_address(token)._asdict()}
        return Answer(status, body, reverse("api-calendar", args=[subscription.pk]))


class SubscriptionList(_OwnSubscriptions, Listing):
    """The caller's calendar addresses, newest first; and making one."""

    query_class = ListQuery
    body_class = SubscriptionBody
    ordering = ("-created_at", "-id")

    def rows(self) -> QuerySet[CalendarSubscription]:
        """Return them."""
        return self.seen()

    @extend_schema(request=SubscriptionBody, responses={201: SecretShape, **REFUSED})
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Make a calendar address; this answer alone shows it."""
        body = self.read_body()
        return self.answer(lambda: self._create(**body))

    def _create(self, *, scope: str, subject: uuid.UUID | None, privacy: str, alarm_minutes: int | None) -> Answer:
        try:
            subscription, token = create_subscription(
                owner=self.account,
                scope=scope,
                subject_id=subject,
                privacy=privacy,
                alarm_minutes=alarm_minutes,
                now=self.now,
            )
        except Refused as refused:
            if refused.refusal.code == "unknown_subject":
                raise Problem(HTTPStatus.NOT_FOUND, detail=refused.refusal, pointer="/subject") from refused
            return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, refused.refusal.code, refused.refusal))
        return self.shown_once(HTTPStatus.CREATED, subscription, token)


class SubscriptionOne(_OwnSubscriptions, One):
    """One calendar address."""

    def row(self) -> Any:
        """Return it."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Turn the address off for good."""
        return self.answer(self._revoke)

    @transaction.atomic
    def _revoke(self) -> Answer:
        subscription = get_object_or_404(self.seen().select_for_update(of=("self",)), pk=self.kwargs["id"])
        self.require_match(lambda: self.get_serializer(subscription).data)
        revoke_subscription(owner=self.account, subscription_id=subscription.pk, now=self.now)
        return Answer(HTTPStatus.NO_CONTENT)


class SubscriptionRotate(_OwnSubscriptions):
    """Exchanging the secret of a calendar address."""

    @extend_schema(request=None, responses={200: SecretShape})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Give the calendar a new address; the old one shows nothing from now on."""
        self.read_body()
        return self.answer(self._rotate)

    @transaction.atomic
    def _rotate(self) -> Answer:
        subscription = get_object_or_404(self.seen().select_for_update(of=("self",)), pk=self.kwargs["id"])
        self.require_match(lambda: self.get_serializer(subscription).data)
        subscription, token = rotate_subscription(owner=self.account, subscription_id=subscription.pk)
        return self.shown_once(HTTPStatus.OK, subscription, token)

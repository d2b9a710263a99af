"""Invitations to groups that are not open to everyone: reading and declining as the family, making and revoking."""

from __future__ import annotations

import uuid
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
from booking.api.parsing import Body, Id, ListQuery
from booking.api.problems import Problem, problem
from booking.api.shapes import Moment
from booking.domain.idempotency import Answer
from booking.domain.invitations import decline_invitation, invite_person, revoke_invitation
from booking.errors import Refused
from booking.models import Centre, Group, Invitation, Person


class InvitationShape(serializers.ModelSerializer[Invitation]):
    """That one person may ask for a place in one group; enrolling is done at `enrolments/`."""

    child = serializers.UUIDField(source="person_id")
    group = serializers.UUIDField(source="group_id")
    created_at = Moment(timetable="group.term.timetable")
    decided_at = Moment(timetable="group.term.timetable", allow_null=True)

    class Meta:
        model = Invitation
        fields = ("id", "child", "group", "status", "created_at", "decided_at")
        read_only_fields = fields


class InvitationBody(Body):
    child = Id()
    group = Id()


class InvitationQuery(ListQuery):
    """Which invitations are listed."""

    child = Id(required=False)
    group = Id(required=False)
    status = serializers.ListField(
        child=serializers.ChoiceField(choices=Invitation.Status.choices), required=False, help_text="Any of these."
    )


class _OwnInvitations(Door):
    """The invitations of the people the caller may see; a family does not see revoked ones."""

    serializer_class = InvitationShape

    def seen(self) -> QuerySet[Invitation]:
        """Return them."""
        on = timezone.localdate(self.now)
        found = Invitation.objects.visible_to(self.account, on).select_related("group__term__timetable")
        desk = Centre.objects.with_desk_of(self.account, on)
        return found.filter(pk__in=Invitation.objects.standing()) | found.filter(group__activity__centre__in=desk)


class InvitationList(_OwnInvitations, Listing):
    """The invitations of the caller's people, newest first; and inviting somebody, for the desk."""

    query_class = InvitationQuery
    body_class = InvitationBody
    ordering = ("-created_at", "-id")

    def rows(self) -> QuerySet[Invitation]:
        """Return the invitations."""
        names = {"child": "person", "group": "group"}
        found = self.seen().filter(**{field: self.query[name] for name, field in names.items() if name in self.query})
        return found.filter(status__in=self.query["status"]) if "status" in self.query else found

    @extend_schema(
        request=InvitationBody,
        responses={201: OpenApiResponse(InvitationShape, description="She is invited, her family is told."), **REFUSED},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Invite somebody of the caller's desk into a group of it. Repeating it changes nothing."""
        body = self.read_body()
        return self.answer(lambda: self._invite(**body))

    def _invite(self, *, child: uuid.UUID, group: uuid.UUID) -> Answer:
        on = timezone.localdate(self.now)
        person = Person.objects.of_desk(self.account, on).filter(pk=child).first()
        if person is None:
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such person at your desk."), pointer="/child")
        groups = Group.objects.filter(activity__centre__in=Centre.objects.with_desk_of(self.account, on))
        wanted = groups.select_related("term__timetable").filter(pk=group).first()
        if wanted is None:
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such group."), pointer="/group")
        with timezone.override(wanted.term.timetable.tz):
            try:
                made = invite_person(person=person, group=wanted, by=self.account, now=self.now)
            except Refused as refused:
                reason = refused.refusal
                return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason))
        made.group = wanted
        where = reverse("api-invitation", args=[made.pk])
        return Answer(HTTPStatus.CREATED, self.get_serializer(made).data, where)


class InvitationOne(_OwnInvitations, One):
    """One invitation."""

    def row(self) -> Invitation:
        """Return the invitation. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])


class InvitationDecline(InvitationOne):
    """Saying no."""

    http_method_names = ("post", "options")

    @extend_schema(request=None, responses={200: InvitationShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Say no as the family; enrolling stays possible. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._decline)

    def _decline(self) -> Answer:
        found = self.row()
        on = timezone.localdate(self.now)
        if not Person.objects.bookable_by(self.account, on).filter(pk=found.person_id).exists():
            sentence = _("You may see this place, but another guardian enrols and withdraws.")
            raise Problem(HTTPStatus.FORBIDDEN, "may_not_book", sentence)
        self.require_match(lambda: self.get_serializer(self.row()).data)
        decline_invitation(invitation_id=found.pk, now=self.now)
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)


class InvitationRevoke(InvitationOne):
    """Taking it back."""

    http_method_names = ("post", "options")

    @extend_schema(request=None, responses={200: InvitationShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Take an invitation of the caller's desk back; a place given meanwhile stays. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._revoke)

    def _revoke(self) -> Answer:
        found = self.row()
        desk = Centre.objects.with_desk_of(self.account, timezone.localdate(self.now))
        if not desk.filter(activities__groups=found.group_id).exists():
            sentence = _("Only the centre that invited takes an invitation back. You can decline it.")
            raise Problem(HTTPStatus.FORBIDDEN, "not_your_desk", sentence)
        self.require_match(lambda: self.get_serializer(self.row()).data)
        revoke_invitation(invitation_id=found.pk, now=self.now)
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)

"""The caller's own: who she is, her household, her children with her rights, and the week of each child."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking.api.doors import Listing, One
from booking.api.parsing import Day, ListQuery, Since
from booking.api.sessions import SessionListing
from booking.api.shapes import Moment
from booking.api.visit_rows import RowShape, in_order
from booking.models import Account, Appointment, Enrolment, Group, Guardianship, Household, Person, Role, StaffRole
from scheduler.models import Series, Session

WEEK = timedelta(days=6)


class RoleShape(serializers.ModelSerializer[StaffRole]):
    centre = serializers.SlugField(source="member.centre.slug")
    role = serializers.ChoiceField(choices=Role.choices)

    class Meta:
        model = StaffRole
        fields = ("centre", "role")


class MeShape(serializers.Serializer[Account]):
    id = serializers.UUIDField()
    name = serializers.CharField(source="*")
    person = serializers.UUIDField(source="person_id", allow_null=True)
    roles = serializers.SerializerMethodField(help_text="The roles held today, by centre.")
    language = serializers.CharField()

    @extend_schema_field(RoleShape(many=True))
    def get_roles(self, account: Account) -> Any:
        """Return the roles."""
        held = StaffRole.objects.held_by(account, timezone.localdate(self.context["view"].now))
        return RoleShape(held.select_related("member__centre").order_by("member__centre__slug", "role"), many=True).data


class Me(One):
    """Who the caller is."""

    serializer_class = MeShape

    def row(self) -> Account:
        """Return the account."""
        return self.account


class MemberShape(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ("id", "given_name", "family_name")
        read_only_fields = fields


class HouseholdShape(serializers.ModelSerializer[Household]):
    """A household with those members whom the caller may see."""

    centre = serializers.SlugField(source="centre.slug")
    members = MemberShape(many=True)

    class Meta:
        model = Household
        fields = ("id", "code", "name", "village", "centre", "members")
        read_only_fields = fields


class OwnHouseholds(Listing):
    """The households the caller lives in: one for each centre that knows her."""

    serializer_class = HouseholdShape
    query_class = ListQuery
    ordering = ("code", "id")

    def rows(self) -> QuerySet[Household]:
        """Return the households."""
        on = timezone.localdate(self.now)
        members = Person.objects.visible_to(self.account, on).in_order()
        own = Household.objects.filter(householdmember__person=self.account.person_id)
        return own.select_related("centre").prefetch_related(Prefetch("members", queryset=members))


class RightsShape(serializers.Serializer[Guardianship]):
    view = serializers.BooleanField(source="can_view")
    book = serializers.BooleanField(source="can_book")
    collect = serializers.BooleanField(source="can_collect")
    consent = serializers.BooleanField(source="can_consent")


RIGHTS = "rights_of_caller"  # where `_with_rights` loads them
DESK_RIGHTS = {"view": True, "book": True, "collect": False, "consent": False}


class ChildShape(serializers.ModelSerializer[Person]):
    rights = serializers.SerializerMethodField(help_text="What the caller may do for the child.")
    updated_at = Moment()

    class Meta:
        model = Person
        fields = ("id", "given_name", "family_name", "birth_date", "rights", "updated_at")
        read_only_fields = fields

    @extend_schema_field(RightsShape)
    def get_rights(self, child: Person) -> Any:
        """Return the rights of the caller: those of a guardian, or those of the desk."""
        held: list[Guardianship] = getattr(child, RIGHTS)
        return RightsShape(held[0]).data if held else DESK_RIGHTS


class ChildQuery(Since, ListQuery):
    """Which children are listed."""


class ChildList(Listing):
    """The caller's children: those she is a guardian of and may see."""

    serializer_class = ChildShape
    query_class = ChildQuery
    ordering = ("given_name", "id")

    def rows(self) -> QuerySet[Person]:
        """Return the children."""
        on = timezone.localdate(self.now)
        children = Person.objects.children_of(self.account, on)
        if "updated_since" in self.query:
            children = children.filter(updated_at__gte=self.query["updated_since"])
        return _with_rights(children, self)


class ChildOne(One):
    """One child: for her guardians and for the desk of her centre."""

    serializer_class = ChildShape

    def row(self) -> Any:
        """Return the child."""
        children = Person.objects.visible_to(self.account, timezone.localdate(self.now))
        children = children.filter(pk=self.kwargs["id"], guardians__isnull=False).distinct()
        return get_object_or_404(_with_rights(children, self))


def _with_rights(children: QuerySet[Person], view: Listing | One) -> QuerySet[Person]:
    held = Guardianship.objects.in_force(timezone.localdate(view.now)).filter(guardian=view.account.person_id)
    return children.prefetch_related(Prefetch("guardians", queryset=held, to_attr=RIGHTS))


class WeekQuery(Since, ListQuery):
    """Which week is meant."""

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `from` is a word of Python."""
        first = Day(required=False, help_text="The first of seven days; without it this week from Monday.")
        return {"from": first, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Add the last day."""
        return attrs | ({"to": attrs["from"] + WEEK} if "from" in attrs else {})


class ChildWeek(SessionListing):
    """The sessions and visits of one child in one week, sessions for participants only included."""

    serializer_class = RowShape
    query_class = WeekQuery

    def rows(self) -> Any:
        """Return them. Raises Http404 for a child the caller may not see."""
        people = Person.objects.visible_to(self.account, timezone.localdate(self.now))
        if not people.filter(pk=self.kwargs["id"], guardians__isnull=False).exists():
            raise Http404
        places = Enrolment.objects.holding().filter(child=self.kwargs["id"])
        groups = Group.objects.filter(pk__in=places.values("group_id"))
        links = Group.series.through.objects.filter(group__in=groups).values("series_id")
        sessions = Session.objects.filter(series__in=links).exclude(series__audience=Series.Audience.STAFF)
        visits = Appointment.objects.visible_to(self.account, timezone.localdate(self.now)).within(self.period)
        own = visits.of_person(self.kwargs["id"]).exclude(source=Appointment.Source.AFTERWARDS)
        if "updated_since" in self.query:
            own = own.filter(changed_at__gte=self.query["updated_since"])
        return in_order(self.within(sessions, groups), own, of=self.kwargs["id"])

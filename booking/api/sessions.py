"""Sessions: the public timetable, as anyone may know it. Names of participants are in no answer."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from booking.api.doors import Listing
from booking.api.offer import ByCentre, of_centre
from booking.api.parsing import Day, Id, ListQuery, Query, Since
from booking.api.shapes import Moment, Named
from booking.models import Group
from booking.models.activity import Sensitivity
from scheduler.models import Series, Session
from scheduler.models.session import SessionQuerySet
from scheduler.period import Period

LONGEST_DAYS = 400


class Days(Query):
    """From which day to which, both included; `from` and `to` alone are a week."""

    longest = LONGEST_DAYS
    default_error_messages = {
        "backwards": _("The last day comes before the first."),
        "too_long": _("Ask for at most %(days)s days at once."),
    }

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `from` is a word of Python."""
        first = Day(required=False, help_text="The first day; without days it is this week.")
        last = Day(required=False, help_text="The last day, included.")
        return {"from": first, "to": last, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse days that are too many or stand the wrong way round."""
        if "from" in attrs and "to" in attrs:
            if attrs["to"] < attrs["from"]:
                raise serializers.ValidationError({"to": [self.error_messages["backwards"]]}, code="backwards")
            if (attrs["to"] - attrs["from"]).days >= self.longest:
                sentence = self.error_messages["too_long"] % {"days": self.longest}
                raise serializers.ValidationError({"to": [sentence]}, code="too_long")
        return attrs


def asked_days(query: dict[str, Any], *, today: date, length: int = 7) -> tuple[date, date]:
    """Return the first and the last day asked for: without any, the week from Monday to Sunday that holds today."""
    more = timedelta(days=length - 1)
    first: date | None = query.get("from")
    last: date | None = query.get("to")
    if first is None:
        first = today - timedelta(days=today.weekday()) if last is None else last - more
    return first, last or first + more


class SessionQuery(Since, ByCentre, Days, ListQuery):
    """Which sessions are listed."""

    group = Id(required=False)
    room = Id(required=False)
    specialist = Id(required=False, help_text="Who leads, as `leader.id`.")


class SessionShape(serializers.ModelSerializer[Session]):
    """One dated meeting; `id` never changes and `sequence` grows with each change."""

    group = serializers.SerializerMethodField(help_text="The group that meets; the first if there are several.")
    groups = serializers.SerializerMethodField()
    title = serializers.CharField(source="series.title")
    kind = serializers.ChoiceField(source="series.kind", choices=Series.Kind.choices)
    centre = serializers.SlugField(source="timetable.centre.slug")
    starts_at = Moment(timetable="timetable")
    ends_at = Moment(timetable="timetable")
    room = Named(allow_null=True)
    leader = Named(allow_null=True)
    changed_at = Moment(timetable="timetable")

    class Meta:
        model = Session
        fields = (
            "id",
            "series",
            "group",
            "groups",
            "title",
            "kind",
            "centre",
            "starts_at",
            "ends_at",
            "room",
            "leader",
            "status",
            "sequence",
            "changed_at",
            "note",
        )
        read_only_fields = fields

    def get_group(self, session: Session) -> uuid.UUID | None:
        """Return the first group."""
        return next(iter(self.get_groups(session)), None)

    def get_groups(self, session: Session) -> list[uuid.UUID]:
        """Return the groups that meet and that the caller may know of."""
        return [group.pk for group in session.series.groups.all()]


class SessionListing(Listing):
    """A list of sessions within some days."""

    serializer_class = SessionShape
    ordering = ("starts_at", "id")

    @property
    def period(self) -> Period:
        """The days asked for."""
        zone = ZoneInfo(settings.TIME_ZONE)
        return Period.of_days(*asked_days(self.query, today=timezone.localdate(self.now, zone)), zone)

    def within(self, sessions: Any, groups: QuerySet[Group]) -> QuerySet[Session]:
        """Return those within the days asked for, with what is shown of them; `groups` are those that may be named."""
        sessions = sessions.within(self.period)
        if "updated_since" in self.query:
            sessions = sessions.filter(changed_at__gte=self.query["updated_since"])
        named = Prefetch("series__groups", queryset=groups.order_by("name", "pk"))
        shown: QuerySet[Session] = sessions.select_related("series", "timetable__centre", "room", "leader")
        return shown.prefetch_related(named)


def open_sessions() -> SessionQuerySet:
    """Return the sessions that anyone may know of: public ones of offers that are no secret."""
    quiet = Q(groups__activity__sensitivity=Sensitivity.SENSITIVE) | Q(services__sensitivity=Sensitivity.SENSITIVE)
    sessions = Session.objects.public().filter(timetable__centre__isnull=False)
    return sessions.exclude(series__in=Series.objects.filter(quiet).values("pk"))


class SessionList(SessionListing):
    """The public timetable."""

    permission_classes = (AllowAny,)
    query_class = SessionQuery

    def rows(self) -> QuerySet[Session]:
        """Return public sessions of offers that are no secret."""
        sessions = open_sessions()
        if "centre" in self.query:
            sessions = sessions.filter(of_centre(self.query["centre"], "timetable__centre"))
        for parameter, field in (("group", "series__groups"), ("room", "room"), ("specialist", "leader")):
            if parameter in self.query:
                sessions = sessions.filter(**{field: self.query[parameter]})
        if "group" in self.query:
            sessions = sessions.filter(series__groups__activity__sensitivity=Sensitivity.PUBLIC)
        return self.within(sessions, Group.objects.public())

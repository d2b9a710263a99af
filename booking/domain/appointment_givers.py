"""Who could give a visit: those with hours for the service, and those qualified for it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from booking.models import Service
from booking.models.names import in_alphabet
from scheduler.models import Resource


def givers_of(service: Service) -> QuerySet[Resource]:
    """Return the specialists who have hours for a service or are noted as qualified for it, by name."""
    with_hours = service.series.filter(published_at__isnull=False, leader__isnull=False).values("leader")
    qualified = service.qualifications.filter(member__resource__isnull=False).values("member__resource")
    found = Resource.objects.specialists().filter(Q(pk__in=with_hours) | Q(pk__in=qualified))
    return found.filter(timetable=service.centre.timetable_id).order_by(in_alphabet("name"), "pk")


def colleagues_of(service: Service) -> QuerySet[Resource]:
    """Return who could join a visit as a second specialist: everybody of the centre who meets people, by name."""
    found = Resource.objects.specialists().filter(timetable=service.centre.timetable_id)
    return found.order_by(in_alphabet("name"), "pk")

"""Setting up a centre: it comes into the world with a timetable of its own."""

from __future__ import annotations

from django.db import transaction

from booking.models import Centre
from scheduler.domain.planning import open_timetable


@transaction.atomic
def open_centre(*, centre: Centre, voivodeship: str) -> Centre:
    """Store a new centre with an empty timetable on Polish time that follows the breaks of schools in `voivodeship`."""
    centre.timetable = open_timetable(name=centre.name, slug=str(centre.pk), voivodeship=voivodeship)
    centre.save(force_insert=True)
    return centre

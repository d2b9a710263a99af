"""Setting up a centre: its timetable's places, rooms, terms and closed days."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from booking.models import Centre
from scheduler.models import Closure, Place, Resource, SchoolBreak, Term


@admin.register(Centre)
class CentreAdmin(admin.ModelAdmin[Centre]):
    """A centre."""

    list_display = ("name", "kind", "phone", "email")
    prepopulated_fields: ClassVar = {"slug": ("name",)}


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin[Place]):
    """A building and how to get in."""

    list_display = ("name", "village", "step_free", "lift", "accessible_toilet", "induction_loop")
    list_filter = ("timetable",)


@admin.register(Resource)
class ResourceAdmin(admin.ModelAdmin[Resource]):
    """A room, a specialist, a piece of equipment."""

    list_display = ("name", "kind", "place", "capacity", "units")
    list_filter = ("timetable", "kind")
    search_fields = ("name",)


@admin.register(Term)
class TermAdmin(admin.ModelAdmin[Term]):
    """A term."""

    list_display = ("name", "timetable", "starts_on", "ends_on")


@admin.register(Closure)
class ClosureAdmin(admin.ModelAdmin[Closure]):
    """Days on which a centre closes for its own reasons."""

    list_display = ("name", "timetable", "starts_on", "ends_on")
    list_filter = ("timetable",)


@admin.register(SchoolBreak)
class SchoolBreakAdmin(admin.ModelAdmin[SchoolBreak]):
    """Breaks of schools, by voivodeship."""

    list_display = ("kind", "voivodeship", "starts_on", "ends_on", "source")
    list_filter = ("kind", "voivodeship")

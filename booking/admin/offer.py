"""Setting up what a centre offers. Places taken are counted by enrolling, never typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from booking.admin.words import FoundPlainly, InWords, relation
from booking.models import Activity, Group, Service
from booking.models.names import in_alphabet
from scheduler.models import Series

if TYPE_CHECKING:
    from django.http import HttpRequest


class SeriesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Series told apart by term, day, hour and room."""

    def label_from_instance(self, obj: Series) -> str:
        """Return "2026/27: Robotyka, środa 15:45, Pracownia"."""
        when = f"{date_format(obj.starts_on, 'l')} {time_format(obj.starts, 'H:i')}"
        return ", ".join(filter(None, (f"{obj.term}: {obj.title}", when, str(obj.room or ""))))


class MeetsInSeries:
    """The choice of series, in words, for whatever meets in them."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the series with their day, hour and room."""
        if db_field.name == "series":
            loaded = Series.objects.select_related("event", "timetable", "term", "room")
            kwargs |= {
                "form_class": SeriesField,
                "queryset": loaded.order_by("term__starts_on", "title", "event__start"),
            }
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # of ModelAdmin


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A group in one centre's timetable, with at least as many places as are taken."""

    def clean(self) -> dict[str, Any]:
        """Check what the database would refuse, and that activity, term and series belong to one centre."""
        cleaned = super().clean() or {}
        activity, term = cleaned.get("activity"), cleaned.get("term")
        if activity and term and activity.centre.timetable_id != term.timetable_id:
            self.add_error("term", _("This belongs to the timetable of another centre."))
        if term and any(series.timetable_id != term.timetable_id for series in cleaned.get("series") or ()):
            self.add_error("series", _("This belongs to the timetable of another centre."))
        places = (cleaned.get("capacity") or 0) + self.instance.extra_places
        if "capacity" in cleaned and places < self.instance.places_taken:
            self.add_error("capacity", _("More places than these are taken."))
        return cleaned


@admin.register(Activity)
class ActivityAdmin(InWords, TranslationAdmin[Activity]):
    """An activity, with its texts in three languages."""

    list_display = ("name", "kind", relation("centre"), "provider", "sensitivity")
    ordering = (in_alphabet("name"), "pk")
    list_filter = ("centre", "kind")


@admin.register(Service)
class ServiceAdmin(InWords, MeetsInSeries, TranslationAdmin[Service]):
    """A service of specialists, with its texts in three languages."""

    list_display = ("name", relation("centre"), "entry", "minutes", "sensitivity", "listed")
    ordering = (in_alphabet("name"), "pk")
    list_filter = ("centre", "sensitivity")
    filter_horizontal = ("series",)


@admin.register(Group)
class GroupAdmin(FoundPlainly, InWords, MeetsInSeries, admin.ModelAdmin[Group]):
    """A group and the series it meets in."""

    list_display = ("name", relation("activity"), "age_from", "age_until", "capacity", "places_taken", "entry")
    ordering = (in_alphabet("activity__name"), in_alphabet("name"), "pk")
    list_filter = ("activity__centre", "activity__kind")
    search_fields = ("name", "activity__name")
    filter_horizontal = ("series",)
    readonly_fields: ClassVar = ("places_taken",)
    form = GroupForm

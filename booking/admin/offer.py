"""Setting up what a centre offers. Places taken are counted by enrolling, never typed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from booking.models import Activity, Group, Service


@admin.register(Activity)
class ActivityAdmin(TranslationAdmin[Activity]):
    """An activity, with its texts in three languages."""

    list_display = ("name", "kind", "centre", "provider", "sensitivity")
    list_filter = ("centre", "kind")


@admin.register(Service)
class ServiceAdmin(TranslationAdmin[Service]):
    """A service of specialists, with its texts in three languages."""

    list_display = ("name", "centre", "entry", "minutes", "sensitivity", "listed")
    list_filter = ("centre", "sensitivity")
    filter_horizontal = ("series",)


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin[Group]):
    """A group and the series it meets in."""

    list_display = ("name", "activity", "age_from", "age_until", "capacity", "places_taken", "entry")
    list_filter = ("activity__centre", "activity__kind")
    search_fields = ("name",)
    filter_horizontal = ("series",)
    readonly_fields: ClassVar = ("places_taken",)

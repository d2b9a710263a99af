"""Setting up what a centre asks consent for and what it does about absences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from booking.admin.words import InWords, relation
from booking.models import AbsenceRules, ConsentPurpose, ConsentText
from booking.models.names import in_alphabet

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(AbsenceRules)
class AbsenceRulesAdmin(InWords, admin.ModelAdmin[AbsenceRules]):
    """Whether a freed date is offered to the line, and for how long a missed one can be made up for."""

    list_display = (relation("activity"), "guests", "credit_days")
    ordering = (in_alphabet("activity__name"), "pk")


@admin.register(ConsentPurpose)
class ConsentPurposeAdmin(InWords, TranslationAdmin[ConsentPurpose]):
    """What is asked, of whom, and by which activities and groups."""

    list_display = ("name", relation("centre"), "all_guardians")
    ordering = (in_alphabet("name"), "pk")
    list_filter = ("centre",)
    filter_horizontal = ("activities", "groups", "services")


@admin.register(ConsentText)
class ConsentTextAdmin(InWords, TranslationAdmin[ConsentText]):
    """The words. Once somebody has agreed to them they are only read: a new version is added instead."""

    list_display = ("purpose", "version", "valid_from", "asks_anew")
    ordering = (in_alphabet("purpose__name"), "purpose", "-version")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep words that somebody agreed to as they are."""
        return super().has_change_permission(request, obj) and not (obj and obj.consents.exists())

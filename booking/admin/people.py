"""Setting up people: households, who is whose guardian, who works in which role."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from booking.admin.words import InWords, relation
from booking.models import Guardianship, Household, HouseholdMember, Person, StaffMember, StaffRole


class MemberInline(InWords, admin.TabularInline[HouseholdMember, Household]):
    """Who lives in the household."""

    model = HouseholdMember
    autocomplete_fields = ("person",)
    extra = 1


class GuardianInline(InWords, admin.TabularInline[Guardianship, Person]):
    """Who is guardian of this child, with which rights."""

    model = Guardianship
    fk_name = "child"
    autocomplete_fields = ("guardian",)
    extra = 1


class RoleInline(InWords, admin.TabularInline[StaffRole, StaffMember]):
    """In which roles, from when until when."""

    model = StaffRole
    extra = 1


@admin.register(Person)
class PersonAdmin(InWords, admin.ModelAdmin[Person]):
    """A person; found without diacritics."""

    list_display = ("family_name", "given_name", "birth_date", "reach", "language")
    search_fields = ("search_name", "family_name", "given_name")
    inlines: ClassVar = [GuardianInline]


@admin.register(Household)
class HouseholdAdmin(InWords, admin.ModelAdmin[Household]):
    """A household."""

    list_display = ("name", "code", relation("centre"), "village")
    list_filter = ("centre",)
    search_fields = ("name", "code")
    inlines: ClassVar = [MemberInline]


@admin.register(StaffMember)
class StaffMemberAdmin(InWords, admin.ModelAdmin[StaffMember]):
    """A member of staff."""

    list_display = (relation("person"), "job_title", relation("centre"), "counts_for_ratio")
    list_filter = ("centre", "roles__role")
    autocomplete_fields = ("person", "resource")
    inlines: ClassVar = [RoleInline]

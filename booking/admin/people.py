"""Setting up people: households, who is whose guardian, who works in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib import admin

from booking.admin.words import FoundPlainly, InWords, relation
from booking.models import Guardianship, Household, HouseholdMember, Person, Qualification, StaffMember, StaffRole

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


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


class QualificationInline(InWords, admin.TabularInline[Qualification, StaffMember]):
    """What she can lead or give."""

    model = Qualification
    extra = 1


@admin.register(Person)
class PersonAdmin(InWords, admin.ModelAdmin[Person]):
    """A person; found without diacritics."""

    list_display = ("family_name", "given_name", "birth_date", "reach", "language")
    search_fields = ("search_name",)
    inlines: ClassVar = [GuardianInline]

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002  the signature of ModelAdmin
        queryset: QuerySet[Person],
        search_term: str,
    ) -> tuple[QuerySet[Person], bool]:
        """Find people as the desk does."""
        people = Person.objects.named_like(search_term).values("pk")
        return queryset.filter(pk__in=people), False


@admin.register(Household)
class HouseholdAdmin(FoundPlainly, InWords, admin.ModelAdmin[Household]):
    """A household."""

    list_display = ("name", "code", relation("centre"), "village")
    list_filter = ("centre",)
    search_fields = ("name", "code")
    inlines: ClassVar = [MemberInline]


@admin.register(StaffMember)
class StaffMemberAdmin(FoundPlainly, InWords, admin.ModelAdmin[StaffMember]):
    """A member of staff."""

    list_display = (relation("person"), "job_title", relation("centre"), "counts_for_ratio")
    list_filter = ("centre", "roles__role")
    search_fields = ("person__search_name", "job_title")
    autocomplete_fields = ("person", "resource")
    inlines: ClassVar = [RoleInline, QualificationInline]

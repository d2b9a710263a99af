"""Setting up a centre: its timetable's places, rooms, terms and closed days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.admin.words import FoundPlainly, InWords, relation
from booking.domain.centres import open_centre
from booking.errors import Refused
from booking.models import Centre
from booking.models.names import in_alphabet
from scheduler.domain.rooms import put_inside
from scheduler.models import Closure, Place, Resource, SchoolBreak, Term, Timetable
from scheduler.models.closure import Voivodeship

if TYPE_CHECKING:
    from django.http import HttpRequest


class NewCentreForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A new centre and where it lies."""

    voivodeship = forms.ChoiceField(
        label=_("Voivodeship"), choices=Voivodeship.choices, help_text=_("It decides when winter break is.")
    )


@admin.register(Centre)
class CentreAdmin(admin.ModelAdmin[Centre]):
    """A centre. A new one gets its own timetable at once."""

    list_display = ("name", "kind", "phone", "email")
    prepopulated_fields: ClassVar = {"slug": ("name",)}
    exclude = ("timetable",)

    def get_form(self, request: HttpRequest, obj: Centre | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  the signature of ModelAdmin
        """Ask a new centre for its voivodeship, which decides when schools rest."""
        return super().get_form(request, obj, change, **({} if obj else {"form": NewCentreForm}), **kwargs)

    def save_model(self, request: HttpRequest, obj: Centre, form: Any, change: bool) -> None:  # noqa: FBT001  as above
        """Open a new centre together with its timetable."""
        if change:
            super().save_model(request, obj, form, change)
        else:
            open_centre(centre=obj, voivodeship=form.cleaned_data["voivodeship"])


@admin.register(Timetable)
class TimetableAdmin(admin.ModelAdmin[Timetable]):
    """A centre's time space; it is made with its centre. Its zone stays, for every hour is read in it."""

    list_display = ("name", "voivodeship", "zone")
    fields = ("name", "voivodeship", "zone")
    readonly_fields = ("zone",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  as above
        """Say no: whoever needs one opens a centre."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Timetable | None = None) -> bool:  # noqa: ARG002  as above
        """Say no: it stays as long as its centre."""
        return False


@admin.register(Place)
class PlaceAdmin(InWords, admin.ModelAdmin[Place]):
    """A building and how to get in."""

    list_display = ("name", "village", "step_free", "lift", "accessible_toilet", "induction_loop")
    ordering = (in_alphabet("name"), "pk")
    list_filter = ("timetable",)


@admin.register(Resource)
class ResourceAdmin(FoundPlainly, InWords, admin.ModelAdmin[Resource]):
    """A room, a specialist, a piece of equipment."""

    list_display = ("name", "kind", relation("place"), "capacity", "units", "part_of", "owner")
    ordering = ("kind", in_alphabet("name"), "pk")
    list_filter = ("timetable", "kind", "needs_approval")
    search_fields = ("name",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rooms as the whole of a room."""
        if db_field.name == "part_of":
            kwargs["queryset"] = Resource.objects.rooms().order_by(in_alphabet("timetable__name"), in_alphabet("name"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:  # noqa: FBT001  as above
        """Save a room; what is booked in the room it becomes a part of takes it along, or it stays apart."""
        whole = obj.part_of_id
        obj.part_of_id = form.initial.get("part_of") if change else None
        super().save_model(request, obj, form, change)
        if whole == obj.part_of_id:
            return
        try:
            put_inside(part_id=obj.pk, whole_id=whole, now=timezone.now())
        except Refused as refused:
            self.message_user(request, str(refused.refusal), messages.ERROR)


@admin.register(Term)
class TermAdmin(InWords, admin.ModelAdmin[Term]):
    """A term."""

    list_display = ("name", relation("timetable"), "starts_on", "ends_on")


@admin.register(Closure)
class ClosureAdmin(InWords, admin.ModelAdmin[Closure]):
    """Days on which a centre closes for its own reasons."""

    list_display = ("name", relation("timetable"), "starts_on", "ends_on")
    list_filter = ("timetable",)


@admin.register(SchoolBreak)
class SchoolBreakAdmin(admin.ModelAdmin[SchoolBreak]):
    """Breaks of schools, by voivodeship."""

    list_display = ("kind", "voivodeship", "starts_on", "ends_on", "source")
    list_filter = ("kind", "voivodeship")

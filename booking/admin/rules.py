"""Setting up rules: numbers that law or the centre sets, and how long the way between two buildings takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.admin.words import InWords, relation
from booking.models import Policy
from scheduler.models import PlaceDistance

if TYPE_CHECKING:
    from django.http import HttpRequest


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A number with the days it holds for and its source."""

    class Meta:
        """Say what each field is for."""

        model = Policy
        fields = ("centre", "key", "value", "valid_from", "valid_until", "source")
        help_texts = {
            "centre": _("Empty for a number that holds in every centre; a centre's own goes before it."),
            "source": _("The law, the resolution or the house rule it rests on."),
            "valid_from": _(
                "To change a number, add a new one from the day it changes: old decisions rest on the old."
            ),
        }


@admin.register(Policy)
class PolicyAdmin(InWords, admin.ModelAdmin[Policy]):
    """Numbers are added, not rewritten: what held on a day explains what was decided on it."""

    form = PolicyForm
    list_display = ("key", "value", relation("centre"), "valid_from", "valid_until", "source")
    list_filter = ("centre", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> tuple[str, ...]:  # noqa: ARG002  the signature of ModelAdmin
        """Let only the end and the source of a number be changed once it has held for a day."""
        return ("centre", "key", "value", "valid_from") if obj and _has_held(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        """Say no to what has held for a day: its end is set instead. A slip of the pen can be taken back."""
        return super().has_delete_permission(request, obj) and not (obj and _has_held(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Leave out deleting many at once, which asks about no single one."""
        return {name: each for name, each in super().get_actions(request).items() if name != "delete_selected"}


def _has_held(policy: Policy) -> bool:
    return policy.valid_from < timezone.localdate()


class DistanceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Two different places of one timetable, in whichever order they are named."""

    class Meta:
        """Both places and the minutes."""

        model = PlaceDistance
        fields = ("one", "other", "minutes")

    def clean(self) -> dict[str, Any]:
        """Put the pair in the order it is stored in, and refuse what is no way."""
        cleaned = super().clean() or {}
        one, other = cleaned.get("one"), cleaned.get("other")
        if not (one and other):
            return cleaned
        if one == other:
            self.add_error("other", _("Choose another place than the first."))
        elif one.timetable_id != other.timetable_id:
            self.add_error("other", _("This belongs to the timetable of another centre."))
        else:
            cleaned["one"], cleaned["other"] = sorted((one, other), key=lambda place: place.pk.hex)
        return cleaned


@admin.register(PlaceDistance)
class PlaceDistanceAdmin(InWords, admin.ModelAdmin[PlaceDistance]):
    """The way there and back is one row."""

    form = DistanceForm
    list_display = (relation("one"), relation("other"), "minutes")
    list_filter = ("one__timetable",)

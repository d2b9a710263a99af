"""What staff fill in about a time outside the hours for visits: day, hour, room, and why."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models import Service
from scheduler.models import Resource


def reason_field() -> forms.CharField:
    """Return the question why a time lies outside the hours."""
    return forms.CharField(
        label=_("Why outside the hours"),
        help_text=_("It stays in the log of the visit, the family does not read it. Nothing about health or family."),
        max_length=200,
    )


def room_field() -> forms.ModelChoiceField[Resource]:
    """Return the question in which room; `open_rooms` fills it."""
    return forms.ModelChoiceField(
        label=_("Room"), queryset=Resource.objects.none(), required=False, empty_label=_("none")
    )


def open_rooms(field: forms.Field, service: Service, specialist: Resource | None) -> None:
    """Let a room of the centre be chosen, the one in which the specialist receives people first."""
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  the field above
    field.queryset = Resource.objects.rooms().filter(timetable=service.centre.timetable_id).order_by("name")
    hers = service.series.filter(leader=specialist, room__isnull=False, published_at__isnull=False)
    field.initial = hers.values_list("room", flat=True).first() if specialist else None


class AgreedTimeForm(forms.Form):
    """Another time for a visit, agreed outside the hours."""

    prefix = "agreed"
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    room = room_field()
    reason = reason_field()

    def __init__(self, *args: Any, service: Service, specialist: Resource, in_room: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if in_room:
            open_rooms(self.fields["room"], service, specialist)
        else:
            del self.fields["room"]

    @property
    def starts_at(self) -> datetime:
        """When it begins, on the wall clock of the active zone; only of a valid form."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]))

    @property
    def room_id(self) -> uuid.UUID | None:
        """Where it takes place, if in a room; only of a valid form."""
        found: Resource | None = self.cleaned_data.get("room")
        return found.pk if found else None

"""What an organiser fills in to change one date."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from scheduler.models import Reservation, Resource
from scheduler.period import Period
from scheduler.recurrence import is_missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.models import Session, Timetable

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


class NoteForm(forms.Form):
    """Why, in words for families."""

    note = forms.CharField(
        label=_("Why, in words for families"),
        help_text=_("They read it in the message and in their calendar. For example: “The instructor is ill.”"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WordsForm(NoteForm):
    """What families should know about one date."""

    note = forms.CharField(
        label=_("Note"),
        help_text=_("They read it in the message, in the timetable and in their calendar. Blank takes it away."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RestoreForm(NoteForm):
    """Why a date takes place after all, and why on a day of rest or in spite of a warning."""

    forced_reason = forms.CharField(
        label=_("Why all the same"),
        help_text=_(
            "Only for a holiday, a school break or a closed day, or to go ahead in spite of a warning. It stays in the "
            "history."
        ),
        max_length=300,
        required=False,
    )


class MoveForm(RestoreForm):
    """Another day, hour or room for one date."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    room = forms.ModelChoiceField(label=_("Room"), queryset=Resource.objects.none(), required=False)

    field_order = ("day", "starts", "ends", "room", "note", "forced_reason")

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        zone = session.timetable.tz
        starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
        kwargs.setdefault("initial", {}).update(
            day=starts.date(), starts=starts.time(), ends=ends.time(), room=session.room_id
        )
        super().__init__(*args, **kwargs)
        self.zone = zone
        room = self.fields["room"]
        assert isinstance(room, forms.ModelChoiceField)  # noqa: S101  tells the type checker what the class says above
        room.queryset = Resource.objects.rooms().filter(timetable=session.timetable)
        room.empty_label = str(_("Without a room"))

    def clean(self) -> dict[str, Any]:
        """Check that the hours make a period that exists on that day's clock."""
        cleaned = super().clean() or {}
        day, starts, ends = cleaned.get("day"), cleaned.get("starts"), cleaned.get("ends")
        if not (day and starts and ends):
            return cleaned
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            self.add_error("day", _("Choose a day between 2000 and 2100."))
        elif ends <= starts:
            self.add_error("ends", _("The meeting must end after it starts."))
        else:
            start, end = (datetime.combine(day, hour, tzinfo=self.zone) for hour in (starts, ends))
            if is_missing(start) or is_missing(end):
                self.add_error("starts", _("This hour does not exist on the day the clocks go forward."))
            else:
                cleaned["period"] = Period(start, end)
        return cleaned


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes no parameter at runtime
    """A choice of people in which those who are taken are named as such."""

    busy: frozenset[uuid.UUID] = frozenset()

    def label_from_instance(self, obj: Resource) -> str:
        """Return the name, and whether the person is taken."""
        return str(_("%(name)s – taken at that time") % {"name": obj.name}) if obj.pk in self.busy else obj.name


class SubstituteForm(NoteForm):
    """Who leads one date instead."""

    leader = PersonChoice(label=_("Who leads"), queryset=Resource.objects.none(), required=False)

    field_order = ("leader", "note")

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(leader=session.leader_id)
        super().__init__(*args, **kwargs)
        field = self.fields["leader"]
        assert isinstance(field, PersonChoice)  # noqa: S101  tells the type checker what the class says above
        field.queryset = Resource.objects.specialists().filter(timetable=session.timetable)
        field.empty_label = str(_("Nobody yet"))
        taken = Reservation.objects.filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        field.busy = frozenset(taken.exclude(session=session).values_list("resource_id", flat=True))


class ForceForm(forms.Form):
    """A date that drops out, and why it takes place all the same."""

    day = forms.TypedChoiceField(label=_("Day"), coerce=date.fromisoformat)
    reason = forms.CharField(
        label=_("Why on a day of rest"), help_text=_("It stays in the history."), max_length=300, required=True
    )

    def __init__(self, *args: Any, days: Iterable[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["day"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  tells the type checker what the class says above
        field.choices = [(day.isoformat(), date_format(day, "l j E Y")) for day in days]


class ShiftForm(forms.Form):
    """Where a line was dragged: from and to which weekday, its new hours, the room or person it was dropped on."""

    old_weekday = forms.IntegerField(min_value=0, max_value=6)
    weekday = forms.IntegerField(min_value=0, max_value=6)
    starts = forms.TimeField()
    ends = forms.TimeField()
    room = forms.ModelChoiceField(queryset=Resource.objects.none(), required=False)
    person = forms.ModelChoiceField(queryset=Resource.objects.none(), required=False)
    instead_of = forms.UUIDField(required=False)

    def __init__(self, *args: Any, timetable: Timetable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Resource.objects.filter(timetable=timetable)
        for name, rows in (("room", own.rooms()), ("person", own.specialists())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker what the class says
            field.queryset = rows

"""What an organiser fills in to change one date."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduler.models import Resource
from scheduler.period import Period
from scheduler.recurrence import is_missing

if TYPE_CHECKING:
    from scheduler.models import Session

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


class MoveForm(NoteForm):
    """Another day, hour or room for one date."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    room = forms.ModelChoiceField(label=_("Room"), queryset=Resource.objects.none(), required=False)

    field_order = ("day", "starts", "ends", "room", "note")

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

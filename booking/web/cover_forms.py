"""What is filled in when somebody is away, and what is chosen for each date that it touches."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.domain.cover import Choice, CoverDate, CoverPlan
from booking.domain.cover_plan import Action
from booking.models import Activity, Centre, StaffMember, TimeOff
from scheduler.period import Period


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _hour() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class TimeOffForm(forms.Form):
    """From when until when, and why in one word."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=_day())
    since = forms.TimeField(
        label=gettext_lazy("From the hour"),
        help_text=gettext_lazy("Empty: the whole day."),
        required=False,
        widget=_hour(),
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("Empty: the same day."), required=False, widget=_day()
    )
    until = forms.TimeField(
        label=gettext_lazy("Until the hour"),
        help_text=gettext_lazy("Empty: the whole day."),
        required=False,
        widget=_hour(),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Reason"), choices=TimeOff.Kind.choices)
    note = forms.CharField(
        label=gettext_lazy("Note for the organiser"),
        help_text=gettext_lazy("Nothing about health, please."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """Make instants of days and hours, on the wall clock of the centre; without hours whole days are meant."""
        cleaned = super().clean() or {}
        first = cleaned.get("first")
        if self.errors or first is None:
            return cleaned
        last = cleaned.get("last") or first
        starts_at = datetime.combine(first, cleaned.get("since") or time.min, self.zone)
        until = cleaned.get("until")
        ends_at = datetime.combine(last, until, self.zone) if until else midnight_after(last, self.zone)
        if ends_at <= starts_at:
            self.add_error("until" if until else "last", _("The end must come after the beginning."))
        return {**cleaned, "last": last, "starts_at": starts_at, "ends_at": ends_at}

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was filled in, to be sent on with the answer to the proposals."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]


class AbsenceForm(TimeOffForm):
    """Who is away."""

    member: forms.ModelChoiceField[StaffMember] = forms.ModelChoiceField(
        label=gettext_lazy("Who is away"), queryset=StaffMember.objects.none(), empty_label=gettext_lazy("Choose")
    )

    field_order = ("member", "first", "since", "last", "until", "kind", "note")

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, zone=centre.timetable.tz, **kwargs)
        member = self.fields["member"]
        assert isinstance(member, forms.ModelChoiceField)  # noqa: S101  tells the type checker what the class says above
        staff = StaffMember.objects.filter(centre=centre).select_related("person", "centre__timetable")
        member.queryset = staff.order_by("person__sort_name")


class Way(NamedTuple):
    """One thing that can be chosen for a date."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One date of the plan as the page shows it."""

    date: CoverDate
    name: str
    ways: list[Way]

    @property
    def is_daily(self) -> bool:
        """Whether it is day care, which takes place every day and so is never moved."""
        groups = self.date.session.series.groups.all()
        return any(group.activity.kind == Activity.Kind.DAY_CARE for group in groups)


def rows_of(plan: CoverPlan, chosen: Mapping[uuid.UUID, Choice], zone: ZoneInfo) -> list[Row]:
    """Return the dates with what can be chosen for each; what is in `chosen` is marked, otherwise what is proposed."""
    proposed = plan.proposed()
    return [
        Row(date, f"date-{date.session.pk}", _ways(date, chosen.get(date.session.pk, proposed[date.session.pk]), zone))
        for date in plan.dates
    ]


def read_choices(plan_dates: Mapping[str, str]) -> dict[str, Choice]:
    """Return what was chosen, by the id of the session as it was sent; what cannot be read is left on the list."""
    return {name.removeprefix("date-"): _read(value) for name, value in plan_dates.items() if name.startswith("date-")}


def _ways(date: CoverDate, choice: Choice, zone: ZoneInfo) -> list[Way]:
    offered = [
        (Choice(Action.SUBSTITUTE, substitute=person.resource), _("%(person)s takes it") % {"person": person.name})
        for person in date.substitutes
    ]
    offered += [
        (Choice(Action.MOVE, period=period), _("move it to %(when)s") % {"when": say_period(period, zone)})
        for period in date.proposal.dates
    ]
    offered += [(Choice(Action.CANCEL), _("cancel it")), (Choice(Action.LEAVE), _("leave it on the list"))]
    return [Way(write_choice(each), label, each == choice) for each, label in offered]


def write_choice(choice: Choice) -> str:
    """Return a choice as the value of a form."""
    if choice.action == Action.SUBSTITUTE:
        return f"{choice.action}:{choice.substitute}"
    if choice.action == Action.MOVE and choice.period:
        return f"{choice.action}:{choice.period.start.isoformat()}/{choice.period.end.isoformat()}"
    return choice.action.value


def _read(value: str) -> Choice:
    action, _colon, rest = value.partition(":")
    try:
        match action:
            case Action.SUBSTITUTE:
                return Choice(Action.SUBSTITUTE, substitute=uuid.UUID(rest))
            case Action.MOVE:
                start, end = (datetime.fromisoformat(moment) for moment in rest.split("/"))
                return Choice(Action.MOVE, period=Period(start, end))
            case Action.CANCEL:
                return Choice(Action.CANCEL)
    except ValueError:
        pass
    return Choice(Action.LEAVE)


def say_period(period: Period, zone: ZoneInfo) -> str:
    """Return day and hours on the wall clock of `zone`: "środa 25 listopada, 16:00–16:45"."""
    start, end = (moment.astimezone(zone) for moment in (period.start, period.end))
    return f"{date_format(start, 'l j E')}, {time_format(start, 'H:i')}–{time_format(end, 'H:i')}"


def midnight_after(day: Any, zone: ZoneInfo) -> datetime:
    """Return the midnight that ends a day."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def say_absence(time_off: TimeOff, zone: ZoneInfo) -> str:
    """Return from when until when somebody is away; whole days without hours."""
    start, end = (moment.astimezone(zone) for moment in (time_off.starts_at, time_off.ends_at))
    whole = start.time() == time.min and end.time() == time.min
    if whole:
        last = timezone.localdate(time_off.ends_at - timedelta(seconds=1), zone)
        first = start.date()
        return (
            date_format(first, "j E") if first == last else f"{date_format(first, 'j E')} – {date_format(last, 'j E')}"
        )
    return f"{date_format(start, 'j E, H:i')} – {date_format(end, 'j E, H:i')}"

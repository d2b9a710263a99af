"""What a specialist or an organiser fills in to open, change or close hours for visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from booking.domain.window_facts import WindowFacts
from booking.models import Service
from booking.models.modes import MODES, Mode
from booking.models.names import in_alphabet
from scheduler.models import Recurrence, Resource, Series
from scheduler.recurrence import BY_WEEKDAY, MONTHLY_POSITIONS, planned_dates

SELDOM = ("rooms", "on_breaks", "urgent_places", "new_quota", "own_quota")
USUAL_VALUES: tuple[object, ...] = (None, "", 0, "0", [], Series.OnBreaks.RUN)
PATTERNS = (
    Recurrence.WEEKLY,
    Recurrence.FORTNIGHTLY,
    Recurrence.FIRST_IN_MONTH,
    Recurrence.FIRST_THIRD_IN_MONTH,
    Recurrence.SECOND_FOURTH_IN_MONTH,
    Recurrence.LAST_IN_MONTH,
    Recurrence.ONCE,
)


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class FromDayForm(forms.Form):
    """From which day on."""

    from_day = _day(label=_("First day without these hours"))


class WindowForm(forms.Form):
    """Hours for visits; `facts()` is what opening and changing them is asked with."""

    services: forms.ModelMultipleChoiceField[Service] = forms.ModelMultipleChoiceField(
        label=_("Services"), queryset=Service.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    recurrence = forms.ChoiceField(
        label=_("Repeats"), choices=[(each.value, each.label) for each in PATTERNS], initial=Recurrence.WEEKLY
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these weekdays"),
        help_text=_("For “the first such day of the month” choose one. Without any the first day says it."),
        coerce=int,
        choices=[(number, name) for number, name in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    day = _day(label=_("First day"), help_text=_("Every second week is counted from this day."))
    last = _day(label=_("Last day"), help_text=_("Left blank, it goes on to the end of the term."), required=False)
    starts = forms.TimeField(label=_("From the hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Until the hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    modes = forms.MultipleChoiceField(
        label=_("Visits take place"),
        choices=Mode.choices,
        initial=[Mode.OFFICE],
        widget=forms.CheckboxSelectMultiple,
    )
    room = forms.ModelChoiceField(label=_("Room"), queryset=Resource.objects.none(), required=False)
    rooms = forms.ModelMultipleChoiceField(
        label=_("Other rooms, if the first is taken"),
        queryset=Resource.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on_breaks = forms.ChoiceField(
        label=_("School breaks"), choices=Series.OnBreaks.choices, initial=Series.OnBreaks.RUN
    )
    urgent_places = forms.IntegerField(
        label=_("Visits kept free for urgent matters"),
        help_text=_("On each date the last free times are kept; only the desk gives them."),
        min_value=0,
        max_value=99,
        initial=0,
    )
    new_quota = forms.IntegerField(
        label=_("Most visits of people who come first, on each date"),
        help_text=_("Left blank, there is no limit."),
        min_value=0,
        max_value=99,
        required=False,
    )
    own_quota = forms.IntegerField(
        label=_("Most visits of people who came before, on each date"),
        help_text=_("Left blank, there is no limit."),
        min_value=0,
        max_value=99,
        required=False,
    )

    def __init__(
        self, *args: Any, leader: Resource, today: date, before: WindowFacts | None = None, **kwargs: Any
    ) -> None:
        known = _initial(before) if before is not None else _known_of(leader)
        kwargs["initial"] = {"day": today, **known, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["min"] = today.isoformat()
        if before is not None and before.day < today:
            self.fields["day"].label = _("The change counts from")
            self.fields["day"].help_text = _(
                "What was before stays as it is. Every second week is counted from this day."
            )
        services = Service.objects.filter(centre__timetable=leader.timetable_id).order_by(in_alphabet("name"))
        rooms = Resource.objects.rooms().filter(timetable=leader.timetable_id)
        for name, rows in (("services", services), ("room", rooms), ("rooms", rooms)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker what the class says
            field.queryset = rows
        self.fields["room"].empty_label = str(_("Without a room"))  # type: ignore[attr-defined]  # of a choice of rows

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields that everybody fills in."""
        return [self[name] for name in self.fields if name not in SELDOM]

    @property
    def seldom(self) -> list[forms.BoundField]:
        """The fields that have a sensible value already."""
        return [self[name] for name in SELDOM]

    @property
    def is_seldom_open(self) -> bool:
        """Whether one of those was set or is wrong, so that it has to be seen."""
        return any(self[name].errors or self[name].value() not in USUAL_VALUES for name in SELDOM)

    def clean(self) -> dict[str, Any]:
        """Say at their fields what hours cannot be."""
        cleaned = super().clean() or {}
        if cleaned.get("recurrence") in MONTHLY_POSITIONS and len(cleaned.get("weekdays", ())) > 1:
            self.add_error("weekdays", _("Choose one weekday for what repeats by the month."))
        first, last = cleaned.get("day"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first."))
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The hours must end after they begin."))
        return cleaned

    def facts(self) -> WindowFacts:
        """Return the facts that were filled in."""
        cleaned = self.cleaned_data
        weekdays = tuple(cleaned["weekdays"]) if cleaned["recurrence"] in BY_WEEKDAY else ()
        kept = ("day", "last", "starts", "ends", "recurrence", "room", "on_breaks", "new_quota", "own_quota")
        return WindowFacts(
            services=tuple(cleaned["services"]),
            weekdays=weekdays,
            rooms=tuple(cleaned["rooms"]),
            modes=frozenset(cleaned["modes"]),
            urgent_places=cleaned["urgent_places"],
            **{name: cleaned[name] for name in kept},
        )

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was sent, to be sent again with the confirmation."""
        known = {name for name in self.data if name in self.fields}
        return [(name, value) for name in known for value in self.data.getlist(name)]  # type: ignore[attr-defined]  # a QueryDict


def _known_of(leader: Resource) -> dict[str, Any]:
    """Return what her other hours say: she mostly gives the same services in the same room."""
    lines = Series.objects.published().filter(leader=leader, window__isnull=False)
    latest = lines.order_by("-published_at").prefetch_related("services").first()
    if latest is None:
        return {}
    return {"services": [service.pk for service in latest.services.all()], "room": latest.room_id}


def _initial(before: WindowFacts) -> dict[str, Any]:
    return {
        "services": [service.pk for service in before.services],
        "recurrence": before.recurrence,
        "weekdays": before.weekdays,
        "day": before.day,
        "last": before.last,
        "starts": before.starts,
        "ends": before.ends,
        "modes": [mode for mode in MODES if mode in before.modes],
        "room": before.room.pk if before.room else None,
        "rooms": [room.pk for room in before.rooms],
        "on_breaks": before.on_breaks,
        "urgent_places": before.urgent_places,
        "new_quota": before.new_quota,
        "own_quota": before.own_quota,
    }


def next_day(series: Series, today: date) -> date:
    """Return from which day a change is proposed: the next with these hours, so that their weeks stay as they are."""
    coming = (planned.day for planned in planned_dates(series) if planned.day >= today)
    return next(coming, max(series.starts_on, today))

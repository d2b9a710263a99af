"""What an organiser fills in to draft a line of the timetable: what, when, where, who, with what and for whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from booking.models import Group
from booking.models.names import in_alphabet
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import Recurrence, Resource, Series
from scheduler.recurrence import BY_WEEKDAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.models import Term

UNITS = "units_"  # before the id of a piece of equipment


class SeriesForm(forms.Form):
    """One line of the timetable. `facts()` and `chosen_groups()` are what drafting is asked with."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("As families read it. Left blank, it is the name of the activity."),
        max_length=200,
        required=False,
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups that meet"),
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    recurrence = forms.ChoiceField(label=_("Repeats"), choices=Recurrence.choices)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these weekdays"),
        help_text=_("For “the first such day of the month” choose one. Without any the first day says it."),
        coerce=int,
        choices=[(number, name) for number, name in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.DateField(
        label=_("First day"),
        help_text=_("For “as many days from Easter” choose the day this year, for example Holy Wednesday."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("Last day"),
        help_text=_("Left blank, it goes on to the end of the term."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    starts = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    room = forms.ModelChoiceField(label=_("Room"), queryset=Resource.objects.none(), required=False)
    leader = forms.ModelChoiceField(label=_("Leads"), queryset=Resource.objects.none(), required=False)
    helpers = forms.ModelMultipleChoiceField(
        label=_("Also needed: people"),
        queryset=Resource.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on_breaks = forms.ChoiceField(label=_("School breaks"), choices=Series.OnBreaks.choices)
    audience = forms.ChoiceField(label=_("Who may see it"), choices=Series.Audience.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=Series.Kind.choices)

    def __init__(self, *args: Any, term: Term, line: Series | None = None, **kwargs: Any) -> None:
        self.before = SeriesFacts.of(line) if line else None
        initial = _initial(self.before) if self.before else {}
        kwargs["initial"] = {**_usual(term), **initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        own = Resource.objects.filter(timetable=term.timetable_id)
        self._offer("room", own.rooms(), _("Without a room"))
        self._offer("leader", own.specialists(), _("Nobody yet"))
        self._offer("helpers", own.specialists())
        groups = (
            Group.objects.filter(term=term)
            .select_related("activity")
            .order_by(in_alphabet("activity__name"), in_alphabet("name"))
        )
        self._offer("groups", groups)
        self.equipment = list(own.filter(kind=Resource.Kind.EQUIPMENT))
        for each in self.equipment:
            self.fields[f"{UNITS}{each.pk}"] = forms.IntegerField(
                label=each.name, min_value=0, max_value=each.units, required=False, help_text=_of_units(each)
            )
        for name in ("day", "last"):
            self.fields[name].widget.attrs |= {"min": term.starts_on.isoformat(), "max": term.ends_on.isoformat()}

    def _offer(self, name: str, rows: Any, nothing: Any = None) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker what the class says above
        field.queryset = rows
        if nothing is not None:
            field.empty_label = str(nothing)

    def clean(self) -> dict[str, Any]:
        """Give a line without a title the name of its activity; a helper who leads is no helper."""
        cleaned = super().clean() or {}
        groups = list(cleaned.get("groups") or ())
        if not cleaned.get("title"):
            names = sorted({group.activity.name for group in groups})
            if names:
                cleaned["title"] = ", ".join(names)
            else:
                self.add_error("title", _("Write a title, or choose a group."))
        return cleaned

    def chosen_groups(self) -> list[Group]:
        """Return the groups chosen."""
        return list(self.cleaned_data["groups"])

    def facts(self) -> SeriesFacts:
        """Return what the line is to be. Days of rest on which it meets all the same stay as they were."""
        cleaned = self.cleaned_data
        helpers = [each for each in cleaned["helpers"] if each != cleaned["leader"]]
        units = {str(each.pk): cleaned.get(f"{UNITS}{each.pk}") or 0 for each in self.equipment}
        facts = SeriesFacts(
            title=cleaned["title"],
            day=cleaned["day"],
            starts=cleaned["starts"],
            ends=cleaned["ends"],
            recurrence=cleaned["recurrence"],
            weekdays=tuple(cleaned["weekdays"]) if cleaned["recurrence"] in BY_WEEKDAY else (),
            last=cleaned["last"],
            room=cleaned["room"],
            leader=cleaned["leader"],
            resources=(*helpers, *(each for each in self.equipment if units[str(each.pk)])),
            kind=cleaned["kind"],
            audience=cleaned["audience"],
            on_breaks=cleaned["on_breaks"],
            units_taken={key: count for key, count in units.items() if count},
        )
        return replace(facts, forced_days=self.before.forced_days) if self.before else facts

    def main_fields(self) -> Iterable[forms.BoundField]:
        """Return the fields that are no equipment, for the template."""
        return [field for field in self if not field.name.startswith(UNITS)]

    def unit_fields(self) -> Iterable[forms.BoundField]:
        """Return the fields of equipment."""
        return [field for field in self if field.name.startswith(UNITS)]


def _of_units(resource: Resource) -> str:
    return str(_("of %(units)s") % {"units": resource.units})


def _usual(term: Term) -> dict[str, Any]:
    return {
        "recurrence": Recurrence.WEEKLY,
        "day": term.starts_on,
        "on_breaks": Series.OnBreaks.REST,
        "audience": Series.Audience.PUBLIC,
        "kind": Series.Kind.MEETING,
    }


def _initial(facts: SeriesFacts) -> dict[str, Any]:
    units = {
        f"{UNITS}{each.pk}": facts.units_taken.get(str(each.pk), 1)
        for each in facts.resources
        if each.kind == Resource.Kind.EQUIPMENT
    }
    return {
        "title": facts.title,
        "recurrence": facts.recurrence,
        "weekdays": list(facts.weekdays),
        "day": facts.day,
        "last": facts.last,
        "starts": facts.starts,
        "ends": facts.ends,
        "room": facts.room,
        "leader": facts.leader,
        "helpers": [each for each in facts.resources if each.kind == Resource.Kind.SPECIALIST],
        "kind": facts.kind,
        "audience": facts.audience,
        "on_breaks": facts.on_breaks,
        **units,
    }

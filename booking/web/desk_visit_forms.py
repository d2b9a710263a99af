"""What the desk fills in when it books a visit: urgency, address, further sides, and how many times."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.domain.appointment_booking import Party, VisitFacts
from booking.domain.people_search import find_families
from booking.models import Person, Service
from booking.models.modes import Mode
from booking.web.agreed_time_forms import open_rooms, reason_field, room_field
from booking.web.desk_access import Desk

if TYPE_CHECKING:
    from booking.web.desk_booking import Choice

FARTHEST_WEEKS, LONGEST = 8, 60
SIDES = (1, 2)
NAMED = 5
OF_SIDES = ("side_1", "side_1_comes", "side_2", "side_2_comes")
OF_SERIES = ("count", "weeks")


class BookForm(forms.Form):
    """The last look at a visit. A further side is found by what the desk would search for, and told on her own."""

    address = forms.CharField(
        label=gettext_lazy("Address of the visit"),
        help_text=gettext_lazy("Only the person who goes there and those who plan the visits see it."),
        max_length=300,
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("Urgent: it may take a time kept free for that"), required=False)
    reason = reason_field()
    room = room_field()
    side_1 = forms.CharField(
        label=gettext_lazy("Another side"),
        help_text=gettext_lazy(
            "For a mediation: name, phone or household number. Each side is told on its own and learns of no other."
        ),
        max_length=100,
        required=False,
    )
    side_1_comes = forms.TimeField(
        label=gettext_lazy("The other side comes at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    side_2 = forms.CharField(label=gettext_lazy("A third side"), max_length=100, required=False)
    side_2_comes = forms.TimeField(
        label=gettext_lazy("The third side comes at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many visits"),
        help_text=gettext_lazy("More than one make a series at the same hour. You see all the dates first."),
        min_value=1,
        max_value=LONGEST,
        initial=1,
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("Every how many weeks"), min_value=1, max_value=FARTHEST_WEEKS, initial=1
    )

    def __init__(self, *args: Any, desk: Desk, service: Service, choice: Choice, **options: Any) -> None:
        super().__init__(*args, **options)
        self.desk, self.service, self.choice = desk, service, choice
        self.parties: list[Party] = []
        if choice.is_outside:
            open_rooms(self.fields["room"], service, choice.specialist)
        unasked = ["count", "weeks"] if choice.is_outside else ["reason", "room"]
        unasked += ["address"] if choice.mode != Mode.HOME else []
        unasked += ["room"] if choice.mode != Mode.OFFICE else []
        for name in unasked:
            self.fields.pop(name, None)

    @property
    def usual(self) -> list[forms.BoundField]:
        """What every visit asks."""
        return [self[name] for name in self.fields if name not in (*OF_SIDES, *OF_SERIES)]

    @property
    def further_sides(self) -> list[forms.BoundField]:
        """What a visit of several sides asks."""
        return [self[name] for name in OF_SIDES]

    @property
    def has_sides(self) -> bool:
        """Whether anything was written about further sides, right or wrong."""
        return any(self.data.get(name) or name in self.errors for name in OF_SIDES)

    @property
    def series(self) -> list[forms.BoundField]:
        """What a series asks; a time outside the hours makes none."""
        return [self[name] for name in OF_SERIES if name in self.fields]

    @property
    def is_series(self) -> bool:
        """Whether anything was written about a series, right or wrong."""
        return any(self.data.get(name, "1") != "1" or name in self.errors for name in OF_SERIES)

    def clean(self) -> dict[str, Any]:
        """Find the further sides and put together when each of them comes."""
        wanted = super().clean() or {}
        for number in SIDES:
            text = wanted.get(f"side_{number}", "").strip()
            person = self._find(f"side_{number}", text) if text else None
            if person is not None:
                self.parties.append(Party(person, self._comes_at(wanted.get(f"side_{number}_comes"))))
        return wanted

    def facts(self) -> VisitFacts:
        """Return what is to be booked."""
        wanted, choice = self.cleaned_data, self.choice
        assert choice.starts_at is not None  # noqa: S101  the form is shown for a time only
        room = wanted.get("room")
        return VisitFacts(
            self.service,
            choice.starts_at,
            mode=choice.mode,
            specialist_id=choice.specialist.pk if choice.specialist else None,
            is_urgent=wanted["is_urgent"],
            colleagues=tuple(each.pk for each in choice.colleagues),
            parties=tuple(self.parties),
            address=wanted.get("address", ""),
            outside_hours=choice.is_outside,
            room_id=room.pk if room else None,
            reason=wanted.get("reason", ""),
        )

    def _find(self, field: str, text: str) -> Person | None:
        """Return the one person who is meant; otherwise say beside the field who could be."""
        found = find_families(text=text, user=self.desk.account, on=self.desk.today)
        people = list(dict.fromkeys(person for family in found for person in family.people))
        if len(people) == 1:
            return people[0]
        if not people:
            self.add_error(field, _("Nobody fits. Try fewer letters, the phone number or the birth date."))
            return None
        names = ", ".join(
            f"{each} ({each.birth_date:%d.%m.%Y})" if each.birth_date else str(each) for each in people[:NAMED]
        )
        self.add_error(field, _("Several people fit: %(names)s. Write the phone or the birth date.") % {"names": names})
        return None

    def _comes_at(self, hour: time | None) -> datetime | None:
        """Return an hour of the day of the visit, on the centre's wall clock."""
        if hour is None or self.choice.starts_at is None:
            return None
        day = timezone.localdate(self.choice.starts_at)
        return timezone.make_aware(datetime.combine(day, hour))

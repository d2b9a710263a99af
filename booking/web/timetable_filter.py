"""Whose sessions a timetable shows: all of a centre's, or those of one place, room, person or group."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models import Group
from scheduler.models import Place, Resource, Series

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from booking.models import Centre
    from scheduler.models.session import SessionQuerySet


class TimetableFilter(forms.Form):
    """What to show: everything, or what one place, room, person or group has.

    The public one offers only what public series take place in, and whom they are led by.
    """

    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none(), required=False)
    room = forms.ModelChoiceField(label=_("Room"), queryset=Resource.objects.none(), required=False)
    person = forms.ModelChoiceField(label=_("Person"), queryset=Resource.objects.none(), required=False)
    group = forms.ModelChoiceField(label=_("Group"), queryset=Group.objects.none(), required=False)

    def __init__(self, *args: Any, centre: Centre, is_public: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_public = is_public
        places = Place.objects.filter(timetable=centre.timetable_id)
        own = Resource.objects.filter(timetable=centre.timetable_id)
        groups = Group.objects.filter(activity__centre=centre)
        rooms, people = own.rooms(), own.specialists()
        if is_public:
            shown = Series.objects.public().filter(timetable=centre.timetable_id, published_at__isnull=False)
            rooms = rooms.filter(pk__in=shown.values("room"))
            people = people.filter(pk__in=shown.values("leader"))
            groups = groups.public().filter(series__in=shown).distinct()
            places = places.filter(pk__in=rooms.values("place"))
        self._offer("place", places, _("All places"))
        self._offer("room", rooms, _("All rooms"))
        self._offer("person", people, _("All people"))
        self._offer("group", groups.select_related("activity"), _("All groups"))

    def _offer(self, name: str, rows: QuerySet[Any], everything: Promise | str) -> None:
        field = self._choices_of(name)
        field.queryset = rows
        field.empty_label = str(everything)

    def _choices_of(self, name: str) -> forms.ModelChoiceField[Any]:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker what the class says above
        return field

    @property
    def is_set(self) -> bool:
        """Whether anything is asked for that could be understood."""
        self.is_valid()
        return any(self.cleaned_data.values())

    @property
    def subject(self) -> str:
        """What is shown, by name: "Sala widowiskowa"; blank for everything."""
        self.is_valid()
        return ", ".join(str(value) for value in self.cleaned_data.values() if value)

    @property
    def place_id(self) -> uuid.UUID | None:
        """The place that is asked for, or in which the room is."""
        self.is_valid()
        place, room = self.cleaned_data.get("place"), self.cleaned_data.get("room")
        found: uuid.UUID | None = place.pk if place else room.place_id if room else None
        return found

    def narrow(self, sessions: SessionQuerySet) -> SessionQuerySet:
        """Return only the sessions asked for; what was asked wrongly is left out, and the form says so."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("place"):
            sessions = sessions.filter(room__place=wanted["place"])
        if wanted.get("room"):
            sessions = sessions.filter(room=wanted["room"])
        if wanted.get("person"):
            person = wanted["person"].pk
            sessions = sessions.filter(Q(leader=person)) if self.is_public else sessions.led_by(person)
        if wanted.get("group"):
            sessions = sessions.filter(series__groups=wanted["group"])
        return sessions

    def parts(self, way: str) -> list[tuple[uuid.UUID, str]]:
        """Return the ids and names of all that sessions may be parted by: every place, room, person or group."""
        if way not in self.fields:
            return []
        chosen = self.cleaned_data.get(way) if self.is_valid() or hasattr(self, "cleaned_data") else None
        rows = [chosen] if chosen else self._choices_of(way).queryset or ()
        return [(row.pk, str(row)) for row in rows]

"""The form that makes a calendar address: whose dates, how much it says, when it reminds."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.models import CalendarSubscription
from booking.web.family_members import Member

FAMILY = "family"
ALARMS = (
    ("", _("no reminder")),
    ("15", _("15 minutes before")),
    ("30", _("30 minutes before")),
    ("60", _("1 hour before")),
    ("120", _("2 hours before")),
    ("1440", _("a day before")),
)


class FormKeyForm(forms.Form):
    """A form that works once; the key tells a second sending from a first."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Tell of a missing key above the form, where it is seen."""
        if self.errors.pop("form_key", None):
            self.add_error(None, _("The form was incomplete. Please send it again."))
        return self.cleaned_data


class CalendarForm(FormKeyForm):
    """What a new calendar address shows. `members` are the people it may be about."""

    whose = forms.ChoiceField(label=_("Whose dates"), widget=forms.RadioSelect, initial=FAMILY)
    privacy = forms.ChoiceField(
        label=_("What others see on your phone"),
        widget=forms.RadioSelect,
        choices=CalendarSubscription.Privacy.choices,
        initial=CalendarSubscription.Privacy.FULL,
    )
    alarm = forms.TypedChoiceField(
        label=_("Reminder before each date"), choices=ALARMS, coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        children = [(str(member.id), member.name) for member in members if not member.is_reader]
        everyone = _("the whole family") if children else _("my own")
        whose = self.fields["whose"]
        assert isinstance(whose, forms.ChoiceField)  # noqa: S101  declared above
        whose.choices = [(FAMILY, everyone), *children]

    @property
    def subject_id(self) -> uuid.UUID | None:
        """The child it is about, or None for the whole family."""
        whose = self.cleaned_data["whose"]
        return None if whose == FAMILY else uuid.UUID(whose)

    @property
    def scope(self) -> str:
        """The family or one child."""
        scopes = CalendarSubscription.Scope
        return scopes.HOUSEHOLD if self.subject_id is None else scopes.CHILD

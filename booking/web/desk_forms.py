"""What is filled in at the desk: people, how they are reached, and what guardians may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from booking.domain.contact_ways import check_reach, read_mobile, read_phone
from booking.domain.duplicates import Sketch
from booking.domain.identity import read_pesel
from booking.domain.registration import NewPerson
from booking.errors import Refused
from booking.models import Guardianship, HouseholdMember, Person
from notifications.channels import sms

FIELD_OF_REFUSAL = {
    "pesel_wrong": "pesel",
    "pesel_other_birth_date": "pesel",
    "phone_missing": "phone",
    "email_missing": "email",
    "address_missing": "address",
    "school_missing": "reach_note",
}

if TYPE_CHECKING:
    GuardianshipForm = forms.ModelForm[Guardianship]
else:
    GuardianshipForm = forms.ModelForm  # which takes no type at run time


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NameForm(forms.Form):
    """Who somebody is."""

    given_name = forms.CharField(label=_("Given name"), max_length=100)
    family_name = forms.CharField(label=_("Family name"), max_length=100)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=_day())
    pesel = forms.CharField(
        label=_("PESEL number"),
        help_text=_("Only where the service needs it. It is kept sealed and shown as its last two digits."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    other_id = forms.CharField(
        label=_("Another document"),
        help_text=_("For people without PESEL: its kind and number."),
        required=False,
        max_length=60,
    )
    language = forms.ChoiceField(label=_("Language of contact"), choices=settings.LANGUAGES, initial="pl")
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Check the personal number against the birth date, and take the birth date from it where none is given."""
        wanted = super().clean() or {}
        if wanted.get("pesel") and "birth_date" not in self.errors:
            try:
                wanted["pesel"], wanted["birth_date"] = read_pesel(wanted["pesel"], birth_date=wanted.get("birth_date"))
            except Refused as refused:
                self.refuse(refused)
        return wanted

    def refuse(self, refused: Refused) -> None:
        """Say beside the field why a value cannot be."""
        field = FIELD_OF_REFUSAL.get(refused.refusal.code)
        self.add_error(field if field in self.fields else None, str(refused.refusal))

    @property
    def sketch(self) -> Sketch:
        """What duplicates are looked for by."""
        wanted = self.cleaned_data
        return Sketch(
            wanted["given_name"],
            wanted["family_name"],
            wanted.get("birth_date"),
            wanted.get("phone", ""),
            wanted.get("pesel", ""),
        )

    @property
    def person(self) -> NewPerson:
        """Who is to be written down."""
        names = ("given_name", "family_name", "birth_date", "pesel", "other_id", "language")
        more = ("reach", "reach_note", "phone", "email")
        wanted = self.cleaned_data
        return NewPerson(**{name: wanted[name] for name in (*names, *more) if name in wanted})


class ContactForm(forms.Form):
    """How somebody is reached: one way is enough, and e-mail is never required."""

    reach = forms.ChoiceField(
        label=_("How shall we tell you things?"),
        choices=Person.Reach.choices,
        initial="phone",
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    sms_phone = forms.CharField(
        label=_("Number for SMS, if the person agrees"),
        help_text=_("Reminders, changes and cancellations then come as an SMS. Empty: none is sent."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Address for letters"), required=False, max_length=200)
    village = forms.CharField(label=_("Village or town"), required=False, max_length=100)
    reach_note = forms.CharField(
        label=_("School, or when to call"),
        help_text=_("For example: “SP 2, class 3b” or “after 16:00”."),
        required=False,
        max_length=120,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not sms.is_on():
            del self.fields["sms_phone"]

    def clean_sms_phone(self) -> str:
        """Read the number in any writing."""
        try:
            return read_mobile(self.cleaned_data["sms_phone"])
        except Refused as refused:
            raise forms.ValidationError(str(refused.refusal)) from refused

    def clean_phone(self) -> str:
        """Read the number in any writing."""
        try:
            return read_phone(self.cleaned_data["phone"])
        except Refused as refused:
            raise forms.ValidationError(str(refused.refusal)) from refused

    def clean(self) -> dict[str, Any]:
        """Check that the chosen way leads somewhere."""
        wanted = super().clean() or {}
        if {"reach", "phone", "email"} <= wanted.keys():
            try:
                check_reach(
                    reach=wanted["reach"],
                    phone=wanted["phone"],
                    email=wanted["email"],
                    address=wanted["address"],
                    note=wanted["reach_note"],
                )
            except Refused as refused:
                self.add_error(FIELD_OF_REFUSAL[refused.refusal.code], str(refused.refusal))
        return wanted


class AdultForm(NameForm, ContactForm):
    """An adult and how she is reached."""

    field_order = (
        "given_name", "family_name", "birth_date", "reach", "phone", "sms_phone", "reach_note", "email", "address",
        "village", "language", "pesel", "other_id",
    )  # fmt: skip


class ChildForm(NameForm):
    """A child and who of the household is its guardian."""

    guardian = forms.ModelChoiceField(label=_("Guardian"), queryset=Person.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("What the guardian is to the child"), choices=Guardianship.Kind.choices)
    weeks = forms.ChoiceField(
        label=_("Lives here"),
        help_text=_("A child of two homes lives in each of them in weeks A or in weeks B."),
        choices=HouseholdMember.Weeks.choices,
        initial="every",
    )
    field_order = ("given_name", "family_name", "birth_date", "guardian", "kind", "weeks")

    def __init__(self, *args: Any, guardians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["guardian"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker what the class says above
        field.queryset = guardians


class RightsForm(GuardianshipForm):
    """What one guardian may do for one child, from when until when."""

    class Meta:
        model = Guardianship
        fields = (
            "kind", "can_view", "can_book", "can_collect", "can_consent", "starts_on", "ends_on", "contact_ban",
            "court_reference",
        )  # fmt: skip
        widgets = {"starts_on": _day(), "ends_on": _day()}

    def clean(self) -> dict[str, Any]:
        """Check that the right ends after it starts."""
        wanted = super().clean() or {}
        starts, ends = wanted.get("starts_on"), wanted.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The right must end after it starts."))
        return wanted

"""Refusals of booking: every code with its sentence in one place."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scheduler.errors import Refusal, Refused

__all__ = ["SENTENCES", "Refusal", "Refused", "refusal"]

SENTENCES = {
    "already_enrolled": _("%(child)s is already enrolled in this group."),
    "too_young": _(
        "%(child)s is too young: the group is for children from %(age_from)s, she or he can join on %(from_day)s."
    ),
    "too_old": _("%(child)s is too old: the group is for children up to %(age_until)s years."),
    "clash": _("%(child)s is in “%(other)s” at that time (%(when)s)."),
    "enrolment_not_open": _("Enrolment opens on %(opens)s."),
    "enrolment_closed": _("Enrolment in this group has ended."),
    "not_entitled": _("Places in this group are given by the centre. Please call or visit the desk."),
    "unknown_birth_date": _("We do not know the birth date of %(child)s. Please tell it to the desk."),
    "given_by_centre": _("The centre gave this place. To give it up, please call or visit the desk."),
    "full": _("All places in this group are taken."),
    "unknown_subject": _("There is no such calendar that you could subscribe to."),
    "unknown_choice": _("A calendar cannot be made in this way. Choose one of the ways on the page."),
    "alarm_out_of_range": _("A reminder can come from the start up to %(days)s days before."),
    "too_many_calendars": _("You already have %(count)s calendar addresses. Turn one off that you do not use."),
    "calendar_revoked": _("This calendar address was turned off. Make a new one."),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request. Use a new one."),
    "idempotency_answer_lost": _("The first answer to this Idempotency-Key can no longer be read. Use a new one."),
}


def refusal(code: str, **facts: object) -> Refusal:
    """Return the refusal with this code; `facts` fill in its sentence."""
    return Refusal(code, SENTENCES[code], facts)

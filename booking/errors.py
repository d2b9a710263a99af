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
    "clash_travel": _("%(child)s is in “%(other)s” (%(when)s), too far away to be here in time."),
    "not_resident": _("This group is for families who live in the municipality. If you do, please tell the desk."),
    "not_invited": _("This group is for those whom the centre has invited. Please call or visit the desk."),
    "not_by_invitation": _("This group is not by invitation: families enrol by themselves, or the desk does."),
    "limit_reached": _("%(child)s can be in %(count)s groups at a time. Give one place back to take another."),
    "enrolment_not_open": _("Enrolment opens on %(opens)s."),
    "enrolment_closed": _("Enrolment in this group has ended."),
    "not_entitled": _("Places in this group are given by the centre. Please call or visit the desk."),
    "unknown_birth_date": _("We do not know the birth date of %(child)s. Please tell it to the desk."),
    "given_by_centre": _("The centre gave this place. To give it up, please call or visit the desk."),
    "pesel_wrong": _("This is no PESEL number: check the digits against the document."),
    "pesel_other_birth_date": _("This PESEL number is of somebody born on %(birth_date)s."),
    "phone_wrong": _("This is no phone number that can be called."),
    "phone_missing": _("Write the phone number, or choose another way."),
    "email_missing": _("Write the e-mail address, or choose another way."),
    "address_missing": _("Write the address for letters, or choose another way."),
    "school_missing": _("Write which school, or choose another way."),
    "merge_itself": _("A record cannot be merged with itself."),
    "merge_staff": _("A member of staff is merged by the administrator."),
    "merge_two_pesels": _("The two records have different PESEL numbers, so they are two people."),
    "merge_guardian_and_child": _("One of the two is the guardian of the other, so they are two people."),
    "merge_other_centre": _("One of the two is known to another centre too. Only an administrator can merge them."),
    "full": _("All places in this group are taken."),
    "court_referred": _(
        "A court has referred %(child)s here, so this place cannot be given back. If %(child)s cannot come, report the "
        "absence. The centre was told that you asked."
    ),
    "offer_over": _("This offer is over: it was answered before, or its time has run out."),
    "not_waiting": _("%(child)s does not wait in this line any more."),
    "no_offer_now": _("No place can be offered at this hour, or the course is about to start or to end."),
    "answer_needs_reason": _("Write the reason. The family reads it, and it stays in the log."),
    "reason_missing": _("Write why somebody is served out of turn. The reason stays in the log of the line."),
    "changed_meanwhile": _("This has changed meanwhile. Please look again."),
    "bundle_needs_places": _("The family needs %(count)s places at once."),
    "offered_elsewhere": _("%(child)s is just being offered a place in another group of her or his choice."),
    "not_pending": _("This place was decided on before."),
    "not_taking_part": _("%(child)s does not go to this meeting."),
    "meeting_cancelled": _("This meeting does not take place anyway."),
    "meeting_over": _("This meeting is over."),
    "meeting_begun": _("The meeting has begun, so this can no longer be changed here. Please call the centre."),
    "place_given_on": _("Another child comes to this meeting in her or his place. Please call the centre."),
    "credit_used": _("Another meeting was chosen in place of this one. Give that one back first."),
    "credit_over": _("This right to make up for a meeting is used, or its time has run out."),
    "elsewhere_then": _("%(child)s is somewhere else at that time."),
    "no_seat_then": _("There is no free place at this meeting."),
    "needs_paper": _("This is taken only from a signed paper, at the desk."),
    "may_not_decide": _("%(name)s may not decide who collects %(child)s."),
    "barred_person": _("%(name)s may not collect %(child)s: the centre has a ban in writing. Please talk to the desk."),
    "guardian_collects": _("%(name)s is a guardian with the right to collect. Only a court takes it away."),
    "text_changed": _("The text has changed meanwhile. Please read the new one."),
    "may_not_consent": _("%(name)s may not give consent for %(child)s."),
    "unknown_subject": _("There is no such calendar that you could subscribe to."),
    "unknown_choice": _("A calendar cannot be made in this way. Choose one of the ways on the page."),
    "alarm_out_of_range": _("A reminder can come from the start up to %(days)s days before."),
    "too_many_calendars": _("You already have %(count)s calendar addresses. Turn one off that you do not use."),
    "calendar_revoked": _("This calendar address was turned off. Make a new one."),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request. Use a new one."),
    "idempotency_answer_lost": _("The first answer to this Idempotency-Key can no longer be read. Use a new one."),
}


def refusal(code: str, *, sentence: str = "", **facts: object) -> Refusal:
    """Return the refusal with this code; `facts` fill in its sentence, or the one named by `sentence`."""
    return Refusal(code, SENTENCES[sentence or code], facts)

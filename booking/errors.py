"""Refusals of booking: every code with its sentence in one place."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scheduler.errors import Refusal, Refused

__all__ = ["SENTENCES", "Refusal", "Refused", "refusal"]

SENTENCES = {
    "already_enrolled": _("%(child)s is already enrolled in this group."),
    "too_young": _(
        "%(child)s is too young: the group takes people from the age of %(age_from)s. "
        "Joining is possible from %(from_day)s."
    ),
    "too_old": _("%(child)s is too old: the group takes people up to the age of %(age_until)s."),
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
    "mobile_wrong": _("No SMS can be sent to this number. Write a mobile number, for example 601 234 567."),
    "decision_reference": _("Write on what the decision rests: a file number, or who decided and when."),
    "decision_guardian": _("Name the guardian of %(person)s for a hidden visit, and nobody for a court's consent."),
    "decision_visit": _("Choose a visit of %(person)s, and only to hide it from a guardian."),
    "decision_days": _("The last day lies before the first."),
    "walk_in_to_come": _("Only what has begun is written down here. Book a visit for a later time."),
    "walk_in_not_over": _("It would end later than now. Check the hour and the minutes, or come back when it is over."),
    "walk_in_too_old": _("Visits are written down within %(days)s days."),
    "not_an_assistant": _("Choose a family assistant of this centre."),
    "case_to_come": _("The work begins today or began earlier. Choose such a day."),
    "case_overlaps": _("On that day somebody else worked with the family. Choose a later day."),
    "case_ends_later": _("The last day is today or was earlier. Come back when the work has ended."),
    "case_ends_before": _("The work cannot end before it began."),
    "assistant_barred": _("This person must have no contact with a child of the family. Choose somebody else."),
    "caseload_full": _(
        "%(name)s works with %(families)s families, and the limit is %(limit)s. Choose somebody else, or write why it "
        "has to be one more: the reason is kept."
    ),
    "referral_due_past": _("The day until which the visit is due has passed. Choose a later one."),
    "refusal_reason_missing": _("Write why not: the referrer reads it."),
    "contact_missing": _("Write a phone number or an e-mail address: without one nobody can be invited."),
    "referral_over": _("This referral is settled, or a visit is booked already."),
    "slot_gone": _("This time is not free any more. Choose another one."),
    "safe_hours_wrong": _("Write both hours, the first before the second, or none."),
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
    "one_way_to_enrol": _("Choose one way: any group, siblings together, out of turn with a reason, or by a court."),
    "answer_needs_reason": _("Write the reason. The family reads it, and it stays in the log."),
    "reason_missing": _("Write why somebody is served out of turn. The reason stays in the log of the line."),
    "changed_meanwhile": _("This has changed meanwhile. Please look again."),
    "bundle_needs_places": _("The family needs %(count)s places at once."),
    "offered_elsewhere": _("%(child)s is just being offered a place in another of the chosen groups."),
    "not_pending": _("This place was decided on before."),
    "not_taking_part": _("%(child)s does not go to this meeting."),
    "meeting_cancelled": _("This meeting does not take place anyway."),
    "meeting_over": _("This meeting is over."),
    "meeting_begun": _("The meeting has begun, so this can no longer be changed here. Please call the centre."),
    "place_given_on": _("Another child has the place at this meeting now. Please call the centre."),
    "credit_used": _("Another meeting was chosen in place of this one. Give that one back first."),
    "credit_over": _("This right to make up for a meeting is used, or its time has run out."),
    "elsewhere_then": _("%(child)s is somewhere else at that time."),
    "no_seat_then": _("There is no free place at this meeting."),
    "needs_paper": _("This is taken only from a signed paper, at the desk."),
    "may_not_decide": _("%(name)s may not decide who collects %(child)s."),
    "barred_person": _("%(name)s may not collect %(child)s: the centre has a ban in writing. Please talk to the desk."),
    "guardian_collects": _("%(name)s is a guardian with the right to collect. Only a court takes it away."),
    "missing_consent": _("This help for %(person)s needs consent. It is still missing from: %(names)s."),
    "consent_at_desk": _(
        "This help for %(person)s needs consent that cannot be given here. Please call or visit the desk."
    ),
    "text_changed": _("The text has changed meanwhile. Please read the new one."),
    "may_not_consent": _("%(name)s may not give consent for %(child)s."),
    "check_in_future": _("A check cannot be dated in the future."),
    "unverified_staff": _(
        "%(person)s has no valid checks for work with children and cannot be assigned to “%(title)s”. Note the checks "
        "under “Staff”, or choose somebody else."
    ),
    "check_expires": _("The checks of %(person)s end on %(until)s, before the last dates of “%(title)s”."),
    "ratio": _(
        "Too few educators in “%(title)s”: children %(children)s, educators %(educators)s. One may care for %(limit)s."
    ),
    "ratio_nobody": _("The children of “%(title)s” (%(children)s) have no educator with them."),
    "travel": _("%(person)s cannot get from “%(first)s” to “%(second)s” in time: the way takes %(minutes)s minutes."),
    "time_off": _("%(person)s is away during “%(title)s”."),
    "room_not_approved": _("%(owner)s has not yet agreed to “%(title)s” in the room %(room)s."),
    "time_off_backwards": _("The end must come after the beginning."),
    "time_off_too_long": _("One entry lasts at most a year. Enter the rest as another one."),
    "time_off_over": _("This time is already over."),
    "time_off_twice": _("%(person)s is already entered as away then. Change or take back that entry first."),
    "plan_changed": _("Something has changed meanwhile. Please look at the new proposals and confirm them."),
    "unknown_choice_for_date": _("This cannot be chosen for “%(title)s”. Choose one of the ways that are offered."),
    "unknown_choice_for_visit": _("This cannot be chosen for the visit of %(when)s. Choose one of the ways offered."),
    "no_time_to_answer": _("This time is too near to wait for an answer. Choose a later one, or call."),
    "no_term": _("No term of the timetable includes this day. The organiser opens terms."),
    "service_missing": _("Choose at least one service that is given in these hours."),
    "mode_missing": _("Choose a way of meeting in which one of the services is given."),
    "window_in_draft": _(
        "The organiser is planning a change of these hours. Agree with the organiser, or wait until it is published."
    ),
    "slot_taken": _("This time has just been taken. Choose another one."),
    "visit_clash": _("%(person)s has another visit at that time (%(when)s)."),
    "visit_by_desk": _("This visit is booked by the desk. Please call or come."),
    "visits_ahead": _("%(person)s already has %(count)s coming visits. After one of them the next can be booked."),
    "specialist_missing": _("Choose who gives the visit: it is not in the hours for visits."),
    "busy_then": _("%(person)s is away or busy at that time."),
    "room_taken_then": _("%(room)s is taken at that time. Choose another room, or none."),
    "reason_outside_hours": _("Write why the visit takes place outside the hours. The reason stays in its log."),
    "card_for_staff": _("%(person)s works for a centre and logs in by e-mail. Cards are for families."),
    "visit_past": _("This hour has passed. A visit is agreed for a later one; one that took place is written down."),
    "visit_too_far": _("A visit is agreed at most two years ahead. Check the year."),
    "arrival_outside_visit": _("%(person)s has to come while the visit takes place: %(when)s."),
    "several_sides": _(
        "Several people come to this visit, so the centre moves it. Please call: %(phone)s. You can still cancel it."
    ),
    "visit_held": _("This time is only held for an answer. Wait for the answer, or cancel it."),
    "gives_it_already": _("%(person)s gives this visit already."),
    "no_hours_then": _("There are no hours for this visit then."),
    "closed_then": _("The centre rests on that day: %(name)s."),
    "taken_then": _("Somebody else has this time."),
    "address_missing_for_visit": _("Write the address of the visit."),
    "party_twice": _("Each person can come to a visit only once."),
    "visit_over": _("This visit has begun or is over."),
    "visit_cancelled": _("This visit was cancelled."),
    "late_to_move": _(
        "It is too late to move this visit here. Please call the centre: %(phone)s. You can still cancel it."
    ),
    "series_too_long": _("A series has 2 to %(count)s visits, with 1 to 8 weeks between them."),
    "unknown_outcome": _("Choose what became of the visit."),
    "visit_not_begun": _("This visit has not begun yet."),
    "minutes_wrong": _("Write how many minutes it took, at most a day."),
    "broken_off_after": _("Write after how many minutes it was broken off: fewer than the %(planned)s planned."),
    "watch_at_home": _("We cannot hold a visit at home without knowing where. Please call us: %(phone)s."),
    "watch_too_late": _("This moment has passed. Choose a later one."),
    "window_over": _("These hours end on %(day)s already. Choose an earlier day, or open new hours."),
    "window_in_the_past": _("Hours can change from today on. Choose today or a later day."),
    "room_clash": _("%(resource)s is needed by “%(one)s” and “%(other)s”: %(day)s, %(starts)s–%(ends)s."),
    "room_clash_visit": _("%(resource)s is needed by “%(one)s” and by a visit: %(day)s, %(starts)s–%(ends)s."),
    "person_clash": _("%(resource)s is expected in “%(one)s” and “%(other)s”: %(day)s, %(starts)s–%(ends)s."),
    "person_clash_visit": _("%(resource)s is expected in “%(one)s” and at a visit: %(day)s, %(starts)s–%(ends)s."),
    "equipment_clash": _(
        "There is not enough of “%(resource)s” for “%(one)s” and “%(other)s”: %(day)s, %(starts)s–%(ends)s."
    ),
    "equipment_clash_visit": _(
        "There is not enough of “%(resource)s” for “%(one)s” and a visit: %(day)s, %(starts)s–%(ends)s."
    ),
    "group_clash": _("The group %(group)s has “%(one)s” and “%(other)s”: %(day)s, %(starts)s–%(ends)s."),
    "room_capacity": _("%(room)s holds %(holds)s people, the groups of “%(title)s” have %(places)s places."),
    "closed_day": _("“%(title)s” is on %(day)s, a day of rest: %(name)s. Nobody has written why."),
    "term_plan_changed": _("The timetable has changed since you looked. Here is the new preview: please confirm it."),
    "publish_reason_missing": _("Write why you publish in spite of the warnings. The reason stays in the log."),
    "other_terms": _("Publish lines of one term at a time."),
    "nobody_leads": _("Nobody leads this meeting yet. Name somebody for the whole series first."),
    "already_begun": _("This meeting has begun. Choose a later one."),
    "unknown_group": _("There is no such group in this centre."),
    "unknown_subject": _("There is no such calendar that you could subscribe to."),
    "unknown_choice": _("A calendar cannot be made in this way. Choose one of the ways on the page."),
    "alarm_out_of_range": _("A reminder can come from the start up to %(days)s days before."),
    "too_many_calendars": _("You already have %(count)s calendar addresses. Turn one off that you do not use."),
    "calendar_revoked": _("This calendar address was turned off. Make a new one."),
    "calendar_not_https": _("A calendar is read only from an address that begins with https://."),
    "calendar_address_wrong": _(
        "This is no address of a calendar. Copy it whole from the settings of your calendar; it ends in .ics for most."
    ),
    "calendar_own": _(
        "This is a calendar of this very service, which knows these times already. Add one from elsewhere."
    ),
    "calendar_private_address": _("This address leads into a private network, which is never asked."),
    "calendar_too_many_redirects": _("The address leads on to other addresses too many times."),
    "calendar_unreachable": _("The calendar cannot be reached at the moment. It will be asked again."),
    "calendar_gone": _(
        "There is no calendar at this address any more, or it asks for a password. Copy the secret address again."
    ),
    "calendar_too_large": _("The calendar is too large. Share one that holds only the coming months."),
    "calendar_too_slow": _("The calendar came too slowly. It will be asked again."),
    "calendar_not_a_calendar": _("There is no calendar at this address."),
    "calendar_too_many_events": _("The calendar has too many entries. Share one that holds only the coming months."),
    "calendar_too_many_dates": _("The entries of the calendar repeat too many times in the coming year."),
    "calendar_rule_broken": _("An entry of the calendar repeats in a way that cannot be right, such as every second."),
    "calendar_dates_impossible": _("An entry of the calendar has a date that cannot be right."),
    "calendar_too_heavy": _("Reading the calendar took too much time or memory."),
    "too_many_calendars_elsewhere": _(
        "You already have %(count)s calendars from elsewhere. Turn one off that you do not need."
    ),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request. Use a new one."),
    "idempotency_answer_lost": _("The first answer to this Idempotency-Key can no longer be read. Use a new one."),
}


def refusal(code: str, *, sentence: str = "", **facts: object) -> Refusal:
    """Return the refusal with this code; `facts` fill in its sentence, or the one named by `sentence`."""
    return Refusal(code, SENTENCES[sentence or code], facts)

"""Merging reaches every table that knows a person or a household, so that a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from booking.domain.login_codes import issue_code, open_with_code
from booking.domain.merging import merge_households, merge_people
from booking.domain.people_search import find_families
from booking.domain.recipients import recipient
from booking.domain.registration import NewPerson, register_household
from booking.domain.sms_consents import answer_sms
from booking.errors import Refused
from booking.models import (
    AbsenceRules,
    AppointmentParty,
    Consent,
    Enrolment,
    Guardianship,
    GuestPlace,
    Household,
    HouseholdMember,
    Invitation,
    MakeUpCredit,
    Merge,
    Person,
    Referral,
    SafeContact,
    SlotWatch,
)
from notifications.models import Message
from notifications.outbox import enqueue
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_activity,
    make_centre,
    make_consent_text,
    make_enrolment,
    make_group,
    make_guardianship,
    make_household,
    make_person,
    make_service,
    make_staff,
    make_weekly_group,
)
from tests.factories_care import (
    make_absence,
    make_consent,
    make_credit,
    make_guest_place,
    make_pickup_rule,
    make_visit,
    make_watch,
    next_session,
)
from tests.factories_safety import make_decision, make_referral, make_referral_request, make_safe_contact
from tests.factories_visits import make_case

pytestmark = pytest.mark.django_db
OURS = ("booking", "scheduler", "notifications")
KNOW_PEOPLE = ("booking", "notifications")  # the scheduler knows time and resources only
LATER, MUCH_LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


def merge(keep, give_up, centre):
    by = make_staff(centre=centre).person.account
    return merge_people(keep_id=keep.pk, give_up_id=give_up.pk, centre=centre, by=by, now=MUCH_LATER)


# -- every table ------------------------------------------------------------------------------------------------------


def an_absence(person):
    return make_absence(person, next_session(make_weekly_group()))


def a_credit(person):
    group = make_weekly_group()
    return make_credit(make_absence(person, next_session(group)), group)


def a_consent(child, given_by):
    return make_consent(child, make_consent_text(make_group()), given_by)


def a_member(person):
    return HouseholdMember.objects.create(household=make_household(make_centre()), person=person)


def a_code(person):
    issue_code(person=person, by=make_account(), now=NOW)
    return person.login_codes.get()


def an_invitation(person):
    return Invitation.objects.create(group=make_group(), person=person, created_at=NOW)


def an_answer_about_sms(person):
    answer_sms(person=person, phone="601 234 567", by=make_account(), now=NOW)
    return person.sms_consents.get()


def a_party(person):
    return AppointmentParty.objects.create(appointment=make_visit(make_person()), person=person)


# How a row that points at a person is made; whoever adds a table adds it here, and sees whether merging reaches it.
PEOPLE = {
    "booking.Absence.child": an_absence,
    "booking.Account.person": make_account,
    "booking.Appointment.person": make_visit,
    "booking.AppointmentParty.person": a_party,
    "booking.CareDecision.guardian": lambda person: make_decision(make_person(), guardian=person),
    "booking.CareDecision.person": make_decision,
    "booking.Consent.child": lambda person: a_consent(person, make_person()),
    "booking.Consent.given_by": lambda person: a_consent(make_person(), person),
    "booking.Enrolment.child": lambda person: make_enrolment(person, make_group()),
    "booking.Guardianship.child": lambda person: make_guardianship(make_person(), person),
    "booking.Guardianship.guardian": lambda person: make_guardianship(person, make_person()),
    "booking.GuestPlace.child": lambda person: make_guest_place(person, make_weekly_group()),
    "booking.HouseholdMember.person": a_member,
    "booking.Invitation.person": an_invitation,
    "booking.LoginCode.person": a_code,
    "booking.MakeUpCredit.child": a_credit,
    "booking.PickupRule.child": lambda person: make_pickup_rule(person, make_person()),
    "booking.PickupRule.signed_by": lambda person: make_pickup_rule(make_person(), person),
    "booking.Referral.person": make_referral,
    "booking.ReferralRequest.referrer": lambda person: make_referral_request(referrer=person),
    "booking.Referral.referrer": lambda person: make_referral(make_person(), referrer=person),
    "booking.SafeContact.person": make_safe_contact,
    "booking.SlotWatch.person": make_watch,
    "booking.SmsConsent.person": an_answer_about_sms,
}
HOUSEHOLDS: dict[str, Callable[[Household], models.Model]] = {
    "booking.FamilyCase.household": make_case,
    "booking.HouseholdMember.household": lambda home: HouseholdMember.objects.create(
        household=home, person=make_person()
    ),
}
REFUSED_INSTEAD = {"booking.StaffMember.person"}  # whoever works for the centre is never given up
# Ids without a foreign key, and what merging does with them; facts and answers in JSON are told beside.
LOOSE_IDS = {
    "booking.Appointment.series_key": "is no id of a person",
    "booking.CalendarSubscription.subject_id": "follows",
    "booking.CardReading.subject_id": "stays as it was read; the merge leads on",
    "booking.Enrolment.bundle": "is no id of a person",
    "booking.Enrolment.wish": "is no id of a person",
    "booking.Merge.given_up_id": "is the log itself",
    "booking.Merge.kept_id": "is the log itself",
    "notifications.Message.recipient_id": "follows",
}
LOOSE_FACTS = {
    "booking.AppointmentChange.was": "knows no people",
    "booking.IdempotencyKey.answer": "stays as it was answered",
    "booking.Merge.moved": "is the log itself",
    "booking.SessionChange.was": "knows no people",
    "booking.SlotWatch.passed_over": "knows no people but who would have given it",
    "booking.TermPublication.changes": "counts dates",
    "booking.TermPublication.warnings": "stays as it was read",
    "notifications.Message.facts": "follows",
}


def pointing_at(model) -> set[str]:
    """Every column of ours that points at this model."""
    return {
        f"{each._meta.label}.{field.name}"
        for app in OURS
        for each in apps.get_app_config(app).get_models()
        for field in each._meta.concrete_fields
        if field.related_model is model
    }


def test_every_table_that_knows_a_person_or_a_household_is_named_here():
    assert pointing_at(Person) == PEOPLE.keys() | REFUSED_INSTEAD
    assert pointing_at(Household) == set(HOUSEHOLDS)


def test_every_id_and_fact_without_a_foreign_key_is_named_here():
    fields = [
        (f"{model._meta.label}.{field.name}", field)
        for app in KNOW_PEOPLE
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.is_relation
    ]
    assert {name for name, field in fields if isinstance(field, models.UUIDField)} == LOOSE_IDS.keys()
    assert {name for name, field in fields if isinstance(field, models.JSONField)} == LOOSE_FACTS.keys()


@pytest.mark.parametrize("column", sorted(PEOPLE))
def test_merging_people_leads_the_row_over(column):
    centre, keep, give_up = make_centre(), make_person(), make_person()
    row, give_up_id = PEOPLE[column](give_up), give_up.pk
    home = give_up.households.first()
    merge(keep, give_up, home.centre if home else centre)
    found = type(row).objects.get(**{column.rpartition(".")[2]: keep})
    assert found.pk == (keep.pk if row.pk == give_up_id else row.pk)  # a row that is identified by the person follows


@pytest.mark.parametrize("column", sorted(HOUSEHOLDS))
def test_merging_households_leads_the_row_over(column):
    centre = make_centre()
    keep, give_up = make_household(centre), make_household(centre)
    row = HOUSEHOLDS[column](give_up)
    by = make_staff(centre=centre).person.account
    merge_households(keep_id=keep.pk, give_up_id=give_up.pk, centre=centre, by=by, now=NOW)
    row.refresh_from_db()
    assert getattr(row, column.rpartition(".")[2]) == keep


# -- what both hold ---------------------------------------------------------------------------------------------------


def a_pair():
    return make_centre(), make_person(age=8), make_person(age=8)


def test_one_missed_meeting_reported_twice_is_one_absence_with_one_credit():
    centre, keep, give_up = a_pair()
    group = make_weekly_group(make_activity(centre))
    for child in (keep, give_up):
        make_enrolment(child, group)
        make_credit(make_absence(child, next_session(group)), group)
    merge(keep, give_up, centre)
    assert (keep.absences.count(), keep.absences.standing().count(), keep.credits.count()) == (2, 1, 1)


@pytest.mark.parametrize("used", [(True, False), (False, True), (True, True)])
def test_used_credit_is_kept_whichever_record_used_it(used):
    centre, keep, give_up = a_pair()
    own, others = make_weekly_group(make_activity(centre)), [make_weekly_group() for _ in range(2)]
    for child, other, is_used in zip((keep, give_up), others, used, strict=True):
        credit = make_credit(make_absence(child, next_session(own)), own)
        if is_used:
            make_guest_place(child, other, credit=credit)
    merge(keep, give_up, centre)
    assert MakeUpCredit.objects.filter(guest_places__in=GuestPlace.objects.held()).count() == sum(used)
    assert MakeUpCredit.objects.count() == sum(used)
    assert MakeUpCredit.objects.filter(absence__in=keep.absences.standing()).count() == 1


def test_two_guest_places_at_one_meeting_become_one_and_the_seat_goes_to_the_line():
    centre, keep, give_up = a_pair()
    activity = make_activity(centre)
    AbsenceRules.objects.create(activity=activity, guests=True)
    group = make_weekly_group(activity, capacity=2, waitlist=True)
    holders = [make_enrolment(make_person(age=8), group) for _ in range(2)]
    next_child = make_person(age=8)
    make_enrolment(next_child, group)
    for holder in holders:
        make_absence(holder.child, next_session(group))
    make_guest_place(keep, group, status="offered")
    make_guest_place(give_up, group)
    merge(keep, give_up, centre)
    assert sorted(keep.guest_places.values_list("status", flat=True)) == ["cancelled", "coming"]
    assert next_child.guest_places.get().status == "offered"


def test_guest_who_has_a_place_in_the_group_is_no_guest_any_more():
    centre, keep, give_up = a_pair()
    group = make_weekly_group(make_activity(centre))
    make_enrolment(keep, group)
    make_guest_place(give_up, group)
    merge(keep, give_up, centre)
    assert keep.guest_places.get().status == "cancelled"


def test_equal_consents_of_both_records_stand_once_and_none_is_lost():
    centre, keep, give_up = a_pair()
    text, mother = make_consent_text(make_group(make_activity(centre))), make_person()
    first = make_consent(keep, text, mother)
    make_consent(give_up, text, mother, recorded_at=LATER, way="paper", paper_place="segregator 4")
    merge(keep, give_up, centre)
    assert keep.consents.count() == 2
    assert keep.consents.standing().get() == first


@pytest.mark.parametrize(("given_at", "stands"), [(NOW, False), (MUCH_LATER, True)])
def test_consent_withdrawn_in_one_record_is_withdrawn_unless_it_was_given_anew(given_at, stands):
    centre, keep, give_up = a_pair()
    text, mother = make_consent_text(make_group(make_activity(centre))), make_person()
    make_consent(keep, text, mother, recorded_at=given_at)
    make_consent(give_up, text, mother, withdrawn_at=LATER)
    merge(keep, give_up, centre)
    assert keep.consents.standing().exists() == stands
    assert keep.consents.count() == 2


def test_consents_of_two_records_of_one_guardian_stand_once():
    centre, keep, give_up = make_centre(), make_person(), make_person()
    text, child = make_consent_text(make_group(make_activity(centre))), make_person(age=7)
    for mother in (keep, give_up):
        make_consent(child, text, mother)
    merge(keep, give_up, centre)
    assert Consent.objects.filter(given_by=keep).count() == 2
    assert Consent.objects.standing().filter(child=child).count() == 1


def test_equal_rules_of_collecting_stand_once_the_longest():
    centre, keep, give_up = a_pair()
    mother = make_person()
    make_pickup_rule(keep, mother, valid_until=TODAY + timedelta(days=30))
    longest = make_pickup_rule(give_up, mother, name="babcia  KRYSTYNA")
    make_pickup_rule(give_up, mother, name="Wujek Jan")
    merge(keep, give_up, centre)
    standing = keep.pickup_rules.in_force(TODAY)
    assert longest in standing
    assert (standing.count(), keep.pickup_rules.count()) == (2, 3)


def test_revoked_rule_of_collecting_stays_revoked_and_a_stop_stays_a_stop():
    centre, keep, give_up = a_pair()
    mother = make_person()
    for kind, place in (("collects", ""), ("never", "segregator 4")):
        facts = {"kind": kind, "way": "paper" if place else "page", "paper_place": place}
        make_pickup_rule(keep, mother, **facts)
        make_pickup_rule(give_up, mother, revoked_at=LATER, **facts)
    merge(keep, give_up, centre)
    assert list(keep.pickup_rules.in_force(TODAY).values_list("kind", flat=True)) == ["never"]


def test_right_that_one_record_lacks_is_not_given_by_the_other():
    centre, keep, give_up = a_pair()
    father = make_person()
    make_guardianship(father, keep)
    make_guardianship(father, give_up, can_collect=False, can_view=False)
    merge(keep, give_up, centre)
    right = Guardianship.objects.get()
    assert (right.can_view, right.can_book, right.can_collect, right.can_consent) == (False, True, False, True)


@pytest.mark.parametrize(("weeks", "result"), [("ab", "every"), ("aa", "a")])
def test_who_lives_in_one_home_twice_lives_there_once_in_the_weeks_of_both(weeks, result):
    centre, keep, give_up = a_pair()
    home = make_household(centre)
    for person, letter in zip((keep, give_up), weeks, strict=True):
        HouseholdMember.objects.create(household=home, person=person, weeks=letter)
    merge(keep, give_up, centre)
    assert list(home.householdmember_set.values_list("person", "weeks")) == [(keep.pk, result)]


@pytest.mark.parametrize(("first", "result"), [("declined", "declined"), ("open", "open")])
def test_of_two_invitations_the_last_word_holds(first, result):
    centre, keep, give_up = a_pair()
    group = make_group(make_activity(centre))
    Invitation.objects.create(group=group, person=keep, created_at=NOW)
    decided = LATER if first == "declined" else None
    Invitation.objects.create(group=group, person=give_up, created_at=NOW, status=first, decided_at=decided)
    merge(keep, give_up, centre)
    assert group.invitations.get().status == result


def test_ending_a_doubled_place_touches_no_sibling():
    centre, keep, give_up = a_pair()
    sibling, group = make_person(age=9), make_group(make_activity(centre), capacity=2, waitlist=True)
    for _ in range(2):
        make_enrolment(make_person(age=8), group)
    waiting = [make_enrolment(child, group) for child in (keep, give_up, sibling)]
    bundle = sibling.pk  # any id
    Enrolment.objects.filter(pk__in=[entry.pk for entry in waiting[1:]]).update(bundle=bundle)
    merge(keep, give_up, centre)
    live = Enrolment.objects.live().filter(bundle=bundle).order_by("line_number")
    assert list(live.values_list("child", "status")) == [(keep.pk, "waiting"), (sibling.pk, "waiting")]


def test_both_records_at_one_visit_are_one_party_and_one_wish_for_a_service_stands():
    centre, keep, give_up = a_pair()
    own, others = make_visit(keep), make_visit(make_person())
    for visit, person in ((own, give_up), (others, keep), (others, give_up)):
        AppointmentParty.objects.create(appointment=visit, person=person)
    first = make_watch(give_up)
    make_watch(keep, service=first.service, created_at=LATER)
    merge(keep, give_up, centre)
    assert list(AppointmentParty.objects.values_list("appointment", "person")) == [(others.pk, keep.pk)]
    assert list(SlotWatch.objects.filter(ended_at=None).values_list("pk", "person")) == [(first.pk, keep.pk)]
    assert SlotWatch.objects.count() == 2


def test_queued_letters_of_every_kind_name_the_record_that_is_kept():
    centre, keep, give_up = a_pair()
    facts = {"child": str(give_up.pk), "deep": [{"people": [str(give_up.pk), "x", str(keep.pk)]}]}
    enqueue(recipients=[recipient(make_person())], kind="x", facts=facts, cause="c", now=NOW)
    merge(keep, give_up, centre)
    assert Message.objects.get().facts == {"child": str(keep.pk), "deep": [{"people": [str(keep.pk), "x"]}]}


# -- old addresses ----------------------------------------------------------------------------------------------------


def test_number_of_a_merged_household_finds_the_one_that_is_kept_and_opens_its_card():
    centre = make_centre()
    person = make_person()
    homes = [make_household(centre), make_household(centre), make_household(centre, [person])]
    desk = make_staff(centre=centre).person.account
    code = issue_code(person=person, by=desk, now=NOW)
    facts = {"centre": centre, "by": desk, "now": NOW}
    merge_households(keep_id=homes[1].pk, give_up_id=homes[2].pk, **facts)
    merge_households(keep_id=homes[0].pk, give_up_id=homes[1].pk, **facts)
    for old in homes:
        assert [each.household for each in find_families(text=old.code, user=desk, on=TODAY)] == [homes[0]]
    assert open_with_code(number=homes[2].code, code=code, now=NOW).person == person


def test_new_household_never_gets_the_number_of_a_merged_one(monkeypatch):
    centre = make_centre()
    by = make_staff(centre=centre).person.account
    Merge.objects.create(
        kind="household",
        kept_id=make_household(centre).pk,
        given_up_id=make_person().pk,
        given_up_code="R-10000",
        centre=centre,
        by=by,
        merged_at=NOW,
    )
    numbers = iter([0, 0, 7])
    monkeypatch.setattr("booking.domain.registration.secrets.randbelow", lambda _most: next(numbers))
    home = register_household(centre=centre, adult=NewPerson("Anna", "Zmyślona"))
    assert home.code == "R-10007"


def test_merging_the_other_way_round_again_changes_nothing():
    centre, keep, give_up = a_pair()
    log = merge(keep, give_up, centre)
    assert merge(give_up, keep, centre) == log
    with pytest.raises(Refused):
        merge(keep, keep, centre)
    assert Merge.objects.count() == 1


# -- what keeps people safe -------------------------------------------------------------------------------------------


def test_last_safe_contact_is_kept_and_stays_discreet():
    centre = make_centre()
    keep, give_up = make_person(), make_person()
    make_household(centre, [keep, give_up])
    make_safe_contact(keep, channel="phone", phone="+48601234567", discreet=True)
    make_safe_contact(give_up, channel="nobody", discreet=False, recorded_at=LATER)
    merge(keep, give_up, centre)
    contact = SafeContact.objects.get()
    assert (contact.person_id, contact.channel, contact.discreet) == (keep.pk, "nobody", True)


def test_two_open_referrals_become_the_more_urgent_one():
    centre = make_centre()
    keep, give_up = make_person(), make_person()
    make_household(centre, [keep, give_up])
    service = make_service(centre)
    make_referral(keep, service=service)
    make_referral(give_up, service=service, priority="urgent", due_on=TODAY)
    merge(keep, give_up, centre)
    kept = Referral.objects.open().get()
    assert (kept.person_id, kept.priority, kept.due_on) == (keep.pk, "urgent", TODAY)
    assert set(Referral.objects.values_list("person", flat=True)) == {keep.pk}

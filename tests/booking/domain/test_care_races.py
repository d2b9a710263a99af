"""Absences, guests, credits and consents under many hands at once: every seat once, every answer counted or refused."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest

from booking.domain.absences import report_absence, withdraw_absence
from booking.domain.consent_holds import release_overdue_holds
from booking.domain.consents import give_consent
from booking.domain.enrolment import enrol_child, withdraw_child
from booking.domain.guests import accept_guest_place, decline_guest_place, expire_overdue_guest_places, seats_at
from booking.domain.makeups import use_credit
from booking.models import Absence, AbsenceRules, Consent, Enrolment, Group, GuestPlace
from notifications.models import Message
from tests.factories import (
    NOW,
    Family,
    make_activity,
    make_co_guardian,
    make_consent_text,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_weekly_group,
)
from tests.factories_care import make_absence, make_credit, next_session
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def status(answer: object) -> str:
    return answer if isinstance(answer, str) else str(getattr(answer, "status", "done"))


def full_group(*, waiting: int = 2, capacity: int = 2, **rules) -> tuple[Group, list[Family], list[Enrolment]]:
    """A full group whose activity lets guests in: the families that hold it, and the line."""
    activity = make_activity()
    AbsenceRules.objects.create(activity=activity, guests=True, **rules)
    group = make_weekly_group(activity, capacity=capacity, waitlist=True)
    families = [make_family(activity.centre) for _ in range(capacity)]
    for family in families:
        make_enrolment(family.child, group)
    return group, families, [make_enrolment(make_person(age=8), group) for _ in range(waiting)]


def test_absences_of_all_at_once_give_each_seat_to_one_guest():
    group, families, _line = full_group(waiting=4, capacity=3, credit_days=14)
    session = next_session(group)
    other = {family.child.pk: make_co_guardian(family) for family in families}
    reports = [
        partial(report_absence, child=family.child, session=session, by=by, now=NOW)
        for family in families
        for by in (family.account, other[family.child.pk])
    ]
    at_once(reports)
    assert Absence.objects.standing().count() == 3
    assert GuestPlace.objects.offered().count() == 3
    assert Message.objects.filter(kind="guest_offered").count() == 3
    assert sum(family.child.credits.count() for family in families) == 3
    assert seats_at(group, session) == 0


def test_coming_after_all_and_a_guest_accepting_at_once_never_share_the_seat():
    group, families, _line = full_group(waiting=1)
    session = next_session(group)
    absence = report_absence(child=families[0].child, session=session, by=families[0].account, now=NOW)[0]
    place = GuestPlace.objects.get()
    answers = at_once(
        [
            partial(withdraw_absence, absence_id=absence.pk, now=NOW),
            partial(accept_guest_place, place_id=place.pk, now=NOW),
        ]
    )
    place.refresh_from_db()
    absence.refresh_from_db()
    assert (place.status, absence.withdrawn_at is None) in {("coming", True), ("cancelled", False)}
    assert {"place_given_on", "offer_over"} & {answer for answer in answers if isinstance(answer, str)}
    assert seats_at(group, session) == 0


def test_guest_offer_answered_declined_and_run_out_at_once_has_one_outcome():
    group, families, _line = full_group(waiting=2)
    session = next_session(group)
    report_absence(child=families[0].child, session=session, by=families[0].account, now=NOW)
    place = GuestPlace.objects.get()
    late = place.expires_at
    assert late is not None
    in_time = late - timedelta(seconds=1)
    calls = [
        partial(accept_guest_place, place_id=place.pk, now=in_time),
        partial(expire_overdue_guest_places, now=late),
        partial(decline_guest_place, place_id=place.pk, now=in_time),
    ]
    at_once(calls * 2)
    place.refresh_from_db()
    assert place.status in {"declined", "expired"} or place.status == "coming"
    assert GuestPlace.objects.held().filter(session=session).count() <= 1
    assert seats_at(group, session) >= 0


def test_last_free_seat_of_a_day_is_given_to_one_credit():
    activity = make_activity()
    own = make_weekly_group(activity)
    other = make_weekly_group(activity, day=date(2026, 9, 3), capacity=1)
    all_credits = [make_credit(make_absence(make_person(age=8), next_session(own)), own) for _ in range(4)]
    session = next_session(other)
    calls = [partial(use_credit, credit_id=each.pk, group=other, session=session, now=NOW) for each in all_credits]
    assert Counter(map(status, at_once(calls))) == {"coming": 1, "no_seat_then": 3}


def test_one_credit_asked_for_two_dates_at_once_gives_one():
    activity = make_activity()
    own = make_weekly_group(activity)
    others = [make_weekly_group(activity, day=date(2026, 9, day)) for day in (3, 4)]
    credit = make_credit(make_absence(make_person(age=8), next_session(own)), own)
    calls = [
        partial(use_credit, credit_id=credit.pk, group=other, session=next_session(other), now=NOW) for other in others
    ]
    assert Counter(map(status, at_once(calls * 2))) == {"coming": 2, "credit_over": 2}
    assert GuestPlace.objects.held().count() == 1


def test_consent_at_the_deadline_keeps_the_place_or_comes_too_late_but_never_both():
    group = make_group(capacity=1, waitlist=True)
    text = make_consent_text(group)
    family = make_family(group.activity.centre)
    entry = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    next_child = make_enrolment(make_person(age=8), group)
    deadline = entry.consent_hold.until
    give = partial(
        give_consent,
        child=family.child,
        text=text,
        given_by=family.guardian,
        language="pl",
        by=family.account,
        now=deadline - timedelta(seconds=1),
    )
    at_once([give, partial(release_overdue_holds, now=deadline), give, partial(release_overdue_holds, now=deadline)])
    entry.refresh_from_db()
    next_child.refresh_from_db()
    assert (entry.status, next_child.status) in {("enrolled", "waiting"), ("withdrawn", "offered")}
    assert Consent.objects.count() == 1
    group.refresh_from_db()
    assert group.places_taken == 1


def test_both_guardians_consent_and_one_withdraws_the_place_at_once():
    group = make_group(capacity=1)
    text = make_consent_text(group, all_guardians=True)
    family = make_family(group.activity.centre)
    father = make_co_guardian(family)
    entry = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    gives = [
        partial(
            give_consent, child=family.child, text=text, given_by=account.person, language="pl", by=account, now=NOW
        )
        for account in (family.account, father)
    ]
    at_once([*gives, partial(withdraw_child, enrolment_id=entry.pk, now=NOW), *gives])
    entry.refresh_from_db()
    group.refresh_from_db()
    assert entry.status == "withdrawn"
    assert group.places_taken == 0
    assert Consent.objects.standing().count() == 2
    assert Message.objects.filter(kind="withdrawn", recipient_id=family.guardian.pk).count() == 1

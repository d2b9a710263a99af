"""A missed meeting is made up for once, in another group of the activity that has a free seat that day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from booking.domain.absences import report_absence, withdraw_absence
from booking.domain.guests import decline_guest_place
from booking.domain.makeups import possible_dates, use_credit
from booking.errors import Refused
from booking.models import AbsenceRules, Group, GuestPlace, MakeUpCredit
from scheduler.domain.sessions import cancel_session
from scheduler.models import Session
from tests.factories import NOW, Family, make_activity, make_centre, make_enrolment, make_family, make_weekly_group

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 9, 3)


def next_session(group: Group) -> Session:
    return Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[0]


def make_credit(**facts) -> tuple[Family, MakeUpCredit, Group]:
    """A child who missed a Wednesday, and another group of the activity on Thursdays."""
    activity = make_activity(make_centre())
    AbsenceRules.objects.create(activity=activity, credit_days=14)
    own, other = make_weekly_group(activity), make_weekly_group(activity, day=THURSDAY, **facts)
    family = make_family(activity.centre)
    make_enrolment(family.child, own)
    report_absence(child=family.child, session=next_session(own), by=family.account, now=NOW)
    return family, MakeUpCredit.objects.get(), other


def refused(code: str, credit: MakeUpCredit, group: Group, session: Session) -> None:
    before = list(GuestPlace.objects.values_list("pk", "status"))
    with pytest.raises(Refused) as caught:
        use_credit(credit_id=credit.pk, group=group, session=session, now=NOW)
    assert caught.value.refusal.code == code
    assert list(GuestPlace.objects.values_list("pk", "status")) == before


def test_credit_offers_the_dates_of_other_groups_while_it_holds():
    _family, credit, other = make_credit()
    found = possible_dates(credit, now=NOW)
    assert {group for group, _session in found} == {other}
    days = [session.local_date for _group, session in found]
    assert days
    assert max(days) < credit.valid_until


def test_credit_is_used_once_and_choosing_the_date_again_changes_nothing():
    family, credit, other = make_credit()
    (group, first), (_group, second) = possible_dates(credit, now=NOW)[:2]
    for _time in range(2):
        place = use_credit(credit_id=credit.pk, group=group, session=first, now=NOW)
    assert (place.child, place.status, place.group) == (family.child, "coming", other)
    refused("credit_over", credit, group, second)
    with pytest.raises(Refused):
        withdraw_absence(absence_id=credit.absence_id, now=NOW)


def test_credit_given_back_can_be_used_again():
    _family, credit, other = make_credit()
    (_group, first), (_other, second) = possible_dates(credit, now=NOW)[:2]
    decline_guest_place(place_id=use_credit(credit_id=credit.pk, group=other, session=first, now=NOW).pk, now=NOW)
    assert use_credit(credit_id=credit.pk, group=other, session=second, now=NOW).status == "coming"


def test_cancelled_meeting_gives_the_credit_back():
    _family, credit, other = make_credit()
    (_group, first), (_other, second) = possible_dates(credit, now=NOW)[:2]
    use_credit(credit_id=credit.pk, group=other, session=first, now=NOW)
    cancel_session(session_id=first.pk, note="", now=NOW)
    assert use_credit(credit_id=credit.pk, group=other, session=second, now=NOW).status == "coming"


def test_credit_takes_no_seat_that_is_taken_nor_one_after_its_end_nor_of_another_activity():
    _family, credit, other = make_credit(capacity=1)
    make_enrolment(make_family(other.activity.centre).child, other)
    assert possible_dates(credit, now=NOW) == []
    refused("no_seat_then", credit, other, next_session(other))
    late = Session.objects.filter(series__groups=other, starts_at__gt=NOW + timedelta(days=20)).order_by("starts_at")[0]
    refused("credit_over", credit, other, late)
    stranger = make_weekly_group(day=THURSDAY)
    refused("not_taking_part", credit, stranger, next_session(stranger))


def test_credit_ends_before_its_last_day_begins_and_takes_nothing_that_has_begun():
    _family, credit, other = make_credit()
    session = next_session(other)
    MakeUpCredit.objects.update(valid_until=session.local_date)
    refused("credit_over", credit, other, session)
    begun = Session.objects.filter(series__groups=other, starts_at__lte=NOW).order_by("-starts_at")[0]
    refused("meeting_begun", credit, other, begun)


def test_credit_offers_twelve_dates_at_most():
    _family, credit, other = make_credit()
    MakeUpCredit.objects.update(valid_until=other.term.ends_on)
    credit.refresh_from_db()
    assert len(possible_dates(credit, now=NOW)) == 12


def test_absence_of_somebody_frees_a_seat_for_the_credit():
    _family, credit, other = make_credit(capacity=1)
    holder = make_family(other.activity.centre)
    make_enrolment(holder.child, other)
    session = next_session(other)
    report_absence(child=holder.child, session=session, by=holder.account, now=NOW)
    assert [each for _group, each in possible_dates(credit, now=NOW)] == [session]

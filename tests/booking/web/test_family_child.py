"""The page of one child: rights to make up for meetings, what is over, and places that a court ordered."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.absences import report_absence
from booking.domain.consents import give_consent, withdraw_consent
from booking.domain.enrolment import enrol_child
from booking.models import AbsenceRules, Enrolment, MakeUpCredit
from notifications.models import Message
from scheduler.models import Session
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_centre,
    make_co_guardian,
    make_consent_text,
    make_enrolment,
    make_family,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family():
    return make_family(make_centre())


@pytest.fixture
def group(family):
    return make_weekly_group(make_activity(family.household.centre, name="Robotyka"), name="Maluchy")


@pytest.fixture
def parent(family):
    return client_of(family.account)


def client_of(account):
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def page_of(family):
    return reverse("family-child", args=[family.child.pk])


def meeting_of(group, *, after=NOW):
    return Session.objects.filter(series__groups=group, starts_at__gt=after).order_by("starts_at")[0]


def credit_for(family, group, *, days):
    """A right from an absence, which ends some days from today."""
    AbsenceRules.objects.create(activity=group.activity, credit_days=30)
    make_enrolment(family.child, group)
    report_absence(child=family.child, session=meeting_of(group), by=family.account, now=NOW)
    credit = MakeUpCredit.objects.get()
    MakeUpCredit.objects.update(valid_until=TODAY + timedelta(days=days + 1))
    return reverse("make-up", args=[credit.pk])


@pytest.mark.parametrize(("days", "is_asked"), [(7, True), (0, True), (8, False)])
def test_right_to_make_up_stands_on_the_childs_page_and_above_the_week_when_it_ends_soon(
    parent, family, group, days, is_asked
):
    make_up = credit_for(family, group, days=days)
    assert make_up in parent.get(page_of(family)).content.decode()
    assert (make_up in parent.get(reverse("family")).content.decode()) is is_asked


def test_right_that_is_over_is_nowhere(parent, family, group):
    make_up = credit_for(family, group, days=-1)
    for page in (page_of(family), reverse("family")):
        assert make_up not in parent.get(page).content.decode()


def test_guardian_who_may_not_enrol_is_not_asked(family, group):
    make_up = credit_for(family, group, days=2)
    viewer = client_of(make_co_guardian(family, can_book=False))
    for page in (page_of(family), reverse("family")):
        assert make_up not in viewer.get(page).content.decode()


def test_chosen_date_stands_on_the_childs_page(parent, family, group):
    other = make_weekly_group(group.activity, name="Inni", starts=time(18), ends=time(19))
    make_up = credit_for(family, group, days=20)
    parent.post(make_up, {"session": str(meeting_of(other).pk)})
    page = parent.get(page_of(family)).content.decode()
    assert "Inni" in page
    assert make_up not in page


def test_history_shows_absences_consents_and_places_that_are_over(family, group):
    text = make_consent_text(group, name="Zdjęcia")
    given = {"child": family.child, "text": text, "given_by": family.guardian, "language": "pl", "by": family.account}
    consent = give_consent(**given, now=NOW)
    entry = make_enrolment(family.child, group)
    report_absence(child=family.child, session=meeting_of(group), by=family.account, now=NOW)
    withdraw_consent(consent_id=consent.pk, by=family.account, now=NOW)
    with time_machine.travel(NOW + timedelta(days=14), tick=False):
        Enrolment.objects.filter(pk=entry.pk).update(status="ended")
        page = client_of(family.account).get(page_of(family)).content.decode()
    assert [
        words for words in ("Absences", "reported on", "Zdjęcia", "withdrawn on", "Robotyka") if words not in page
    ] == []


def test_absence_that_was_taken_back_is_no_history(parent, family, group):
    make_enrolment(family.child, group)
    absence = report_absence(child=family.child, session=meeting_of(group), by=family.account, now=NOW)[0]
    absence.withdrawn_at = NOW
    absence.save()
    assert "Absences" not in parent.get(page_of(family)).content.decode()


@pytest.fixture
def court(family, group):
    desk = make_staff(centre=family.household.centre).person.account
    return enrol_child(child=family.child, group=group, by=desk, now=NOW, by_desk=True, basis="court")


def test_place_that_a_court_ordered_offers_an_absence_and_the_staff_instead_of_withdrawing(
    parent, family, group, court
):
    leave = reverse("withdraw", args=[court.pk])
    absence = reverse("absence", args=[meeting_of(group).pk, family.child.pk])
    child = parent.get(page_of(family)).content.decode()
    assert "A court has referred" in child
    assert "Ask the staff" in child
    assert absence in child
    assert ">Withdraw<" not in child
    page = parent.get(leave).content.decode()
    assert "only the court can" in page
    assert absence in page
    assert "Yes, give the place back" not in page
    assert (
        "Cannot come, or something does not fit?" in parent.get(reverse("enrolment", args=[court.pk])).content.decode()
    )


def test_asking_the_staff_tells_the_desk_once_and_ends_nothing(parent, family, court):
    leave = reverse("withdraw", args=[court.pk])
    for _time in range(2):
        answer = parent.post(leave)
        assert "The staff knows" in answer.content.decode()
    court.refresh_from_db()
    assert court.status == "enrolled"
    assert Message.objects.filter(kind="court_withdrawal_asked").count() == 1


def test_page_asks_as_many_queries_for_many_absences_as_for_few(parent, family, group, django_assert_max_num_queries):
    make_enrolment(family.child, group)
    for session in Session.objects.filter(series__groups=group, starts_at__gt=NOW)[:15]:
        report_absence(child=family.child, session=session, by=family.account, now=NOW)
    with django_assert_max_num_queries(24):
        parent.get(page_of(family))

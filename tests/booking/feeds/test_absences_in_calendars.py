"""Secret calendars say who will not come, and hold the meetings to which somebody comes once."""

from __future__ import annotations

import pytest
import time_machine

from booking.domain.absences import report_absence, withdraw_absence
from booking.domain.subscriptions import create_subscription
from booking.models import GuestPlace
from scheduler.models import Session
from tests.factories import NOW, make_activity, make_centre, make_enrolment, make_family, make_weekly_group

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    group = make_weekly_group(make_activity(make_centre(), name="Robotyka"))
    family = make_family(group.activity.centre, children=(7, 9))
    make_enrolment(family.child, group)
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[0]
    return family, group, session


def address_of(family, **facts) -> str:
    _kept, token = create_subscription(owner=family.account, scope="household", now=NOW, **facts)
    return f"/calendars/{token}.ics"


def entry_of(calendar: bytes, session: Session) -> str:
    text = calendar.decode().replace("\r\n ", "")
    return next(part for part in text.split("BEGIN:VEVENT") if f"UID:{session.pk}@" in part)


def test_absence_shows_in_the_family_s_calendar_takes_no_time_and_rings_no_alarm(client, place):
    family, _group, session = place
    address = address_of(family, alarm_minutes=30)
    before = client.get(address)
    absence = report_absence(child=family.child, session=session, by=family.account, now=NOW)[0]
    answer = client.get(address, headers={"if-none-match": before["ETag"]})
    assert answer.status_code == 200
    entry = entry_of(answer.content, session)
    assert "SUMMARY:Dziecko1: Robotyka (nie przyjdzie: Dziecko1)" in entry
    assert "TRANSP:TRANSPARENT" in entry
    assert "VALARM" not in entry
    assert "STATUS:CONFIRMED" in entry
    assert "LAST-MODIFIED:20261116T080000Z" in entry
    others = Session.objects.filter(series=session.series_id, starts_at__gt=session.starts_at).order_by("starts_at")
    assert "TRANSP:OPAQUE" in entry_of(answer.content, others[0])
    withdraw_absence(absence_id=absence.pk, now=NOW)
    entry = entry_of(client.get(address).content, session)
    assert "SUMMARY:Dziecko1: Robotyka\r\n" in entry
    assert "LAST-MODIFIED:20261116T080000Z" in entry


def test_absence_of_one_of_two_children_leaves_the_time_taken(client, place):
    family, group, session = place
    make_enrolment(family.children[1], group)
    report_absence(child=family.child, session=session, by=family.account, now=NOW)
    entry = entry_of(client.get(address_of(family)).content, session)
    assert "SUMMARY:Dziecko2: Robotyka (nie przyjdzie: Dziecko1)" in entry
    assert "TRANSP:OPAQUE" in entry


def test_absence_tells_no_name_where_the_calendar_tells_none(client, place):
    family, _group, session = place
    report_absence(child=family.child, session=session, by=family.account, now=NOW)
    entry = entry_of(client.get(address_of(family, privacy="service_only")).content, session)
    assert "SUMMARY:Zgłoszona nieobecność: Robotyka" in entry
    assert "Dziecko1" not in entry
    busy = entry_of(client.get(address_of(family, privacy="busy")).content, session)
    assert "TRANSP:TRANSPARENT" in busy
    assert "Dziecko1" not in busy


def test_visit_stands_in_the_calendar_and_the_other_dates_of_that_group_do_not(client, place):
    _family, group, session = place
    guest = make_family(group.activity.centre)
    GuestPlace.objects.create(group=group, session=session, child=guest.child, status="coming", created_at=NOW)
    calendar = client.get(address_of(guest)).content
    assert "Dziecko1: Robotyka" in entry_of(calendar, session)
    assert calendar.count(b"BEGIN:VEVENT") == 1

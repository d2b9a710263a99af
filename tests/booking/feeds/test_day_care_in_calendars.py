"""A day-care day is one entry of a family's calendar, and what changes of it is seen."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from icalendar import Event

from booking.domain.absences import report_absence
from booking.domain.subscriptions import create_subscription
from booking.models import Activity
from scheduler.domain.sessions import cancel_session, move_session, note_session, restore_session
from scheduler.models import Session
from scheduler.period import Period
from tests.calendar_readers import events_in
from tests.factories import (
    NOW,
    Family,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_room,
    make_series,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")
DAY = date(2026, 11, 25)
BLOCKS = [("Zabawa", time(13), time(14)), ("Obiad", time(14), time(14, 30)), ("Lekcje", time(14, 30), time(16))]


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family() -> Family:
    """Two children in a day care of three blocks on Wednesdays, one of them in robotics afterwards."""
    centre = make_centre()
    term = make_term(centre.timetable)
    rooms = [make_room(centre.timetable, name=name) for name in ("Świetlica", "Jadalnia", "Świetlica 2")]
    lines = [
        make_series(term, title=title, starts=starts, ends=ends, room=room)
        for (title, starts, ends), room in zip(BLOCKS, rooms, strict=True)
    ]
    day_care = make_activity(centre, name="Świetlica", kind=Activity.Kind.DAY_CARE)
    group = make_group(day_care, name="Słoneczka", term=term, series=lines)
    family = make_family(centre, children=(7, 9))
    for child in family.children:
        make_enrolment(child, group)
    robotics = make_weekly_group(make_activity(centre, name="Robotyka"), starts=time(16), ends=time(16, 45))
    make_enrolment(family.children[0], robotics)
    return family


def block(title: str) -> Session:
    return Session.objects.get(series__title=title, planned_date=DAY)


def subscribe(family: Family, **facts: str) -> str:
    _kept, token = create_subscription(owner=family.account, scope="household", now=NOW, **facts)
    return f"/calendars/{token}.ics"


def read(address: str) -> dict[str, Event]:
    """Return the entries of the day by UID."""
    found = events_in(Client().get(address).content)
    return {str(each["UID"]): each for each in found if day_of(each) == DAY}


def day_of(event: Event) -> date:
    start = event.start
    return start.astimezone(WARSAW).date() if isinstance(start, datetime) else start


def hours(event: Event) -> str:
    start, end = event.start, event.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return f"{start.astimezone(WARSAW):%H:%M}–{end.astimezone(WARSAW):%H:%M}"


def said(events: dict[str, Event]) -> set[tuple[str, str]]:
    return {(hours(each), str(each["SUMMARY"])) for each in events.values()}


def name_of(session: Session) -> str:
    return f"{session.pk}@grafik"


def test_blocks_that_follow_each_other_are_one_entry_with_their_plan(family):
    events = read(subscribe(family))
    assert said(events) == {
        ("13:00–16:00", "Dziecko2, Dziecko1: Świetlica – Słoneczka"),
        ("16:00–16:45", "Dziecko1: Robotyka"),
    }
    day = events[name_of(block("Zabawa"))]
    assert str(day["DESCRIPTION"]) == "13:00 Zabawa\n14:00 Obiad\n14:30 Lekcje"
    assert "Jadalnia" in str(day["LOCATION"])


@pytest.mark.parametrize(("privacy", "summary"), [("service_only", "Świetlica – Słoneczka"), ("busy", "Zajęte")])
def test_folded_day_says_no_more_than_the_calendar_may(family, privacy, summary):
    day = read(subscribe(family, privacy=privacy))[name_of(block("Zabawa"))]
    assert (hours(day), str(day["SUMMARY"])) == ("13:00–16:00", summary)
    assert "DESCRIPTION" not in day


def test_cancelled_block_stays_to_be_seen_and_the_rest_of_the_day_around_it(family):
    address = subscribe(family)
    before = read(address)
    cancel_session(session_id=block("Obiad").pk, note="", now=NOW)
    events = read(address)
    people = "Dziecko2, Dziecko1"
    assert said(events) == {
        ("13:00–14:00", f"{people}: Zabawa"),
        ("14:00–14:30", f"ODWOŁANE: {people}: Obiad"),
        ("14:30–16:00", f"{people}: Lekcje"),
        ("16:00–16:45", "Dziecko1: Robotyka"),
    }
    assert str(events[name_of(block("Obiad"))]["STATUS"]) == "CANCELLED"
    first = name_of(block("Zabawa"))
    assert int(events[first]["SEQUENCE"]) > int(before[first]["SEQUENCE"])


def test_identity_of_the_day_stays_and_its_revision_grows_with_every_change(family):
    address, first = subscribe(family), name_of(block("Zabawa"))
    seen = [read(address)[first]]
    later = datetime.combine(DAY, time(17), tzinfo=WARSAW)
    changes = [
        lambda: note_session(session_id=block("Lekcje").pk, note="Weź piórnik", now=NOW),
        lambda: cancel_session(session_id=block("Zabawa").pk, note="", now=NOW),
        lambda: restore_session(session_id=block("Zabawa").pk, note="", now=NOW),
        lambda: move_session(
            session_id=block("Obiad").pk,
            period=Period(later, later + timedelta(minutes=30)),
            room_id=block("Obiad").room_id,
            note="",
            now=NOW,
        ),
    ]
    for change in changes:
        change()
        seen.append(read(address)[first])
    revisions = [int(each["SEQUENCE"]) for each in seen]
    assert revisions == sorted(set(revisions))


def test_day_of_whom_one_child_is_away_says_so_once(family):
    child = family.children[0]
    for title, *_hours in BLOCKS:
        report_absence(child=child, session=block(title), by=family.account, now=NOW)
    summaries = {summary for hour, summary in said(read(subscribe(family))) if hour == "13:00–16:00"}
    assert summaries == {"Dziecko2: Świetlica – Słoneczka (nie przyjdzie: Dziecko1)"}


def test_every_session_is_told_once(family):
    lines = Client().get(subscribe(family)).content.decode().replace("\r\n ", "").splitlines()
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(uids) == len(set(uids))
    assert all(uuid.UUID(each[4:].removesuffix("@grafik")) for each in uids)

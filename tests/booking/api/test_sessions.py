"""The public timetable, a child's week and a diary: right hours, nobody's name, nothing that is not public."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from booking.models import Enrolment
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Session
from scheduler.period import Period
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_room,
    make_series,
    make_service,
    make_specialist,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_session_has_the_promised_fields():
    centre = make_centre(slug="kobus")
    room = make_room(centre.timetable, name="Pracownia")
    leader = make_specialist(centre.timetable, name="Michał Trybik")
    group = make_weekly_group(make_activity(centre, name="Robotyka"), room=room, leader=leader)
    session = Session.objects.get(planned_date=date(2026, 11, 18))

    assert rows_of(caller().get(f"{V1}/sessions/")) == [
        {
            "id": str(session.pk),
            "series": str(session.series_id),
            "group": str(group.pk),
            "groups": [str(group.pk)],
            "title": "Robotyka",
            "kind": "meeting",
            "centre": "kobus",
            "starts_at": "2026-11-18T16:00:00+01:00",
            "ends_at": "2026-11-18T16:45:00+01:00",
            "room": {"id": str(room.pk), "name": "Pracownia"},
            "leader": {"id": str(leader.pk), "name": "Michał Trybik"},
            "status": "scheduled",
            "sequence": 0,
            "changed_at": "2026-08-24T12:00:00+02:00",
            "note": "",
        }
    ]


def test_sessions_keep_their_wall_clock_over_both_clock_changes():
    make_weekly_group()
    rows = rows_of(caller().get(f"{V1}/sessions/?from=2026-10-19&to=2026-11-01"))
    assert [row["starts_at"] for row in rows] == ["2026-10-21T16:00:00+02:00", "2026-10-28T16:00:00+01:00"]
    rows = rows_of(caller().get(f"{V1}/sessions/?from=2027-03-22&to=2027-04-04"))
    assert {row["starts_at"][10:] for row in rows} <= {"T16:00:00+01:00", "T16:00:00+02:00"}


def test_sessions_show_what_was_changed_and_since_when():
    make_weekly_group()
    first, second = Session.objects.filter(planned_date__in=["2026-11-18", "2026-11-25"]).order_by("planned_date")
    cancel_session(session_id=first.pk, note="Prowadząca jest chora", now=NOW)
    there = Period(local("2026-11-26T17:00+01:00"), local("2026-11-26T17:45+01:00"))
    move_session(session_id=second.pk, period=there, room_id=None, note="", now=NOW + timedelta(minutes=1))

    rows = rows_of(caller().get(f"{V1}/sessions/?from=2026-11-16&to=2026-11-29"))
    assert [(row["status"], row["starts_at"], row["sequence"], row["note"]) for row in rows] == [
        ("cancelled", "2026-11-18T16:00:00+01:00", 1, "Prowadząca jest chora"),
        ("moved", "2026-11-26T17:00:00+01:00", 1, ""),
    ]
    since = "2026-11-16T09:00:30+01:00"
    rows = rows_of(caller().get(f"{V1}/sessions/", {"from": "2026-11-16", "to": "2026-11-29", "updated_since": since}))
    assert [row["id"] for row in rows] == [str(second.pk)]


@pytest.mark.parametrize("facts", [{"audience": "participants"}, {"audience": "staff"}])
def test_sessions_that_are_not_public_are_absent(facts):
    make_series(**facts)
    assert rows_of(caller(make_family().account).get(f"{V1}/sessions/")) == []


def test_sessions_of_something_sensitive_are_absent_even_if_called_public():
    centre = make_centre()
    term = make_term(centre.timetable)
    make_service(centre, sensitivity="sensitive").series.add(make_series(term))
    make_group(make_activity(centre, sensitivity="sensitive"), series=[make_series(term)])
    assert rows_of(caller().get(f"{V1}/sessions/")) == []


def test_sessions_name_only_public_groups():
    centre = make_centre()
    series = make_series(make_term(centre.timetable))
    make_group(make_activity(centre, sensitivity="normal"), series=[series])
    shown = make_group(make_activity(centre), series=[series])
    [row] = rows_of(caller().get(f"{V1}/sessions/"))
    assert (row["group"], row["groups"]) == (str(shown.pk), [str(shown.pk)])


def test_sessions_are_filtered():
    centre = make_centre(slug="kobus")
    room, leader = make_room(centre.timetable), make_specialist(centre.timetable)
    group = make_weekly_group(make_activity(centre), room=room, leader=leader)
    make_weekly_group()
    client = caller()
    here = [str(session.pk) for session in Session.objects.filter(room=room, planned_date="2026-11-18")]
    for query in (
        {"centre": "kobus"},
        {"centre": str(centre.pk)},
        {"group": group.pk},
        {"room": room.pk},
        {"specialist": leader.pk},
    ):
        assert [row["id"] for row in rows_of(client.get(f"{V1}/sessions/", query))] == here
    assert rows_of(client.get(f"{V1}/sessions/", {"room": leader.pk})) == []
    assert len(rows_of(client.get(f"{V1}/sessions/"))) == 2


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", 7),
        ("from=2026-11-16", 7),
        ("to=2026-11-22", 7),
        ("from=2026-11-18&to=2026-11-18", 1),
        ("from=2026-01-01&to=2027-02-04", 400),
    ],
)
def test_sessions_are_of_the_days_asked_for(query, days):
    term = make_term(make_centre().timetable, starts_on=date(2026, 1, 1), ends_on=date(2027, 6, 25))
    make_series(term, day=date(2026, 1, 7), on_breaks="run")
    rows = rows_of(caller().get(f"{V1}/sessions/?limit=200&{query}"))
    assert days // 7 - 2 <= len(rows) <= days // 7 + 1
    assert "2026-11-18T16:00:00+01:00" in {row["starts_at"] for row in rows}


def test_sessions_of_this_week_are_those_of_the_local_week():
    make_weekly_group(day=date(2026, 9, 7), starts=time(0, 15), ends=time(1, 0))
    with time_machine.travel(local("2026-11-15T23:30+00:00"), tick=False):  # already Monday in Poland
        [row] = rows_of(caller().get(f"{V1}/sessions/"))
    assert row["starts_at"] == "2026-11-16T00:15:00+01:00"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-02-30", "invalid"),
        ("from=16.11.2026", "invalid"),
        ("from=2026-11-16T08:00:00Z", "datetime"),
        ("from=0001-01-01", "out_of_range"),
        ("to=9999-12-31", "out_of_range"),
        ("from=2026-11-17&to=2026-11-16", "backwards"),
        ("from=2026-01-01&to=2027-02-05", "too_long"),
        ("room=1", "invalid"),
        ("group=" + "9" * 40, "invalid"),
    ],
)
def test_sessions_of_impossible_days_are_refused(query, code):
    body = caller().get(f"{V1}/sessions/?{query}").json()
    assert body["status"] == 400
    assert body["errors"][0]["code"] in {code, "invalid"}


def test_closures_have_the_promised_fields():
    make_centre(slug="kobus")
    rows = rows_of(
        caller(**{"accept-language": "pl"}).get(f"{V1}/closures/?centre=kobus&from=2026-12-20&to=2026-12-25")
    )
    assert {
        "id": None,
        "starts_on": "2026-12-24",
        "ends_on": "2026-12-24",
        "kind": "holiday",
        "name": "Wigilia Bożego Narodzenia",
        "place": None,
    } in rows
    assert {row["kind"] for row in rows} == {"holiday", "school_break"}


def test_childs_week_shows_what_participants_know_and_nothing_of_others():
    family = make_family()
    centre = family.household.centre
    term = make_term(centre.timetable)
    own = make_group(make_activity(centre, sensitivity="normal"), series=[make_series(term, audience="participants")])
    make_group(make_activity(centre), series=[make_series(term, day=date(2026, 9, 3))])
    quiet = make_series(term, day=date(2026, 9, 4), audience="staff")
    own.series.add(quiet)
    make_enrolment(family.child, own)

    [row] = rows_of(caller(family.account).get(f"{V1}/children/{family.child.pk}/week/"))
    assert (row["group"], row["starts_at"]) == (str(own.pk), "2026-11-18T16:00:00+01:00")
    ahead = rows_of(caller(family.account).get(f"{V1}/children/{family.child.pk}/week/?from=2026-11-19"))
    assert [row["starts_at"] for row in ahead] == ["2026-11-25T16:00:00+01:00"]
    Enrolment.objects.update(status="withdrawn")
    assert rows_of(caller(family.account).get(f"{V1}/children/{family.child.pk}/week/")) == []


def test_week_of_an_impossible_day_is_refused():
    family = make_family()
    client = caller(family.account)
    problem_of(client.get(f"{V1}/children/{family.child.pk}/week/?from=9999-12-31"), 400, "out_of_range")
    problem_of(client.get(f"{V1}/children/{family.child.pk}/week/?to=2026-11-16"), 400, "unknown_parameter")


def test_diary_shows_what_one_leads_and_helps_in():
    centre = make_centre()
    member = make_staff("specialist", centre=centre)
    term = make_term(centre.timetable)
    led = make_series(term, leader=member.resource, audience="staff", kind="duty")
    helped = make_series(term, day=date(2026, 9, 3), resources=[member.resource])
    make_series(term, day=date(2026, 9, 4))
    rows = rows_of(caller(member.person.account).get(f"{V1}/diary/"))
    assert [row["series"] for row in rows] == [str(led.pk), str(helped.pk)]
    assert [row["kind"] for row in rows] == ["duty", "meeting"]

"""Lists: pages by cursor, filters, and the same number of queries however many rows there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import chain
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.domain.subscriptions import MOST_LIVE, create_subscription
from booking.models import CalendarSubscription, Enrolment
from notifications.models import Message
from notifications.outbox import Recipient, enqueue
from scheduler.models import Closure, Series
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import (
    NOW,
    Family,
    make_activity,
    make_centre,
    make_family,
    make_group,
    make_guardianship,
    make_household,
    make_person,
    make_place,
    make_room,
    make_series,
    make_service,
    make_specialist,
    make_staff,
    make_term,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def short_series(family: Family, number: int, **facts: object) -> Series:
    """A series of one week, with a room, a leader and a group of its own."""
    centre = family.household.centre
    term = make_term(centre.timetable, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=6))
    room = make_room(centre.timetable, place=make_place(centre.timetable, village="Kłobuczek"))
    day, hour = MONDAY + timedelta(days=number % 5), 8 + number // 5
    facts = {"leader": make_specialist(centre.timetable)} | facts
    series = make_series(term, day=day, starts=time(hour, 0), ends=time(hour, 45), room=room, **facts)
    make_group(make_activity(centre), term=term, series=[series])
    return series


def some_groups(family: Family, number: int) -> None:
    short_series(family, number)


def some_diary(family: Family, number: int) -> None:
    leader = family.guardian.staff_memberships.first() or make_staff(
        "instructor", person=family.guardian, centre=family.household.centre
    )
    short_series(family, number, leader=None, resources=[leader.resource], audience="staff")


def some_week(family: Family, number: int) -> None:
    group = short_series(family, number, audience="participants").groups.get()
    Enrolment.objects.create(child=family.child, group=group, created_at=NOW, updated_at=NOW)


def some_children(family: Family, number: int) -> None:
    child = make_person(age=8)
    make_guardianship(family.guardian, child)
    group = make_group(make_activity(family.household.centre))
    Enrolment.objects.create(child=child, group=group, created_at=NOW + timedelta(seconds=number), updated_at=NOW)
    make_household(make_centre(), [family.guardian, child])


def some_notices(family: Family, number: int) -> None:
    me = Recipient(family.guardian.pk, "Anna", Message.Channel.DESK, "", "pl")
    facts = {"children": [str(family.child.pk)]}
    enqueue(recipients=[me], kind="session_moved", facts=facts, cause=f"c{number}", now=NOW + timedelta(minutes=number))


def some_calendars(family: Family, number: int) -> None:
    if number == MOST_LIVE:
        pytest.skip("nobody may have more")
    create_subscription(owner=family.account, scope="household", now=NOW + timedelta(minutes=number))


def some_services(family: Family, number: int) -> None:
    series = short_series(family, number)
    make_service(family.household.centre).series.add(series)


def some_closures(family: Family, number: int) -> None:
    day = MONDAY + timedelta(days=number)
    Closure.objects.create(timetable=family.household.centre.timetable, name=f"K{number}", starts_on=day, ends_on=day)


def some_centres(family: Family, number: int) -> None:
    make_centre()


LISTS: dict[str, Callable[[Family, int], None]] = {
    "centres/": some_centres,
    "services/": some_services,
    "services/?weekday=0&village=klobuczek": some_services,
    "activities/": some_groups,
    "activities/?age=7&open=1&search=a": some_groups,
    "groups/": some_groups,
    "groups/?weekday=0&village=klobuczek&search=grupa": some_groups,
    "sessions/": some_groups,
    "closures/?centre=kobus": some_closures,
    "households/mine/": some_children,
    "children/": some_children,
    "children/{child}/week/": some_week,
    "enrolments/": some_children,
    "specialists/": some_services,
    "diary/": some_diary,
    "notices/": some_notices,
}


@pytest.mark.parametrize("address", LISTS)
def test_list_asks_the_same_number_of_queries_for_3_and_for_50_rows(address):
    family = make_family(make_centre(slug="kobus"))
    client = caller(family.account)
    url = f"{V1}/{address.format(child=family.child.pk)}"
    url += f"{'&' if '?' in url else '?'}limit=200"
    counts = {}
    made = 0
    for number in (3, 50):
        while made < number:
            LISTS[address](family, made)
            made += 1
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows = rows_of(client.get(url))
        counts[number] = len(queries)
        assert len(rows) >= number / 5  # a weekday holds a fifth of them
    assert counts[3] == counts[50]
    assert counts[50] <= 12


def test_list_of_calendars_asks_the_same_number_of_queries_for_3_and_for_20_rows():
    family = make_family()
    client = caller(family.account)
    counts = []
    for _ in range(3):
        create_subscription(owner=family.account, scope="household", now=NOW)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            rows_of(client.get(f"{V1}/calendar-subscriptions/"))
        counts.append(len(queries))
        while CalendarSubscription.objects.count() < MOST_LIVE:
            create_subscription(owner=family.account, scope="household", now=NOW)
    assert counts[0] == counts[1]


def test_pages_lead_forth_and_back_without_repeating_or_missing_a_row():
    for number in range(7):
        make_group(make_activity(), name=f"G{number % 2}")
    client = caller()
    whole = [row["id"] for row in rows_of(client.get(f"{V1}/groups/"))]
    seen, url = [], f"{V1}/groups/?limit=3"
    last = url
    while url:
        answer = client.get(url).json()
        seen.append([row["id"] for row in answer["results"]])
        last, url = url, answer["next"]
    assert [len(page) for page in seen] == [3, 3, 1]
    assert list(chain.from_iterable(seen)) == whole

    back: list[list[str]] = []
    url = last
    while url:
        answer = client.get(url).json()
        back.insert(0, [row["id"] for row in answer["results"]])
        url = answer["previous"]
    assert back == seen


def test_pages_stand_still_while_rows_come_and_go():
    groups = [make_group(make_activity(), name=f"G{number}") for number in range(4)]
    client = caller()
    first = client.get(f"{V1}/groups/?limit=2").json()
    groups[0].delete()
    make_group(make_activity(), name="A, before all others")
    assert [row["name"] for row in client.get(first["next"]).json()["results"]] == ["G2", "G3"]


def test_pages_of_a_computed_list_lead_forth_and_back():
    centre = make_centre(slug="kobus")
    url = f"{V1}/closures/?centre={centre.slug}&from=2026-11-01&to=2026-11-30"
    whole = rows_of(caller().get(url))
    first = caller().get(f"{url}&limit=1").json()
    second = caller().get(first["next"]).json()
    assert first["results"] + second["results"] == whole
    assert [row["name"] for row in whole] == ["All Saints' Day", "National Independence Day"]
    assert caller().get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(("limit", "rows"), [("1", 1), ("200", 200), ("201", 200), (str(2**40), 200)])
def test_limit_is_capped(limit, rows):
    family = make_family()
    for number in range(201):
        some_notices(family, number)
    assert len(rows_of(caller(family.account).get(f"{V1}/notices/", {"limit": limit}))) == rows


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "9" * 30, "9" * 5000])
def test_limit_that_is_none_is_refused(limit):
    body = caller().get(f"{V1}/groups/", {"limit": limit}).json()
    assert (body["status"], body["errors"][0]["pointer"]) == (400, "/limit")


def test_cursor_of_another_list_or_by_hand_is_refused():
    for number in range(3):
        make_group(make_activity(), name=f"G{number}")
    cursor = caller().get(f"{V1}/groups/?limit=1").json()["next"].partition("cursor=")[2].partition("&")[0]
    for url in (f"{V1}/activities/?cursor={cursor}", f"{V1}/groups/?cursor={cursor}x", f"{V1}/groups/?cursor=%FF:%20"):
        problem_of(caller().get(url), 400, "invalid_cursor")


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown_parameter"),
        ({"age": "seven"}, "/age", "invalid"),
        ({"age": "-1"}, "/age", "min_value"),
        ({"age": "9" * 30}, "/age", "max_value"),
        ({"weekday": "7"}, "/weekday/0", "max_value"),
        ({"kind": "chess"}, "/kind/0", "invalid_choice"),
        ({"open": "perhaps"}, "/open", "invalid"),
        ({"language": "de"}, "/language", "invalid_choice"),
        ({"search": "x" * 101}, "/search", "max_length"),
        ({"updated_since": "2026-11-16"}, "/updated_since", "no_offset"),
        ({"updated_since": "2026-11-16T08:00:00"}, "/updated_since", "no_offset"),
        ({"updated_since": "0001-01-01T00:00:00Z"}, "/updated_since", "out_of_range"),
        ({"updated_since": "9999-12-31T23:59:59-12:00"}, "/updated_since", "out_of_range"),
        ({"updated_since": "yesterday"}, "/updated_since", "invalid"),
    ],
)
def test_filter_that_makes_no_sense_is_refused(query, pointer, code):
    body = problem_of(caller().get(f"{V1}/groups/", query), 400, code)
    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [(pointer, code)]


def test_filter_given_twice_is_refused_where_one_is_meant():
    problem_of(caller().get(f"{V1}/groups/?age=7&age=8"), 400, "repeated")
    assert rows_of(caller().get(f"{V1}/groups/?kind=dance&kind=sport&age=")) == []


def named(rows: list[dict[str, object]]) -> set[object]:
    return {row["name"] for row in rows}


def test_groups_are_filtered():
    centre = make_centre(slug="kobus")
    term = make_term(centre.timetable)
    here = make_room(centre.timetable, place=make_place(centre.timetable, village="Kłobuczek"))
    friday = make_series(term, day=date(2026, 9, 4), room=here)
    robots = make_activity(centre, name="Robotyka", summary="Żółwie z klocków")
    make_group(robots, name="Maluchy", ages=(6, 9), series=[friday])
    make_group(make_activity(kind="dance", name="Taniec"), name="Starszaki", ages=(10, 13), entry="centre")
    expected = {
        "": {"Maluchy", "Starszaki"},
        "centre=kobus": {"Maluchy"},
        f"centre={centre.pk}": {"Maluchy"},
        "centre=nowhere": set(),
        "kind=robotics": {"Maluchy"},
        "kind=robotics&kind=dance": {"Maluchy", "Starszaki"},
        "age=9": {"Maluchy"},
        "age=5": set(),
        "weekday=4": {"Maluchy"},
        "weekday=0&weekday=1": set(),
        "village=KLOBUCZEK": {"Maluchy"},
        "village=Nigdzie": set(),
        "open=true": {"Maluchy"},
        "open=0": {"Starszaki"},
        "language=pl": {"Maluchy", "Starszaki"},
        "language=uk": set(),
        "updated_since=2026-11-16T09:00:00%2B01:00": {"Maluchy", "Starszaki"},
        "updated_since=2026-11-16T09:00:00+01:00": {"Maluchy", "Starszaki"},
        "updated_since=2026-11-16T09:00:01%2B01:00": set(),
    }
    assert {query: named(rows_of(caller().get(f"{V1}/groups/?{query}"))) for query in expected} == expected
    for words, found in [("zolwie", True), ("ŻÓŁWIE robotyka", True), ("maluchy klocków", True), ("węże", False)]:
        rows = rows_of(caller().get(f"{V1}/groups/?{urlencode({'search': words})}"))
        assert bool(rows) is found, words


def test_activities_and_services_are_filtered_alike():
    centre = make_centre(slug="kobus")
    monday = make_series(make_term(centre.timetable), day=date(2026, 9, 7))
    make_service(centre, name="Prawnik", entry="walk_in").series.add(monday)
    make_service(centre, name="Psycholog")
    make_service(centre, name="Niewidoczna", listed=False)
    make_group(make_activity(centre, name="Robotyka"), ages=(6, 9), series=[monday])
    make_activity(centre, name="Bez grup", kind="dance")
    make_activity(centre, name="Tajna", sensitivity="sensitive")
    expected = {
        "services/": {"Prawnik", "Psycholog"},
        "services/?weekday=0": {"Prawnik"},
        "services/?kind=appointment": {"Psycholog"},
        "services/?open=false": set(),
        "services/?search=PRAW": {"Prawnik"},
        "activities/": {"Robotyka", "Bez grup"},
        "activities/?age=7": {"Robotyka"},
        "activities/?kind=dance": {"Bez grup"},
        "activities/?weekday=0": {"Robotyka"},
        "activities/?open=true&centre=kobus": {"Robotyka"},
    }
    assert {address: named(rows_of(caller().get(f"{V1}/{address}"))) for address in expected} == expected

"""The public page of a group."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client

from booking.models import Group
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Closure
from scheduler.period import Period
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_family,
    make_group,
    make_place,
    make_room,
    make_series,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre(slug="klobuczek", name="Centrum w Kłobuczku", phone="34 100 20 30")


def text_of(group: Group, status: int = 200, language: str = "pl", client: Client | None = None) -> str:
    answer = (client or Client()).get(group.get_absolute_url(), headers={"accept-language": language})
    assert answer.status_code == status
    return answer.content.decode()


def dates_in(page: str) -> list[str]:
    """Return the lines of the next dates as a reader sees them."""
    lines = re.findall(r"<li[^>]*>(.*?)</li>", page.split('class="dates"')[1].split("</ul>", maxsplit=1)[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def test_group_page_says_for_whom_what_when_where_and_who(centre):
    place = make_place(centre.timetable, name="Dom Kultury", address="ul. Długa 1", village="Jedlinka", step_free=True)
    leader = make_staff("instructor", centre=centre)
    group = make_weekly_group(
        make_activity(centre, name="Robotyka", summary="Budujemy roboty.", provider="Fundacja Klocek"),
        name="Maluchy",
        ages=(6, 9),
        room=make_room(centre.timetable, name="Pracownia", place=place),
        leader=leader.resource,
    )
    page = text_of(group)
    for told in (
        "<h1>Robotyka – Maluchy</h1>",
        "Budujemy roboty.",
        "6–9 lat",
        "środy 16:00–16:45",
        "Pracownia",
        "Dom Kultury, ul. Długa 1, Jedlinka",
        "wejście bez schodów",
        leader.resource.name,
        leader.job_title,
        "Fundacja Klocek",
        "są miejsca",
        f"webcal://testserver/calendars/public/klobuczek/{group.pk}.ics",
    ):
        assert told in page
    assert "winda" not in page


def test_exact_places_are_told_only_to_who_is_logged_in(centre):
    group = make_weekly_group(make_activity(centre), capacity=12)
    assert "wolne 12 z 12" not in text_of(group)
    client = Client()
    client.force_login(make_family(centre).account)
    assert "wolne 12 z 12" in text_of(group, client=client)


def test_next_dates_name_those_that_drop_out(centre):
    Closure.objects.create(
        timetable=centre.timetable, name="Malowanie sal", starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 3)
    )
    page = text_of(make_weekly_group(make_activity(centre)))
    assert dates_in(page) == [
        "środa 18 listopada 16:00–16:45",
        "środa 25 listopada 16:00–16:45",
        "środa 2 grudnia nie ma zajęć: Malowanie sal",
        "środa 9 grudnia 16:00–16:45",
        "środa 16 grudnia 16:00–16:45",
        "środa 23 grudnia nie ma zajęć: Przerwa świąteczna",
        "środa 30 grudnia nie ma zajęć: Przerwa świąteczna",
        "środa 6 stycznia nie ma zajęć: Święto Trzech Króli",
        "środa 13 stycznia 16:00–16:45",
        "środa 20 stycznia nie ma zajęć: Ferie zimowe",
        "środa 27 stycznia nie ma zajęć: Ferie zimowe",
        "środa 3 lutego 16:00–16:45",
        "środa 10 lutego 16:00–16:45",
        "środa 17 lutego 16:00–16:45",
    ]


def test_cancelled_and_moved_dates_are_labelled(centre):
    group = make_weekly_group(make_activity(centre))
    sessions = group.series.get().sessions
    first, second = sessions.filter(starts_at__gt=NOW).order_by("starts_at")[:2]
    cancel_session(session_id=first.pk, note="Instruktor chory", now=NOW)
    day = timedelta(days=1)
    later = Period(second.starts_at + day, second.ends_at + day)
    move_session(session_id=second.pk, period=later, room_id=None, note="", now=NOW)
    dates = dates_in(text_of(group))
    assert dates[0] == "środa 18 listopada 16:00–16:45 Odwołane Instruktor chory"
    assert dates[1] == "czwartek 26 listopada 16:00–16:45 zamiast: środa 25 listopada"


def test_day_care_says_a_day_once(centre):
    term = make_term(centre.timetable)
    hours = [(13, 14), (14, 15), (15, 17)]
    lines = [make_series(term, starts=time(begin), ends=time(end)) for begin, end in hours]
    group = make_group(make_activity(centre, kind="day_care"), term=term, series=lines)
    page = text_of(group)
    assert dates_in(page)[:2] == ["środa 18 listopada 13:00–17:00", "środa 25 listopada 13:00–17:00"]
    assert "środy 13:00–17:00" in page


def test_group_without_dates_says_so(centre):
    page = text_of(make_group(make_activity(centre)))
    assert "Na razie nie ma zaplanowanych terminów." in page
    assert "Terminy nie są jeszcze ustalone." in page


def hour(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "says", "has_button"),
    [
        ({}, "Zapisy trwają", True),
        ({"closes_at": hour(30)}, "Zapisy do: 30 listopada 2026, 08:00.", True),
        ({"opens_at": hour(20)}, "Początek: piątek 20 listopada 2026, 08:00", False),
        ({"closes_at": hour(10)}, "Ostatni dzień: 10 listopada 2026.", False),
        ({"capacity": 0}, "Wszystkie miejsca są zajęte", False),
        ({"entry": Group.Entry.CENTRE}, "Miejsca przyznaje centrum", False),
    ],
)
def test_way_in_is_told(centre, facts, says, has_button):
    group = make_weekly_group(make_activity(centre), **facts)
    page = text_of(group)
    assert says in page
    assert (f"/login/?next=/family/enrol/{group.pk}/" in page) == has_button
    assert "tel:341002030" in page.split("site-foot")[0]


def test_who_is_logged_in_goes_straight_to_enrolling(centre):
    group = make_weekly_group(make_activity(centre))
    client = Client()
    client.force_login(make_family(centre).account)
    page = text_of(group, client=client)
    assert f'href="/family/enrol/{group.pk}/"' in page
    assert "/login/?next" not in page


def test_group_of_a_past_term_leads_to_what_is_on_offer(centre):
    past = make_term(centre.timetable, starts_on=date(2025, 9, 1), ends_on=date(2026, 6, 26))
    page = text_of(make_group(make_activity(centre), term=past))
    assert "Ta grupa już się skończyła" in page
    assert "/family/enrol/" not in page


@pytest.mark.parametrize("sensitivity", ["normal", "sensitive"])
def test_group_of_a_quiet_activity_is_not_found(centre, sensitivity):
    text_of(make_weekly_group(make_activity(centre, sensitivity=sensitivity)), status=404)


def test_group_of_another_centre_and_unknown_groups_are_not_found(centre):
    other = make_weekly_group(make_activity(make_centre()))
    for path in (
        f"/c/klobuczek/g/{other.pk}/",
        f"/c/klobuczek/g/{uuid.uuid4()}/",
        "/c/klobuczek/g/1/",
        "/c/klobuczek/g/99999999999999999999999/",
        "/c/klobuczek/g/%00/",
    ):
        assert Client().get(path).status_code in {400, 404}


def test_other_groups_are_of_the_same_kind_or_age_and_those_with_places_first(centre):
    robotics = make_activity(centre, name="Robotyka")
    group = make_weekly_group(robotics, name="Maluchy", ages=(6, 9))
    make_weekly_group(robotics, name="Pełna", ages=(6, 9), capacity=0)
    make_weekly_group(robotics, name="Wolna", ages=(10, 13))
    make_weekly_group(make_activity(centre, name="Taniec", kind="dance"), name="Mali", ages=(5, 7))
    make_weekly_group(make_activity(centre, name="Klub seniora", kind="seniors"), ages=(60, None))
    page = text_of(group).split('id="others"')[1]
    assert [page.find(name) for name in ("Wolna", "Pełna", "Mali")] == sorted(
        page.find(name) for name in ("Wolna", "Pełna", "Mali")
    )
    assert "Klub seniora" not in page


def test_queries_do_not_grow_with_groups_and_series(centre, django_assert_max_num_queries):
    counts = []
    term = make_term(centre.timetable)
    group = make_group(make_activity(centre), term=term, series=[make_series(term)])
    for more in (2, 12):
        for number in range(more):
            make_weekly_group(make_activity(centre), starts=time(8 + number), ends=time(9 + number))
            group.series.add(make_series(term, day=date(2026, 9, 1 + number % 5), room=make_room(centre.timetable)))
        with django_assert_max_num_queries(30) as queries:
            text_of(group)
        counts.append(len(queries))
    assert counts[0] == counts[1]

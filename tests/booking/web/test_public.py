"""The chooser of centres and the public week: what anyone sees, and what nobody may see there."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from booking.models import Activity, Group, Role
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Closure, Session, TimetableRow
from scheduler.period import Period
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_place,
    make_room,
    make_series,
    make_service,
    make_specialist,
    make_staff,
    make_term,
    make_timetable,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
BAD_TEXTS = ["%00", "a%00b", "99999999999999999999999", "-1", "1e9", "x" * 3000, "%F0%9F%A6%8A", "%ED%A0%80", "'--"]


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre(slug="klobuczek", name="Centrum w Kłobuczku", phone="34 100 20 30")


def text_of(path: str, status: int = 200, language: str = "pl", client: Client | None = None) -> str:
    answer = (client or Client()).get(path, headers={"accept-language": language})
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


def sessions_in(page: str) -> list[str]:
    """Return the titles of the week in order, without their markup."""
    found = re.findall(r'<h3 class="session-title"[^>]*>(.*?)</h3>', page)
    return [re.sub(r"<[^>]+>", "", title) for title in found]


# -- home -------------------------------------------------------------------------------------------------------------


def test_home_leads_to_the_only_centre(centre):
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/c/klobuczek/")


def test_home_lets_choose_among_centres(centre):
    make_centre(slug="bojszowka", name="Centrum w Bojszówce")
    page = text_of("/")
    assert '<a href="/c/klobuczek/">Centrum w Kłobuczku</a>' in page
    assert '<a href="/c/bojszowka/">Centrum w Bojszówce</a>' in page


def test_home_without_a_centre_says_so():
    assert "Nie ma tu jeszcze żadnego centrum" in text_of("/")


@pytest.mark.parametrize(
    ("role", "first_page"), [(Role.SPECIALIST, "/diary/"), (Role.ORGANISER, "/board/"), (Role.AUDITOR, "/start/")]
)
def test_home_leads_staff_by_role(centre, role, first_page):
    client = Client()
    client.force_login(make_staff(role, centre=centre).person.account)
    assert client.get("/")["Location"] == first_page


def test_home_leads_a_guardian_to_her_family_and_the_public_week_stays_open(centre):
    client = Client()
    client.force_login(make_family(centre).account)
    assert client.get("/")["Location"] == "/family/"
    assert "Plan zajęć" in text_of("/c/klobuczek/", client=client)


# -- the week ---------------------------------------------------------------------------------------------------------


def test_week_shows_public_sessions_with_room_group_and_places(centre):
    room = make_room(centre.timetable, name="Sala ruchowa")
    make_weekly_group(make_activity(centre, name="Taniec", kind="dance"), name="Maluchy", room=room, capacity=2)
    page = text_of("/c/klobuczek/")
    assert sessions_in(page) == ["Taniec"]
    assert "Sala ruchowa" in page
    assert "Maluchy" in page
    assert "ostatnie miejsca" in page
    assert "2026-11-18T16:00:00+01:00" in page


def test_grid_and_list_say_the_same(centre):
    for hour in (15, 16):
        make_weekly_group(make_activity(centre), starts=time(hour), ends=time(hour, 45))
    grid, listed = text_of("/c/klobuczek/"), text_of("/c/klobuczek/?view=list")
    weeks = [
        re.findall(r'<div class="week week--(?:grid|list)(.*?)<footer class="timetable-foot', page, re.DOTALL)
        for page in (grid, listed)
    ]
    assert len(weeks[0]) == 1
    assert weeks[0] == weeks[1]


def test_week_never_names_participants(centre):
    group = make_weekly_group(make_activity(centre))
    family = make_family(centre)
    make_enrolment(family.child, group)
    for path in ("/c/klobuczek/", "/c/klobuczek/?view=list", "/c/klobuczek/activities/", group.get_absolute_url()):
        page = text_of(path)
        assert family.child.given_name not in page
        assert family.child.family_name not in page


def test_week_leaves_out_what_is_not_public(centre):
    term = make_term(centre.timetable)
    make_series(term, title="Tajna superwizja", audience="staff")
    make_series(term, title="Psychoterapia", audience="participants")
    other = make_centre(slug="bojszowka")
    make_weekly_group(make_activity(other, name="Obce zajęcia"))
    assert sessions_in(text_of("/c/klobuczek/")) == []


def test_group_of_a_quiet_activity_is_not_linked(centre):
    group = make_weekly_group(make_activity(centre, name="Warsztat", sensitivity="normal"))
    page = text_of("/c/klobuczek/")
    assert sessions_in(page) == ["Warsztat"]  # its series was made public on purpose
    assert str(group.pk) not in page


def test_cancelled_and_moved_sessions_are_labelled_and_cancelled_ones_promise_no_places(centre):
    term = make_term(centre.timetable)
    cancelled = make_series(term, title="Taniec", day=date(2026, 11, 17))
    moved = make_series(term, title="Robotyka", day=date(2026, 11, 18))
    make_group(make_activity(centre, name="Taniec"), term=term, series=[cancelled])
    cancel_session(session_id=cancelled.sessions.get(planned_date=date(2026, 11, 17)).pk, note="Choroba", now=NOW)
    session = moved.sessions.get(planned_date=date(2026, 11, 18))
    hour = timedelta(hours=1)
    later = Period(session.starts_at + hour, session.ends_at + hour)
    move_session(session_id=session.pk, period=later, room_id=None, note="", now=NOW)
    page = text_of("/c/klobuczek/")
    assert page.count("session--cancelled") == 1
    assert page.count("session--moved") == 1
    assert "Odwołane" in page
    assert "Choroba" in page
    assert "places--free" not in page.split("week-foot")[0]


def test_day_care_groups_in_one_routine_are_said_once(centre):
    term = make_term(centre.timetable)
    activity = make_activity(centre, name="Świetlica", kind=Activity.Kind.DAY_CARE)
    for name, ages in (("Starszaki", (10, 13)), ("Maluchy", (6, 9))):
        meal = make_series(term, title="Posiłek")
        make_group(activity, term=term, name=name, ages=ages, entry=Group.Entry.CENTRE, series=[meal])
    page = text_of("/c/klobuczek/")
    assert sessions_in(page) == ["Posiłek"]
    assert "Maluchy · Starszaki" in page


def test_equal_activities_stay_apart(centre):
    activity = make_activity(centre, name="Taniec")
    make_weekly_group(activity, name="Maluchy")
    make_weekly_group(activity, name="Starszaki")
    assert sessions_in(text_of("/c/klobuczek/")) == ["Taniec", "Taniec"]


def test_public_duty_leads_to_its_service(centre):
    service = make_service(centre, name="Porady prawne", entry="walk_in")
    service.series.add(make_series(make_term(centre.timetable), title="Dyżur prawnika", kind="duty"))
    assert f"/c/klobuczek/activities/#service-{service.pk}" in text_of("/c/klobuczek/")


def test_holidays_breaks_and_own_closures_are_named(centre):
    Closure.objects.create(
        timetable=centre.timetable, name="Malowanie sal", starts_on=date(2026, 11, 12), ends_on=date(2026, 11, 12)
    )
    week = text_of("/c/klobuczek/?week=2026-W46")
    assert "Narodowe Święto Niepodległości" in week
    assert "Malowanie sal" in week
    christmas = text_of("/c/klobuczek/?week=2026-W53")
    assert "Przerwa świąteczna: 23–31 grudnia 2026" in christmas


def test_today_is_marked(centre):
    page = text_of("/c/klobuczek/")
    assert page.count("week-day--today") == 1
    assert 'id="day-2026-11-16"' in page.split("week-day--today")[1][:60]
    assert "week-day--today" not in text_of("/c/klobuczek/?week=2026-W48")


@pytest.mark.parametrize(
    ("language", "says"),
    [("pl", "16–22 listopada 2026"), ("en", "16–22 November 2026"), ("uk", "16–22 листопада 2026")],
)
def test_week_speaks_the_readers_language(centre, language, says):
    page = text_of("/c/klobuczek/", language=language)
    assert f'<html lang="{language}">' in page
    assert says in page


def test_titles_are_translated_where_known_and_marked_as_polish_where_not(centre):
    activity = make_activity(centre, name="Robotyka", name_en="Robotics", name_uk="Робототехніка")
    make_weekly_group(activity, name="Robotyka – Maluchy")
    make_series(make_term(centre.timetable), title="Dzień otwarty")
    page = text_of("/c/klobuczek/", language="en")
    assert sorted(sessions_in(page)) == ["Dzień otwarty", "Robotics"]
    assert '<h3 class="session-title" lang="pl">Dzień otwarty' in page
    assert 'lang="pl"' not in text_of("/c/klobuczek/").split('<main class="page')[1]


def test_hours_follow_the_centres_clock_on_both_sides_of_a_change(centre):
    make_weekly_group(make_activity(centre))
    assert "2026-10-21T16:00:00+02:00" in text_of("/c/klobuczek/?week=2026-W43")
    assert "2026-10-28T16:00:00+01:00" in text_of("/c/klobuczek/?week=2026-W44")


def test_centre_in_another_zone_shows_its_own_hours():
    far = make_centre(slug="daleko", timetable=make_timetable(zone="Asia/Tokyo"))
    make_weekly_group(make_activity(far))
    assert "2026-11-18T16:00:00+09:00" in text_of("/c/daleko/")
    assert timezone.get_current_timezone_name() == "Europe/Warsaw"


def test_calendar_can_be_subscribed_to(centre):
    page = text_of("/c/klobuczek/")
    assert "webcal://testserver/calendars/public/klobuczek.ics" in page
    assert "http://testserver/calendars/public/klobuczek.ics" in page


# -- filters ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def offer(centre):
    """Robotics for little ones (free, Wednesday, Jedlinka), dance for bigger ones (full, Friday, Kłobuczek), a duty."""
    near, far = (make_place(centre.timetable, village=village) for village in ("Kłobuczek", "Jedlinka"))
    make_weekly_group(make_activity(centre, name="Robotyka"), ages=(6, 9), room=make_room(centre.timetable, place=far))
    make_weekly_group(
        make_activity(centre, name="Taniec", kind="dance"),
        ages=(10, 13),
        day=date(2026, 9, 4),
        room=make_room(centre.timetable, place=near),
        capacity=0,
    )
    duty = make_series(
        make_term(centre.timetable), title="Dyżur", day=date(2026, 9, 1), room=make_room(centre.timetable, place=near)
    )
    make_service(centre, name="Porady prawne").series.add(duty)
    return centre


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Dyżur", "Robotyka", "Taniec"]),
        ("age=7", ["Robotyka"]),
        ("age=10", ["Taniec"]),
        ("age=40", []),
        ("kind=dance", ["Taniec"]),
        ("kind=dance&kind=robotics", ["Robotyka", "Taniec"]),
        ("open=1", ["Robotyka"]),
        ("village=Jedlinka", ["Robotyka"]),
        ("village=Kłobuczek", ["Dyżur", "Taniec"]),
        ("weekday=2", ["Robotyka"]),
        ("weekday=1&weekday=4", ["Dyżur", "Taniec"]),
        ("search=ROBÓTYKA", ["Robotyka"]),
        ("search=prawne", ["Dyżur"]),
        ("age=7&kind=dance", []),
    ],
)
def test_week_is_narrowed(offer, query, titles):
    assert sessions_in(text_of(f"/c/klobuczek/?{query}")) == titles


def test_filter_keeps_week_and_view_and_shows_what_is_chosen(offer):
    page = text_of("/c/klobuczek/?view=list&week=2026-W48&age=7&kind=robotics&open=1")
    assert '<input type="hidden" name="week" value="2026-W48">' in page
    assert '<input type="hidden" name="view" value="list">' in page
    assert '<option value="7" selected>' in page
    assert 'name="kind" value="robotics" checked' in page
    assert 'href="?week=2026-W48&amp;view=list"' in page


def test_filter_offers_only_what_the_centre_has(offer):
    page = text_of("/c/klobuczek/")
    assert 'name="kind" value="dance"' in page
    assert 'name="kind" value="seniors"' not in page


def test_nothing_found_shows_a_way_on(offer):
    page = text_of("/c/klobuczek/?age=40")
    assert "W tych dniach nie ma nic takiego" in page
    assert "Pokaż wszystko" in page


# -- what makes no sense ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/c/nie-ma/", "/c/nie-ma/activities/", "/c/NIE_MA/", "/c/żółw/", "/c//"])
def test_unknown_centre_is_not_found(centre, path):
    text_of(path, status=404)


@pytest.mark.parametrize(
    "query",
    [
        "week=2026-W99",
        "week=9999-W52",
        "week=0001-W01",
        "from=2026-02-30",
        "from=9999-12-31",
        "from=0001-01-01",
        "week=x",
    ],
)
def test_week_that_is_none_is_explained(centre, query):
    page = text_of(f"/c/klobuczek/?{query}", status=400)
    assert "<h1>" in page


@pytest.mark.parametrize(
    "name", ["age", "kind", "weekday", "village", "open", "search", "view", "week", "from", "page"]
)
def test_bad_values_are_never_a_server_error(centre, name):
    for path in ("/c/klobuczek/", "/c/klobuczek/activities/"):
        for text in BAD_TEXTS:
            assert Client().get(f"{path}?{name}={text}").status_code in {200, 400}, text


def test_unknown_choices_are_left_out_and_said(centre):
    page = text_of("/c/klobuczek/?kind=zaklęcia&age=stary&weekday=9&village=Nibylandia")
    for told in ("zaklęcia", "stary", "Nibylandia"):
        assert told in page
    assert "Pominęliśmy to i pokazujemy resztę" in page


def test_values_are_escaped(centre):
    assert "<script>alert" not in text_of("/c/klobuczek/?kind=<script>alert(1)</script>&view=<script>alert(1)</script>")


def test_only_reading_is_allowed(centre):
    assert Client().post("/c/klobuczek/").status_code == 405


# -- price ------------------------------------------------------------------------------------------------------------


def many_groups(centre, count):
    term = make_term(centre.timetable)
    for number in range(count):
        series = make_series(
            term,
            title=f"Zajęcia {number}",
            starts=time(8 + number % 10),
            ends=time(9 + number % 10),
            room=make_room(centre.timetable),
            leader=make_specialist(centre.timetable),
        )
        make_group(make_activity(centre, name=f"Zajęcia {number}"), term=term, series=[series])


@pytest.mark.parametrize("path", ["", "?view=list&age=7&open=1", "activities/"])
def test_queries_do_not_grow_with_the_rows(centre, path, django_assert_max_num_queries):
    counts = []
    for more in (3, 47):
        many_groups(centre, more)
        with django_assert_max_num_queries(20) as queries:
            text_of(f"/c/klobuczek/{path}")
        counts.append(len(queries))
        sessions = [query for query in queries.captured_queries if "scheduler_session" in query["sql"]]
        assert len(sessions) <= 2
    assert counts[0] == counts[1]


def test_timetable_row_has_no_room_for_participants():
    assert not {"child", "people", "participants"} & set(TimetableRow._fields)
    assert Session.objects.count() == 0

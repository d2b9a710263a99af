"""The family's week and the page of one child: who sees what, and at what price."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.enrolment import withdraw_child
from booking.models import Activity, Group
from booking.web.family_members import marks_of
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Session
from scheduler.period import Period
from tests.factories import (
    NOW,
    TODAY,
    Family,
    born,
    make_account,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_guardianship,
    make_household,
    make_person,
    make_room,
    make_series,
    make_specialist,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
WEEK = "/family/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(account, path: str = WEEK, status: int = 200) -> str:
    client = Client()
    if account is not None:
        client.force_login(account)
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def child_page(child) -> str:
    return reverse("family-child", args=[child.pk])


def robotics(family: Family, **facts) -> Group:
    centre = family.household.centre
    room = make_room(centre.timetable, name="Pracownia")
    leader = make_specialist(centre.timetable, name="Michał Trybik")
    activity = make_activity(centre, name="Robotyka")
    return make_weekly_group(activity, name="Robotyka – Maluchy", room=room, leader=leader, **facts)


@pytest.mark.parametrize("path", [WEEK, f"/family/children/{uuid.UUID(int=1)}/"])
def test_anonymous_reader_is_sent_to_log_in_and_back(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={path}")


def test_week_shows_what_where_who_of_every_child_with_her_hue_and_letter():
    family = make_family(children=(11, 7))
    group = robotics(family)
    for child in family.children:
        make_enrolment(child, group)
    text = page_of(family.account)
    for told in ("Robotyka – Maluchy", "Pracownia", "Michał Trybik", "Dziecko1", "Dziecko2", "16:00", "16:45"):
        assert told in text
    assert text.count("session-title") == 1, "a meeting of two children stands once"
    assert "hue-1" in text
    assert "hue-2" in text


def test_week_gives_children_who_share_a_first_letter_more_of_them():
    assert marks_of(["Hanna", "Zofia"]) == ["H", "Z"]
    assert marks_of(["Zofia", "Zuzanna", "Hanna"]) == ["Zo", "Zu", "H"]
    assert marks_of(["Zofia", "Zofia"]) == ["Z", "Z"]


def test_week_shows_other_weeks_and_refuses_what_is_no_week():
    family = make_family()
    make_enrolment(family.child, robotics(family))
    assert "Robotyka" in page_of(family.account, f"{WEEK}?week=2026-W49&view=list")
    for bad in ("2026-W99", "x", "0001-W01", "9999-W52", "2026-W48'"):
        page_of(family.account, f"{WEEK}?week={bad}", status=400)


def test_cancelled_date_is_struck_and_labelled_in_week_and_among_changes():
    family = make_family()
    group = robotics(family)
    make_enrolment(family.child, group)
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).earliest("starts_at")
    cancel_session(session_id=session.pk, note="Instruktor jest chory.", now=NOW)
    text = page_of(family.account)
    assert "Zmiany w najbliższych dniach" in text
    assert "session--cancelled" in text
    assert text.count("Odwołane") == 2
    assert text.count("Instruktor jest chory.") == 2


def test_date_moved_far_away_is_told_on_the_days_it_was_planned_for():
    family = make_family()
    group = robotics(family)
    make_enrolment(family.child, group)
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).earliest("starts_at")
    later = NOW + timedelta(days=58)  # an ordinary day, after Christmas
    move_session(
        session_id=session.pk,
        period=Period(later, later + timedelta(hours=1)),
        room_id=session.room_id,
        note="",
        now=NOW,
    )
    text = page_of(family.account)
    assert "Zmiany w najbliższych dniach" in text
    assert "zamiast: środa 18 listopada" in text


def test_day_care_day_is_one_entry_that_lists_its_parts():
    family = make_family()
    centre = family.household.centre
    term = make_term(centre.timetable)
    hours = [(time(13), time(14), "Zabawy"), (time(14), time(14, 30), "Posiłek"), (time(17, 45), time(18), "Odbiór")]
    lines = [make_series(term, title=title, starts=starts, ends=ends) for starts, ends, title in hours]
    day_care = make_activity(centre, name="Świetlica", kind=Activity.Kind.DAY_CARE)
    make_enrolment(family.child, make_group(day_care, name="Maluchy", series=lines))
    text = page_of(family.account)
    assert "13:00 Zabawy, 14:00 Posiłek" in text
    assert "Odbiór · Świetlica – Maluchy" in text
    assert text.count("session-title") == 2


def test_week_without_any_place_offers_groups_of_the_childs_age():
    family = make_family(children=(7,))
    centre = family.household.centre
    fitting = make_weekly_group(make_activity(centre), name="Dla siedmiolatków", ages=(6, 9))
    others = [
        make_weekly_group(make_activity(centre), name="Dla starszych", ages=(10, 13)),
        make_weekly_group(make_activity(centre), name="Bez miejsc", ages=(6, 9), capacity=0),
        make_weekly_group(make_activity(centre), name="Zamknięte", ages=(6, 9), entry=Group.Entry.CENTRE),
        make_weekly_group(make_activity(), name="Gdzie indziej", ages=(6, 9)),
    ]
    text = page_of(family.account)
    assert f"{reverse('enrol', args=[fitting.pk])}?child={family.child.pk}" in text
    assert [group.name for group in others if group.name in text] == []


def test_adult_without_children_sees_her_own_week_and_what_she_could_join():
    centre = make_centre()
    person = make_person(given_name="Jadwiga", age=70)
    account = make_account(person)
    make_household(centre, [person])
    group = make_weekly_group(make_activity(centre), name="Klub seniora", ages=(60, None))
    text = page_of(account)
    assert "Klub seniora" in text
    make_enrolment(person, group)
    text = page_of(account)
    assert "session-title" in text
    assert "Klub seniora" in text


def test_account_that_is_nobodys_gets_a_helpful_page():
    text = page_of(make_account(make_person()))
    assert "Na tym koncie nie widzimy dzieci" in text
    nobody = make_account()
    nobody.person = None
    nobody.save()
    assert "Na tym koncie nie widzimy dzieci" in page_of(nobody)


@pytest.mark.parametrize(
    "rights",
    [
        {"contact_ban": True},
        {"can_view": False},
        {"ends_on": TODAY - timedelta(days=1)},
        {"starts_on": TODAY + timedelta(days=1)},
    ],
)
def test_guardian_without_the_right_to_see_gets_nothing_and_404_as_for_an_unknown_child(rights):
    family = make_family()
    make_enrolment(family.child, robotics(family))
    barred = make_co_guardian(family, **rights)
    text = page_of(barred)
    assert "Robotyka" not in text
    assert family.child.given_name not in text
    foreign = page_of(barred, child_page(family.child), status=404)
    unknown = page_of(barred, f"/family/children/{uuid.uuid4()}/", status=404)
    assert _without_changing_parts(foreign) == _without_changing_parts(unknown)


def _without_changing_parts(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|value=\"[\w]{60,}\"", "", text)


def test_stranger_and_desk_get_no_family_page_of_somebody_elses_child():
    family = make_family()
    organiser = make_staff(centre=family.household.centre)
    for other in (make_family().account, organiser.person.account):
        page_of(other, child_page(family.child), status=404)
    text = page_of(organiser.person.account)
    assert family.child.given_name not in text


def test_member_of_staff_who_is_a_parent_too_sees_her_own_children_only():
    family = make_family(children=(7,))
    organiser = make_staff(centre=family.household.centre)
    make_guardianship(organiser.person, own := make_person(given_name="Bartek", age=9))
    text = page_of(organiser.person.account)
    assert "Bartek" in text
    assert family.child.given_name not in text
    page_of(organiser.person.account, child_page(own))


def test_child_page_shows_groups_dates_history_and_rights():
    family = make_family()
    group = robotics(family)
    make_enrolment(family.child, group)
    left = make_enrolment(family.child, make_weekly_group(name="Taniec", day=date(2026, 9, 3)))
    withdraw_child(enrolment_id=left.pk, now=NOW)
    text = page_of(family.account, child_page(family.child))
    for told in ("Robotyka – Maluchy", "środa 18 listopada", "Wypisz", "Wcześniej", "Taniec", "zapisywać i wypisywać"):
        assert told in text
    viewer = make_co_guardian(family, can_book=False)
    text = page_of(viewer, child_page(family.child))
    assert "nie możesz zapisywać ani wypisywać" in text
    assert "Wypisz<" not in text


def test_child_page_does_not_let_a_family_give_up_a_place_of_the_centre():
    family = make_family()
    make_enrolment(family.child, robotics(family, entry=Group.Entry.CENTRE))
    text = page_of(family.account, child_page(family.child))
    assert "To miejsce przyznało centrum" in text
    assert "Wypisz<" not in text


@pytest.mark.parametrize(
    "path", [f"{WEEK}?week=%00", "/family/children/%00/", "/family/children/1/", f"{WEEK}?view=%F0"]
)
def test_impossible_input_is_refused_or_ignored_and_never_fails(path):
    client = Client()
    client.force_login(make_family().account)
    assert client.get(path).status_code in {200, 400, 404}


def test_only_safe_methods_are_answered():
    family = make_family()
    client = Client()
    client.force_login(family.account)
    assert client.post(WEEK).status_code == 405
    assert client.post(child_page(family.child)).status_code == 405


def test_week_costs_the_same_for_many_children_and_sessions(django_assert_max_num_queries, django_assert_num_queries):
    def family_with(children: int, sessions: int) -> Family:
        family = make_family(children=[6 + number for number in range(children)])
        centre = family.household.centre
        term = make_term(centre.timetable)
        lines = [
            make_series(
                term, day=date(2026, 9, 1) + timedelta(days=n % 5), starts=time(8 + n // 5), ends=time(8 + n // 5, 30)
            )
            for n in range(sessions)
        ]
        for child in family.children:
            make_enrolment(child, make_group(make_activity(centre), series=lines))
            make_enrolment(child, make_group(make_activity(centre, kind=Activity.Kind.DAY_CARE), series=lines[:1]))
        return family

    small, large = family_with(1, 3), family_with(4, 50)
    client = Client()
    client.force_login(small.account)
    with django_assert_max_num_queries(25) as asked:
        client.get(WEEK)
    few = len(asked)
    client.force_login(large.account)
    with django_assert_num_queries(few):
        answer = client.get(WEEK)
    assert answer.content.decode().count("session-title") == 50


@pytest.mark.parametrize(("language", "told"), [("en", "My week"), ("uk", "Мій тиждень")])
def test_week_speaks_the_readers_language(language, told):
    client = Client(headers={"accept-language": language})
    client.force_login(make_family().account)
    assert told in client.get(WEEK).content.decode()


def test_age_follows_the_calendar_of_the_clock():
    family = make_family()
    family.child.birth_date = born(7)
    family.child.save()
    assert "7 lat" in page_of(family.account, child_page(family.child))
    with time_machine.travel(datetime(2027, 11, 16, 8, 0, tzinfo=NOW.tzinfo), tick=False):
        assert "8 lat" in page_of(family.account, child_page(family.child))

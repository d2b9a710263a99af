from __future__ import annotations

import gzip
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from booking.domain.enrolment import withdraw_child
from booking.domain.subscriptions import create_subscription, revoke_subscription, rotate_subscription
from booking.models import CalendarSubscription, Guardianship, Role
from scheduler.domain.sessions import cancel_session
from scheduler.models import Session
from tests.calendar_readers import events_in, starts_in_two_readers
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_place,
    make_room,
    make_series,
    make_service,
    make_specialist,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
Scope, Privacy = CalendarSubscription.Scope, CalendarSubscription.Privacy
PRIVATE_WORDS = ("Zosia", "Antek", "Robotyka", "Pracownia", "Łukasz", "Długa", "Nowy sprzęt", "Zmyślona")


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family():
    """Two children in robotics on Wednesdays at 16:00."""
    centre = make_centre(address="Rynek 1, Kłobuczek")
    family = make_family(centre, children=(11, 7))
    for child, name in zip(family.children, ("Antek", "Zosia"), strict=True):
        child.given_name = name
        child.save()
    place = make_place(centre.timetable, name="Dom Kultury", address="ul. Długa 1", village="Kłobuczek")
    group = make_weekly_group(
        make_activity(centre, name="Robotyka"),
        room=make_room(centre.timetable, name="Pracownia", place=place),
        leader=make_specialist(centre.timetable, name="Łukasz Zmyślony"),
    )
    for child in family.children:
        make_enrolment(child, group)
    return family


def subscribe(account, **facts) -> str:
    _, token = create_subscription(owner=account, now=NOW, **({"scope": Scope.HOUSEHOLD} | facts))
    return f"/calendars/{token}.ics"


def events(response):
    assert response.status_code == 200
    return events_in(response.content)


def titles(response) -> set[str]:
    return {str(event["SUMMARY"]) for event in events(response)}


def test_family_calendar_says_who_what_when_and_where(client, family):
    response = client.get(subscribe(family.account))
    event = next(event for event in events(response) if event.start.date() == date(2026, 11, 25))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(event["UID"]) == f"{Session.objects.get(planned_date=event.start.date()).pk}@grafik"
    assert {key: str(event[key]) for key in ("SUMMARY", "LOCATION", "DESCRIPTION", "CLASS")} == {
        "SUMMARY": "Antek, Zosia: Robotyka",
        "LOCATION": "Pracownia, Dom Kultury, ul. Długa 1, Kłobuczek",
        "DESCRIPTION": "Prowadzi: Łukasz Zmyślony",
        "CLASS": "PRIVATE",
    }
    assert [str(name) for name in event["CATEGORIES"].cats] == ["Antek", "Zosia"]


def test_hours_are_the_same_on_both_sides_of_each_clock_change_in_two_readers(client, family):
    content = client.get(subscribe(family.account)).content
    changes = ((date(2026, 10, 21), date(2026, 10, 28)), (date(2027, 3, 24), date(2027, 3, 31)))

    for starts in starts_in_two_readers(content):
        read = {start.date(): start for start in starts}
        for before, after in changes:
            assert (read[before].hour, read[after].hour) == (16, 16)
            assert read[before].utcoffset() != read[after].utcoffset()


def test_cancelled_date_stays_as_cancelled_with_its_identity(client, family):
    address = subscribe(family.account)
    session = Session.objects.get(planned_date=date(2026, 11, 25))
    cancel_session(session_id=session.pk, note="Nowy sprzęt", now=NOW)

    with time_machine.travel(NOW + timedelta(days=9 + 29), tick=False):
        event = next(event for event in events(client.get(address)) if event["UID"] == f"{session.pk}@grafik")

    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)
    assert str(event["SUMMARY"]) == "ODWOŁANE: Antek, Zosia: Robotyka"
    assert "Nowy sprzęt" in event["DESCRIPTION"]


def test_withdrawn_child_leaves_the_calendar(client, family):
    address = subscribe(family.account)
    withdraw_child(enrolment_id=family.children[1].enrolments.get().pk, now=NOW)

    assert titles(client.get(address)) == {"Antek: Robotyka"}


def test_childs_calendar_shows_that_child_alone(client, family):
    response = client.get(subscribe(family.account, scope=Scope.CHILD, subject_id=family.children[1].pk))

    assert titles(response) == {"Robotyka"}
    assert b"Antek" not in response.content
    assert "X-WR-CALNAME:Zosia" in response.content.decode()


def test_calendar_is_empty_as_soon_as_the_right_ends(client, family):
    addresses = [
        subscribe(family.account),
        subscribe(family.account, scope=Scope.CHILD, subject_id=family.children[1].pk),
        subscribe(family.account, scope=Scope.HOUSEHOLD, subject_id=family.household.pk),
    ]
    assert all(events(client.get(address)) for address in addresses)
    Guardianship.objects.update(ends_on=timezone.localdate(NOW) - timedelta(days=1))

    for address in addresses:
        response = client.get(address)
        assert events(response) == []
        assert "Zosia" not in response.content.decode()


def test_names_are_left_out_when_only_the_service_is_told(client, family):
    event = events(client.get(subscribe(family.account, privacy=Privacy.SERVICE_ONLY)))[0]

    assert (str(event["SUMMARY"]), "DESCRIPTION" in event, "CATEGORIES" in event) == ("Robotyka", False, False)
    assert "Pracownia" in event["LOCATION"]


@pytest.mark.parametrize("scope", [Scope.HOUSEHOLD, Scope.CHILD])
def test_busy_calendar_tells_nothing_but_hours(client, family, scope):
    session = Session.objects.get(planned_date=date(2026, 11, 25))
    cancel_session(session_id=session.pk, note="Nowy sprzęt", now=NOW)
    subject = family.children[1].pk if scope == Scope.CHILD else None
    response = client.get(subscribe(family.account, scope=scope, subject_id=subject, privacy=Privacy.BUSY))

    assert titles(response) == {"Zajęte", "ODWOŁANE: Zajęte"}
    assert [word for word in PRIVATE_WORDS if word in response.content.decode().replace("\r\n ", "")] == []


def test_calendar_speaks_the_owners_language_whatever_the_program_asks_for(client, family):
    family.account.language = "uk"
    family.account.save()
    response = client.get(subscribe(family.account, privacy=Privacy.BUSY), headers={"accept-language": "en"})

    assert titles(response) == {"Зайнято"}
    assert response["Content-Language"] == "uk"


def test_sensitive_group_is_never_named(client):
    centre = make_centre(address="Rynek 1, Kłobuczek")
    family = make_family(centre)
    group = make_weekly_group(
        make_activity(centre, name="Grupa terapeutyczna", sensitivity="sensitive"),
        name="Terapia",
        room=make_room(centre.timetable, name="Gabinet terapeutyczny"),
        leader=make_specialist(centre.timetable, name="Psychoterapeutka Anna"),
    )
    make_enrolment(family.child, group)
    Session.objects.update(note="Terapia w innym gabinecie")

    for facts in (
        {},
        {"scope": Scope.CHILD, "subject_id": family.child.pk},
        {"scope": Scope.GROUP, "subject_id": group.pk},
    ):
        response = client.get(subscribe(family.account, **facts))
        event = events(response)[0]
        assert "Wizyta" in event["SUMMARY"]
        assert (str(event["LOCATION"]), "DESCRIPTION" in event) == ("Rynek 1, Kłobuczek", False)
        for word in ("terap", "gabinet", "psych"):
            assert word not in response.content.decode().replace("\r\n ", "").lower()


def test_specialists_calendar_shows_her_work_until_her_role_ends(client):
    member = make_staff(Role.SPECIALIST)
    term = make_term(member.centre.timetable)
    series = make_series(term, title="Psychoterapia", leader=member.resource, audience="staff", kind="duty")
    make_service(member.centre, sensitivity="sensitive").series.add(series)
    make_series(term, title="Warsztaty", day=date(2026, 9, 3), leader=member.resource)
    make_series(term, title="Obce zajęcia", day=date(2026, 9, 4))

    address = subscribe(member.person.account, scope=Scope.SPECIALIST)
    assert titles(client.get(address)) == {"Dyżur", "Warsztaty"}
    busy = subscribe(member.person.account, scope=Scope.SPECIALIST_BUSY)
    assert titles(client.get(busy)) == {"Zajęte"}

    member.roles.update(ends_on=timezone.localdate(NOW) - timedelta(days=1))
    assert events(client.get(address)) == events(client.get(busy)) == []


@pytest.mark.parametrize("scope", [Scope.ROOM, Scope.CENTRE])
def test_strangers_follow_public_sessions_only(client, scope):
    centre = make_centre()
    term, room = make_term(centre.timetable), make_room(centre.timetable)
    make_series(term, title="Taniec", room=room)
    inner = make_series(term, title="Pomoc w nauce", day=date(2026, 9, 3), room=room, audience="participants")
    make_service(centre, sensitivity="normal").series.add(inner)
    subject = room.pk if scope == Scope.ROOM else centre.pk

    stranger = subscribe(make_family().account, scope=scope, subject_id=subject)
    partner = subscribe(make_staff(Role.NGO, centre=centre).person.account, scope=scope, subject_id=subject)
    educator = subscribe(make_staff(Role.EDUCATOR, centre=centre).person.account, scope=scope, subject_id=subject)

    assert titles(client.get(stranger)) == titles(client.get(partner)) == {"Taniec"}
    assert titles(client.get(educator)) == {"Taniec", "Pomoc w nauce"}


# -- HTTP -------------------------------------------------------------------------------------------------------------


def test_answer_keeps_out_of_caches_and_search_engines(client, family):
    response = client.get(subscribe(family.account))

    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Last-Modified" not in response
    assert "Cookie" not in response["Vary"]
    assert response["ETag"].startswith('"')


def test_known_bytes_are_answered_304_until_something_changes(client, family):
    address = subscribe(family.account)
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": f'"old", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(address, headers={"if-none-match": "*"}).status_code == 304

    changes = [
        lambda: cancel_session(session_id=Session.objects.get(planned_date=date(2026, 11, 25)).pk, note="", now=NOW),
        lambda: withdraw_child(enrolment_id=family.children[1].enrolments.get().pk, now=NOW),
        lambda: type(family.account).objects.filter(pk=family.account.pk).update(language="en"),
        lambda: CalendarSubscription.objects.update(alarm_minutes=15),
        lambda: Guardianship.objects.update(can_view=False),
    ]
    for change in changes:
        change()
        fresh = client.get(address, headers={"if-none-match": first["ETag"]})
        assert fresh.status_code == 200
        assert fresh.content != first.content
        first = fresh


def test_same_calendar_has_the_same_bytes_a_day_later(client, family):
    address = subscribe(family.account)
    first = client.get(address)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        second = client.get(address)

    assert (first.content, first["ETag"]) == (second.content, second["ETag"])


def test_packed_answer_has_its_own_validator(client, family):
    address = subscribe(family.account)
    plain = client.get(address)
    packed = client.get(address, headers={"accept-encoding": "br;q=0.5, gzip"})

    assert (packed["Content-Encoding"], packed["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) == int(packed["Content-Length"]) < len(plain.content) / 4
    assert packed["ETag"] != plain["ETag"]
    assert client.get(address, headers={"if-none-match": packed["ETag"]}).status_code == 304
    refused = client.get(address, headers={"accept-encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused


def test_head_has_the_headers_of_get_and_no_body(client, family):
    address = subscribe(family.account)
    for headers in ({}, {"accept-encoding": "gzip"}):
        get, head = client.get(address, headers=headers), client.head(address, headers=headers)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == get.headers


@pytest.mark.parametrize("accept", [None, "text/calendar", "*/*", "application/json", "nonsense"])
def test_any_accept_header_gets_the_calendar(client, family, accept):
    headers = {} if accept is None else {"accept": accept}
    assert client.get(subscribe(family.account), headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_refused(client, family, method):
    assert getattr(client, method)(subscribe(family.account)).status_code == 405


def test_revoked_rotated_unknown_and_malformed_secrets_are_the_same_404(client, family):
    subscription, revoked = create_subscription(owner=family.account, scope=Scope.HOUSEHOLD, now=NOW)
    revoke_subscription(owner=family.account, subscription_id=subscription.pk, now=NOW)
    subscription, rotated = create_subscription(owner=family.account, scope=Scope.HOUSEHOLD, now=NOW)
    rotate_subscription(owner=family.account, subscription_id=subscription.pk)
    tokens = [revoked, rotated, "A" * 43, "short", "x" * 10_000, "żółć", "🦊" * 43, "a/b", "%2e%2e", "' or 1=1 --"]
    addresses = ["", revoked, *(f"{token}.ics" for token in tokens)]
    answers = [client.get(f"/calendars/{address}") for address in addresses]

    assert {(each.status_code, each.content, each["Content-Type"]) for each in answers} == {
        (404, b"404\n", "text/plain; charset=utf-8")
    }
    assert {each["X-Robots-Tag"] for each in answers} == {"noindex"}


def test_nul_in_the_address_is_refused(client):
    assert client.get("/calendars/%00.ics").status_code in {400, 404}


def test_account_that_may_not_log_in_has_no_calendar(client, family):
    address = subscribe(family.account)
    family.account.is_active = False
    family.account.save()

    assert client.get(address).status_code == 404


def test_reading_is_noted_at_most_once_an_hour(client, family):
    address = subscribe(family.account)
    noted = []
    for minutes in (0, 59, 61):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            client.get(address)
        noted.append(CalendarSubscription.objects.get().last_read_at)

    assert noted == [NOW, NOW, NOW + timedelta(minutes=61)]


@pytest.mark.parametrize("scope", [Scope.HOUSEHOLD, Scope.CHILD, Scope.GROUP, Scope.ROOM, Scope.CENTRE])
@pytest.mark.parametrize("weeks", [3, 50])
def test_number_of_queries_does_not_follow_the_number_of_sessions(
    client, django_assert_max_num_queries, family, scope, weeks
):
    kept = Session.objects.order_by("starts_at").values("pk")[:weeks]
    Session.objects.exclude(pk__in=[row["pk"] for row in kept]).delete()
    session = Session.objects.select_related("timetable__centre")[0]
    group = family.child.enrolments.get().group
    subject = {
        Scope.CHILD: family.child.pk,
        Scope.GROUP: group.pk,
        Scope.ROOM: session.room_id,
        Scope.CENTRE: session.timetable.centre.pk,
    }
    address = subscribe(family.account, scope=scope, subject_id=subject.get(scope))
    first = client.get(address)  # notes the reading

    with django_assert_max_num_queries(9):
        assert client.get(address).content == first.content
    with django_assert_max_num_queries(9):
        assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304

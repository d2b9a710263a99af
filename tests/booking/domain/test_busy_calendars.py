from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.urls import reverse

from booking.domain.busy_calendars import (
    MOST_CALENDARS,
    add_busy_calendar,
    ask_again_soon,
    refresh_due_calendars,
    remove_busy_calendar,
    visits_in_busy_time,
)
from booking.domain.slots import free_slots
from booking.errors import Refused
from booking.models import BusyCalendar, Role, StaffMember
from notifications.delivery import deliver_due
from notifications.models import Message
from scheduler.models import BusyPeriod
from scheduler.period import Period
from tests.factories import NOW, make_staff
from tests.factories_visits import Practice, make_practice, make_visit
from tests.scheduler.outside.files import HOSTILE, calendar, event
from tests.scheduler.outside.servers import Outside, outside_server

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=31)
HOSTILE_HERE = {
    "every second": "calendar_rule_broken",
    "interval of zero": "calendar_rule_broken",
    "year one": "calendar_dates_impossible",
    "sixty thousand entries": "calendar_too_many_events",
    "line of ten million bytes": "calendar_too_large",
    "page of the web": "calendar_not_a_calendar",
}


@pytest.fixture
def outside() -> Iterator[Outside]:
    with outside_server() as server:
        server.serve(calendar(event("DTSTART:20261118T090000Z", "DURATION:PT1H", "SUMMARY:Onkolog")))
        yield server


@pytest.fixture
def specialist() -> StaffMember:
    return make_staff(Role.SPECIALIST)


def add(specialist, outside, path: str = "/calendar.ics", *, now: datetime = NOW) -> BusyCalendar:
    address = outside.address(path)
    return add_busy_calendar(
        resource=specialist.resource, address=address, name="Szpital", by=specialist.person.account, now=now
    )


def refresh(outside, *, now: datetime = NOW) -> int:
    return refresh_due_calendars(clock=lambda: now, network=outside.network)


def busy() -> list[tuple[datetime, datetime]]:
    return list(BusyPeriod.objects.order_by("starts_at").values_list("starts_at", "ends_at"))


def free_hours(practice: Practice) -> set[datetime]:
    wednesday = Period(at(0), at(23))
    return {slot.starts_at for slot in free_slots(service=practice.service, period=wednesday, now=NOW)}


def at(hour: int) -> datetime:
    return datetime(2026, 11, 18, hour, tzinfo=UTC)


def test_calendar_is_read_and_only_its_times_are_kept(specialist, outside):
    kept = add(specialist, outside)
    assert refresh(outside) == 1
    kept.refresh_from_db()
    assert (kept.read_at, kept.refused, kept.lease_until) == (NOW, "", None)
    assert busy() == [(at(9), at(10))]
    assert BusyPeriod.objects.get().source == kept.pk
    assert refresh(outside, now=NOW + timedelta(minutes=29)) == 0
    assert refresh(outside, now=NOW + SOON) == 1


def test_address_is_kept_sealed(specialist, outside):
    kept = add(specialist, outside)
    assert kept.open_address() == outside.address()
    assert "calendar.ics" not in kept.address_sealed + kept.address_digest + kept.host + str(kept)
    assert add(specialist, outside).pk == kept.pk


def test_address_is_sealed_anew_with_a_new_key(specialist, outside, settings):
    kept = add(specialist, outside)
    old = settings.IDENTITY_KEYS
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode(), *old]
    call_command("seal_identities", verbosity=0)
    settings.IDENTITY_KEYS = settings.IDENTITY_KEYS[:1]
    kept.refresh_from_db()
    assert kept.open_address() == outside.address()
    assert add(specialist, outside).pk == kept.pk


def test_changed_calendar_replaces_what_was_read_before(specialist, outside):
    add(specialist, outside)
    refresh(outside)
    outside.serve(calendar(event("DTSTART:20261118T120000Z", "DURATION:PT2H")))
    refresh(outside, now=NOW + SOON)
    assert busy() == [(at(12), at(14))]


def test_hostile_files_are_refused_with_their_reason_and_the_last_good_state_stays(specialist, outside):
    kept = add(specialist, outside)
    refresh(outside)
    now = NOW + SOON
    for name, code in HOSTILE_HERE.items():
        outside.serve(HOSTILE[name][0]())
        refresh(outside, now=now)
        kept.refresh_from_db()
        assert (name, kept.refused) == (name, code)
        assert (kept.read_at, kept.lease_until, busy()) == (NOW, None, [(at(9), at(10))])
        now = kept.next_fetch_at


def test_redirect_to_this_machine_is_refused_and_the_last_good_state_stays(specialist, outside):
    kept = add(specialist, outside)
    refresh(outside)
    outside.redirect(f"https://127.0.0.1:{outside.port}/calendar.ics")
    refresh(outside, now=NOW + SOON)
    kept.refresh_from_db()
    assert kept.refused == "calendar_private_address"
    assert busy() == [(at(9), at(10))]


def test_good_calendar_after_a_refused_one_is_good_again(specialist, outside):
    kept = add(specialist, outside, "/later.ics")
    refresh_due_calendars(clock=lambda: NOW, network=outside.network)
    kept.refresh_from_db()
    assert (kept.refused, kept.failures) == ("calendar_unreachable", 1)
    outside.serve(calendar(), "/later.ics")
    refresh(outside, now=NOW + SOON)
    kept.refresh_from_db()
    assert (kept.refused, kept.failures) == ("", 0)


def test_owner_hears_once_that_her_calendar_is_stale(specialist, outside):
    kept = add(specialist, outside)
    refresh(outside)
    outside.serve("<html>")
    for hours in (1, 23, 26, 40, 70):
        BusyCalendar.objects.update(next_fetch_at=NOW)
        refresh(outside, now=NOW + timedelta(hours=hours))
        assert Message.objects.filter(kind="calendar_stale").count() == (hours > 24)
    deliver_due(clock=lambda: NOW + timedelta(hours=70))
    letter = Message.objects.get()
    assert (letter.recipient_id, letter.state) == (specialist.person_id, Message.State.SENT)
    assert reverse("busy-calendars") in letter.text
    assert "Szpital" not in letter.text
    assert kept.host not in letter.text


def test_letter_about_a_calendar_read_again_is_not_sent(specialist, outside):
    kept = add(specialist, outside)
    outside.serve("<html>")
    refresh(outside, now=NOW + timedelta(hours=30))
    BusyCalendar.objects.filter(pk=kept.pk).update(refused="", read_at=NOW + timedelta(hours=31))
    deliver_due(clock=lambda: NOW + timedelta(hours=32))
    assert Message.objects.get().state == Message.State.SUPPRESSED


def test_pauses_grow_while_a_calendar_cannot_be_read(specialist, outside):
    kept = add(specialist, outside, "/missing.ics")
    now, pauses = NOW, []
    for _ in range(7):
        assert refresh(outside, now=now) == 1
        kept.refresh_from_db()
        pauses.append((kept.next_fetch_at - now) / timedelta(minutes=30))
        now = kept.next_fetch_at
    assert pauses == [1, 2, 4, 8, 16, 24, 24]
    assert kept.is_stale(now)


def test_calendar_of_a_dead_worker_is_taken_over(specialist, outside):
    kept = add(specialist, outside)
    BusyCalendar.objects.filter(pk=kept.pk).update(lease_until=NOW + timedelta(minutes=5))
    assert refresh(outside) == 0
    assert refresh(outside, now=NOW + timedelta(minutes=5)) == 1


def test_calendar_turned_off_while_it_was_read_blocks_nothing(specialist, outside):
    kept = add(specialist, outside)
    content = calendar(event("DTSTART:20261118T090000Z", "DURATION:PT1H"))

    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(content)

    outside.answers["/calendar.ics"] = answer
    ticks = itertools.count()

    def clock() -> datetime:
        if next(ticks) == 1:  # after the claim, before anything is kept
            remove_busy_calendar(calendar_id=kept.pk)
        return NOW

    assert refresh_due_calendars(clock=clock, network=outside.network) == 1
    assert busy() == []


def test_removed_calendar_gives_the_time_back(specialist, outside):
    kept = add(specialist, outside)
    other = add(specialist, outside, "/other.ics")
    outside.serve(calendar(event("DTSTART:20261119T090000Z", "DURATION:PT1H")), "/other.ics")
    refresh(outside)
    remove_busy_calendar(calendar_id=kept.pk)
    remove_busy_calendar(calendar_id=kept.pk)
    assert list(BusyCalendar.objects.all()) == [other]
    assert {each.source for each in BusyPeriod.objects.all()} == {other.pk}


def test_calendar_may_be_asked_again_at_most_once_a_minute(specialist, outside):
    kept = add(specialist, outside)
    refresh(outside)
    assert not ask_again_soon(calendar_id=kept.pk, now=NOW + timedelta(seconds=59))
    later = NOW + timedelta(seconds=61)
    assert ask_again_soon(calendar_id=kept.pk, now=later)
    assert refresh(outside, now=later) == 1


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://calendar.example.org/a.ics", "calendar_not_https"),
        ("my calendar", "calendar_address_wrong"),
        ("https://192.168.1.1/a.ics", "calendar_private_address"),
        ("https://[::1]/a.ics", "calendar_private_address"),
        ("https://grafik.example.org/calendars/abc.ics", "calendar_own"),
        ("webcal://GRAFIK.example.org/calendars/abc.ics", "calendar_own"),
    ],
)
def test_impossible_address_is_refused_and_nothing_is_kept(specialist, settings, address, code):
    settings.PUBLIC_URL = "https://grafik.example.org"
    with pytest.raises(Refused) as refused:
        add_busy_calendar(resource=specialist.resource, address=address, name="", by=specialist.person.account, now=NOW)
    assert refused.value.refusal.code == code
    assert not BusyCalendar.objects.exists()


def test_specialist_has_only_so_many_calendars(specialist, outside):
    for number in range(MOST_CALENDARS):
        add(specialist, outside, f"/{number}.ics")
    with pytest.raises(Refused) as refused:
        add(specialist, outside, "/more.ics")
    assert refused.value.refusal.code == "too_many_calendars_elsewhere"
    assert BusyCalendar.objects.count() == MOST_CALENDARS


def test_calendar_belongs_to_its_specialist_alone(specialist, outside):
    kept = add(specialist, outside)
    colleague = make_staff(Role.SPECIALIST, centre=specialist.centre).person.account
    organiser = make_staff(Role.ORGANISER, centre=specialist.centre).person.account
    seen = [
        list(BusyCalendar.objects.visible_to(reader, NOW.date()))
        for reader in (specialist.person.account, colleague, organiser)
    ]
    assert seen == [[kept], [], []]
    specialist.roles.update(ends_on=NOW.date() - timedelta(days=1))
    assert not BusyCalendar.objects.visible_to(specialist.person.account, NOW.date()).exists()


def test_visits_in_busy_time_are_shown_and_stay(outside):
    practice = make_practice()
    inside = make_visit(practice, at(9))
    make_visit(practice, at(10))
    add(practice.member, outside)
    refresh(outside)
    assert visits_in_busy_time(resource=practice.specialist, now=NOW) == [inside]
    inside.refresh_from_db()
    assert inside.status == "booked"


def test_busy_time_is_no_free_slot(outside):
    practice = make_practice()
    add(practice.member, outside)
    before = free_hours(practice)
    refresh(outside)
    assert before - free_hours(practice) == {at(9)}


def test_worker_reads_what_is_due_and_reaches_no_machine_of_our_own(specialist):
    """The product's own network, without the allowance of these tests."""
    kept = add_busy_calendar(
        resource=specialist.resource,
        address="https://localhost/calendar.ics",
        name="",
        by=specialist.person.account,
        now=NOW,
    )
    call_command("run_worker", once=True)
    kept.refresh_from_db()
    assert (kept.refused, kept.read_at, kept.failures) == ("calendar_private_address", None, 1)

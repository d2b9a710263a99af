"""A family books, moves and cancels visits on its pages, without JavaScript, and sees only its own."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from booking.models import Appointment, SlotWatch
from scheduler.models import Session
from tests.factories import NOW, Family, make_centre, make_co_guardian, make_family
from tests.factories_safety import make_decision
from tests.factories_visits import Practice, make_practice, make_visit

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
LIST = reverse("family-appointments")


def at(hour: int, day: int = 25) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), WARSAW).astimezone(UTC)


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(NOW, tick=False):
        yield


def browser(account: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def home(facts: dict[str, Any] | None = None, **window: Any) -> tuple[Practice, Family]:
    practice = make_practice(facts=facts, **window)
    return practice, make_family(practice.service.centre)


def booking(practice: Practice, family: Family, **query: Any) -> str:
    chosen = {"person": family.child.pk} | {key: each for key, each in query.items() if each}
    return f"{reverse('book-visit', args=[practice.service.pk])}?{urlencode(chosen)}"


def test_visit_is_booked_in_three_pages():
    practice, family = home()
    client = browser(family.account)
    services = client.get(reverse("book-services"))
    assert services.context["rows"][0][1].starts_at == at(9, 18)
    times = client.get(booking(practice, family))
    wanted = booking(practice, family, mode="office", starts_at=at(10, 18).isoformat())
    assert urlencode({"starts_at": at(10, 18).isoformat()}) in times.content.decode()
    assert client.get(wanted).status_code == 200
    done = client.post(wanted)
    visit = Appointment.objects.get()
    assert done.headers["Location"] == reverse("family-appointment", args=[visit.pk])
    assert (visit.person, visit.starts_at, visit.source, visit.booked_by) == (
        family.child,
        at(10, 18),
        "page",
        family.account,
    )
    assert visit.service.name in client.get(LIST).content.decode()


def test_time_taken_meanwhile_shows_the_free_ones_again():
    practice, family = home()
    make_visit(practice, at(10, 18))
    answer = browser(family.account).post(booking(practice, family, mode="office", starts_at=at(10, 18).isoformat()))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "just been taken" in page
    assert urlencode({"starts_at": at(11, 18).isoformat()}) in page
    assert Appointment.objects.count() == 1


def test_visit_at_home_asks_for_the_address():
    practice, family = home({"home": True, "office": False}, home=True, office=False)
    client, wanted = browser(family.account), booking(practice, family, mode="home", starts_at=at(9, 18).isoformat())
    assert client.post(wanted, {"address": ""}).context["form"].errors
    client.post(wanted, {"address": "ul. Zmyślona 3"})
    assert Appointment.objects.get().address == "ul. Zmyślona 3"


def test_full_weeks_lead_to_the_first_free_time():
    practice, family = home({"notice_hours": 24 * 20})
    page = browser(family.account).get(booking(practice, family)).content.decode()
    assert "The first free one is on" in page
    assert "from=2026-12-09" in page


def test_weeks_without_a_time_lead_to_the_first_of_the_same_kind():
    practice, family = home({"phone": True, "horizon_days": 90}, day=date(2027, 1, 6), phone=True)
    make_practice(practice.service, phone=False)
    query = {"mode": "phone", "specialist": practice.specialist.pk}
    page = browser(family.account).get(booking(practice, family, **query))
    following = page.context["times"].next
    assert (following.specialist_id, following.mode) == (practice.specialist.pk, "phone")
    assert f"&amp;specialist={practice.specialist.pk}&amp;from=2027-01-13" in page.content.decode()


def test_who_has_no_hours_any_more_is_not_offered():
    practice, family = home()
    gone = make_practice(practice.service)
    assert len(browser(family.account).get(booking(practice, family)).context["specialists"]) == 2
    Session.objects.filter(leader=gone.specialist).update(status="cancelled")
    assert browser(family.account).get(booking(practice, family)).context["specialists"] == [practice.specialist]


@pytest.mark.parametrize(
    "query", [{"starts_at": "soon"}, {"specialist": "x", "starts_at": "2026-11-18T10:00:00+01:00"}]
)
def test_made_up_links_are_not_found(query: dict[str, str]):
    practice, family = home()
    assert browser(family.account).get(booking(practice, family, **query)).status_code == 404
    assert browser(family.account).get(booking(practice, family, **{"from": "99999999"})).status_code == 200


def test_visit_is_moved_watched_and_cancelled_on_its_page():
    practice, family = home()
    visit = make_visit(practice, at(10), person=family.child)
    client, address = browser(family.account), reverse("family-appointment", args=[visit.pk])
    client.post(address, {"act": "watch"})
    watch = SlotWatch.objects.get()
    assert (watch.appointment, watch.earlier_than) == (visit, visit.starts_at)
    client.post(reverse("family-unwatch", args=[watch.pk]))
    watch.refresh_from_db()
    assert watch.end == "taken_back"
    client.post(address, {"act": "move", "starts_at": at(11).isoformat()})
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (at(11), 1)
    client.post(address, {"act": "cancel"})
    visit.refresh_from_db()
    assert visit.status == "cancelled"
    assert client.get(LIST).context["past"][0].appointment == visit


def test_who_finds_no_time_waits_for_one():
    practice, family = home()
    client = browser(family.account)
    chosen = {"person": str(family.child.pk), "mode": "office", "specialist": str(practice.specialist.pk)}
    client.post(reverse("family-watch", args=[practice.service.pk]), chosen)
    watch = SlotWatch.objects.get()
    assert (watch.person, watch.mode, watch.specialist) == (family.child, "office", practice.specialist)
    assert (practice.specialist.pk, at(9, 18)) in watch.unwanted, "what is free now does not suit her"
    for wrong in ("x", str(practice.room.pk)):
        answer = client.post(reverse("family-watch", args=[practice.service.pk]), chosen | {"specialist": wrong})
        assert answer.status_code == 404
    assert client.post(reverse("family-watch", args=[practice.service.pk]), {"person": "x"}).status_code == 404


def test_earlier_time_is_answered_on_the_page():
    practice, family = home()
    visit = make_visit(practice, at(10), person=family.child, status="offered", expires_at=at(10, 17))
    client, address = browser(family.account), reverse("family-appointment", args=[visit.pk])
    assert client.get(LIST).context["held"][0].appointment == visit
    client.post(address, {"act": "accept"})
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_other_families_and_lookers_change_nothing():
    practice, family = home()
    visit = make_visit(practice, at(10), person=family.child)
    address = reverse("family-appointment", args=[visit.pk])
    stranger = browser(make_family(practice.service.centre).account)
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"act": "cancel"}).status_code == 404
    assert not stranger.get(LIST).context["coming"]
    looker = browser(make_co_guardian(family, can_book=False))
    assert looker.get(address).status_code == 200
    assert looker.post(address, {"act": "cancel"}).status_code == 403
    visit.refresh_from_db()
    assert (visit.status, visit.sequence) == ("booked", 0)


@pytest.mark.parametrize("count", [3, 30])
def test_list_asks_the_same_number_of_questions_for_few_and_many(count: int, django_assert_max_num_queries):
    practice, family = home()
    for number in range(count):
        make_visit(practice, at(10), person=family.child, status="cancelled", sequence=number)
    client = browser(family.account)
    with django_assert_max_num_queries(16):
        client.get(LIST)


def test_wish_for_a_hidden_visit_is_neither_shown_nor_changed_by_whom_it_is_hidden_from():
    practice, family = home()
    father = make_co_guardian(family)
    browser(family.account).post(reverse("family-watch", args=[practice.service.pk]), {"person": family.child.pk})
    make_decision(family.child, guardian=father.person, service=practice.service)
    wish, client = SlotWatch.objects.get(), browser(father)
    page = client.get(LIST)
    assert list(page.context["watches"]) == []
    assert practice.service.name not in page.content.decode()
    assert client.post(reverse("family-unwatch", args=[wish.pk])).status_code == 404
    client.post(reverse("family-watch", args=[practice.service.pk]), {"person": family.child.pk})
    assert "booked by the desk" in client.get(LIST).content.decode()
    assert list(SlotWatch.objects.values_list("pk", "earlier_than", "ended_at")) == [(wish.pk, wish.earlier_than, None)]
    assert list(browser(family.account).get(LIST).context["watches"]) == [wish]


def test_family_waits_for_times_of_its_own_centres_only():
    practice = make_practice()
    family = make_family(make_centre())
    answer = browser(family.account).post(
        reverse("family-watch", args=[practice.service.pk]), {"person": family.child.pk}
    )
    assert answer.status_code == 404
    assert not SlotWatch.objects.exists()


def test_series_leads_to_no_visit_that_is_hidden_from_the_reader():
    practice, family = home()
    father, key = make_co_guardian(family), uuid.uuid4()
    first, hidden, third = (
        make_visit(practice, at(10, day), person=family.child, series_key=key) for day in (18, 25, 26)
    )
    make_decision(family.child, guardian=father.person, appointment=hidden)
    page = reverse("family-appointment", args=[first.pk])
    assert len(browser(family.account).get(page).context["others"]) == 2
    seen = browser(father).get(page)
    assert [address for address, _start in seen.context["others"]] == [reverse("family-appointment", args=[third.pk])]
    assert str(hidden.pk) not in seen.content.decode()


@pytest.mark.parametrize("starts_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-25T10:00:00"])
def test_hour_that_no_button_sends_is_not_found(starts_at: str):
    practice, family = home()
    client, page = browser(family.account), booking(practice, family, starts_at=starts_at)
    assert [client.get(page).status_code, client.post(page).status_code] == [404, 404]
    assert not Appointment.objects.exists()

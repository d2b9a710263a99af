"""Visits at the desk: booked once or as a series, outside the hours, at home, for several sides; printed, settled."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Appointment, AppointmentParty, Role
from booking.models.activity import Sensitivity
from notifications.models import Message
from tests.factories import NOW, make_centre, make_family, make_guardianship, make_service, make_staff
from tests.factories_visits import make_busy, make_practice, make_visit, make_window, wall

pytestmark = pytest.mark.django_db
TEN = wall(10)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def family(centre):
    return make_family(centre)


@pytest.fixture
def practice(centre):
    facts = {"minutes": 50, "pause_minutes": 10, "notice_hours": 0, "home": True, "online": False}
    return make_practice(make_service(centre, name="Porady prawne", **facts))


@pytest.fixture
def desk(centre) -> Client:
    return at_desk(centre, Role.ORGANISER)


def at_desk(centre, *roles: str) -> Client:
    member = make_staff(roles[0], centre=centre)
    for role in roles[1:]:
        member.roles.create(role=role)
    client = Client()
    client.force_login(member.person.account)
    return client


def address(family, practice, **query: str) -> str:
    return reverse("desk-book-visit", args=[family.child.pk, practice.service.pk], query=query)


def at_ten(practice, **query: str) -> dict[str, str]:
    return {"mode": "office", "specialist": str(practice.specialist.pk), "starts_at": TEN.isoformat()} | query


def form(**facts: str) -> dict[str, str]:
    return {"count": "1", "weeks": "1"} | facts


def test_card_leads_to_visits_and_these_to_free_times(desk, family, practice):
    card = desk.get(reverse("desk-family", args=[family.household.pk])).content.decode()
    visits = reverse("desk-visits", args=[family.child.pk])
    assert visits in card
    page = desk.get(visits).content.decode()
    assert address(family, practice) in page
    times = desk.get(address(family, practice)).content.decode()
    assert "10:00" in times
    assert "starts_at=" in times


def test_desk_books_what_families_cannot_and_everybody_is_told(desk, family, practice):
    answer = desk.post(address(family, practice, **at_ten(practice)), form(is_urgent="on"))
    visit = Appointment.objects.get()
    assert answer.url == reverse("desk-visit", args=[visit.pk])
    assert (visit.person, visit.starts_at, visit.source, visit.is_urgent) == (family.child, TEN, "desk", True)
    assert set(Message.objects.values_list("recipient_id", flat=True)) == {
        family.guardian.pk,
        practice.member.person_id,
    }


def test_taken_time_is_refused_with_the_nearest_free_ones(desk, family, practice):
    make_visit(practice, TEN)
    answer = desk.post(address(family, practice, **at_ten(practice)), form())
    assert answer.status_code == 409
    assert "11:00" in answer.content.decode()
    assert not Appointment.objects.filter(person=family.child).exists()


def test_time_outside_the_hours_needs_a_named_specialist(desk, family, practice):
    outside = {"outside": "1", "mode": "office", "day": "2026-11-19", "time": "17:00"}
    assert desk.get(address(family, practice, **outside, specialist="")).status_code == 422
    wanted = address(family, practice, **outside, specialist=str(practice.specialist.pk))
    page = desk.get(wanted).content.decode()
    assert f'<option value="{practice.room.pk}" selected' in page  # the room in which she receives people
    assert 'name="count"' not in page
    assert desk.post(wanted, {"room": str(practice.room.pk)}).status_code == 422
    assert not Appointment.objects.exists()
    desk.post(wanted, {"room": str(practice.room.pk), "reason": "Mama pracuje do 16"})
    visit = Appointment.objects.get()
    assert (visit.outside_hours, visit.starts_at, visit.room) == (True, wall(17) + timedelta(days=1), practice.room)
    assert "Mama pracuje do 16" in desk.get(reverse("desk-visit", args=[visit.pk])).content.decode()


def test_agreed_day_of_rest_and_wrong_days_are_told(desk, family, practice):
    def agreed(day: str) -> str:
        facts = {"outside": "1", "mode": "office", "time": "17:00", "specialist": str(practice.specialist.pk)}
        return address(family, practice, **facts, day=day)

    assert "Boże Narodzenie" in desk.get(agreed("2026-12-25")).content.decode()
    for wrong in ("2026-11-02", "2062-11-18"):
        refused = desk.post(agreed(wrong), {"reason": "Umówione"})
        assert refused.status_code == 409
    assert desk.get(agreed("2026-02-30")).status_code == 422
    assert not Appointment.objects.exists()


def test_times_are_shown_at_which_all_specialists_are_free(desk, family, practice, centre):
    first, second = (make_staff(Role.SPECIALIST, centre=centre).resource for _time in range(2))
    make_busy(first, wall(9), wall(10))
    make_busy(second, wall(10, 30), wall(11, 30))
    together = {"mode": "office", "specialist": "", "with": [str(first.pk), str(second.pk)]}
    page = desk.get(reverse("desk-book-visit", args=[family.child.pk, practice.service.pk]), together).content.decode()
    day = page[page.index("środa 18 listopada") : page.index("środa 25 listopada")]
    assert [hour in day for hour in ("09:00", "10:00", "11:00", "12:00")] == [False, False, False, True]
    query = f"with={first.pk}&amp;with={second.pk}"
    assert query in page
    wanted = reverse("desk-book-visit", args=[family.child.pk, practice.service.pk], query=at_ten(practice))
    wanted = wanted.replace("starts_at=", f"{query.replace('&amp;', '&')}&starts_at=")
    assert desk.post(wanted, form()).status_code == 409  # one of them is busy when the visit ends
    desk.post(wanted.replace("10%3A00", "12%3A00").replace("09%3A00", "11%3A00"), form())
    assert set(Appointment.objects.get().colleagues.all()) == {first, second}


def test_visit_at_home_needs_an_address_and_brings_a_colleague(desk, family, practice, centre):
    colleague = make_staff(Role.SPECIALIST, centre=centre).resource
    practice.window.home = True
    practice.window.save()
    wanted = address(family, practice, **at_ten(practice, mode="home", **{"with": str(colleague.pk)}))
    assert desk.post(wanted, form(address="")).status_code == 422
    assert not Appointment.objects.exists()
    desk.post(wanted, form(address="ul. Leśna 3"))
    visit = Appointment.objects.get()
    assert (visit.mode, visit.address, list(visit.colleagues.all())) == ("home", "ul. Leśna 3", [colleague])


def test_sides_of_a_mediation_come_at_their_own_hours_and_never_read_of_each_other(desk, centre, practice):
    one, other = make_family(centre), make_family(centre)
    one.guardian.given_name, other.guardian.given_name = "Barbara", "Zdzisław"
    for each in (one, other):
        each.guardian.save()
    wanted = reverse("desk-book-visit", args=[one.guardian.pk, practice.service.pk], query=at_ten(practice))
    refused = desk.post(wanted, form(side_1="Zmyślona"))
    assert refused.status_code == 422  # both families and their children fit
    assert desk.post(wanted, form(side_1="nikt taki")).status_code == 422
    assert not Appointment.objects.exists()
    desk.post(wanted, form(side_1="Zdzislaw", side_1_comes="10:20"))
    visit = Appointment.objects.get()
    [party] = visit.parties.all()
    assert (party.person, party.arrives_at) == (other.guardian, TEN + timedelta(minutes=20))
    for family, unseen, hour in ((one, "Zdzisław", "10:00"), (other, "Barbara", "10:20")):
        sheet = desk.get(
            reverse("desk-visit-confirmation", args=[visit.pk], query={"side": str(family.guardian.pk)})
        ).content.decode()
        paper = sheet[sheet.index("<dl") :]
        assert hour in paper
        assert unseen not in paper
        client = Client()
        client.force_login(family.account)
        page = client.get(reverse("family-appointment", args=[visit.pk])).content.decode()
        assert hour in page
        assert unseen not in page


def test_series_is_shown_with_what_fails(desk, family, practice):
    make_visit(practice, TEN + timedelta(weeks=1))
    wanted, facts = address(family, practice, **at_ten(practice)), form(count="3")
    preview = desk.post(wanted, facts)
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "Można umówić 2 z 3 terminów" in page
    assert "11:00" in page  # near the date that fails
    assert not Appointment.objects.filter(person=family.child).exists()
    assert practice.specialist.name in page  # who is busy then


def test_series_books_what_was_chosen_and_shows_again_what_is_missing(desk, family, practice):
    make_visit(practice, TEN + timedelta(weeks=1))
    wanted, facts = address(family, practice, **at_ten(practice)), form(count="3")
    key = re.search(r'name="series" value="([^"]+)"', desk.post(wanted, facts).content.decode())
    assert key is not None
    asked = {**facts, "act": "book", "series": key[1]}
    assert desk.post(wanted, asked).status_code == 422
    dates = [TEN, TEN + timedelta(weeks=1, hours=1), TEN + timedelta(weeks=2)]
    make_visit(practice, dates[2])
    chosen = {**asked, "date": ["", *(each.isoformat() for each in dates)]}
    answer = desk.post(wanted, chosen)
    booked = Appointment.objects.filter(person=family.child)
    assert (answer.status_code, [visit.starts_at for visit in booked]) == (409, dates[:2])
    said = answer.content.decode()
    assert "Umówiono 2 wizyty" in said
    assert "środa 2 grudnia" in said  # the one that is missing, with what is free instead
    rest = {**asked, "date": (dates[2] + timedelta(hours=1)).isoformat()}
    assert desk.post(wanted, rest).url == reverse("desk-visits", args=[family.child.pk])
    assert len({visit.series_key for visit in booked.all()}) == 1
    told = Message.objects.filter(recipient_id=family.guardian.pk).order_by("created_at", "pk")
    assert sorted(message.kind for message in told) == ["visit_booked", "visits_booked"]
    assert desk.post(wanted, {**asked, "series": "x", "date": TEN.isoformat()}).status_code == 404


def test_desk_moves_hands_over_and_cancels_with_a_note(desk, family, practice, centre):
    visit = make_visit(practice, TEN, person=family.child)
    page = reverse("desk-visit", args=[visit.pk])
    assert "11:00" in desk.get(f"{page}?move=1").content.decode()
    desk.post(page, {"act": "move", "starts_at": wall(11).isoformat()})
    other = make_staff(Role.SPECIALIST, centre=centre).resource
    make_window(practice.service, specialist=other)
    desk.post(page, {"act": "reassign", "hand-over-specialist": str(other.pk), "hand-over-note": ""})
    visit.refresh_from_db()
    assert (visit.starts_at, visit.specialist, visit.sequence) == (wall(11), other, 2)
    desk.post(page, {"act": "cancel", "cancel-note": "Choroba prowadzącej"})
    visit.refresh_from_db()
    assert visit.status == "cancelled"
    assert visit.changes.filter(kind="cancelled", note="Choroba prowadzącej").exists()
    assert desk.post(page, {"act": "move", "starts_at": TEN.isoformat()}).status_code == 409
    assert desk.post(page, {"act": "dance"}).status_code == 404


def test_confidential_visits_exist_only_for_who_is_trusted_with_them(desk, centre, family):
    service = make_service(centre, name="Psychoterapia", sensitivity=Sensitivity.SENSITIVE, notice_hours=0)
    practice = make_practice(service)
    visit = make_visit(practice, TEN, person=family.guardian)
    own = reverse("desk-visits", args=[family.guardian.pk])
    book = reverse("desk-book-visit", args=[family.guardian.pk, service.pk])
    pages = [reverse(name, args=[visit.pk]) for name in ("desk-visit", "desk-visit-confirmation")]
    assert "Psychoterapia" not in desk.get(own).content.decode()
    assert [desk.get(each).status_code for each in (*pages, book)] == [404, 404, 404]
    trusted = at_desk(centre, Role.ORGANISER, Role.CONFIDANT)
    assert "Psychoterapia" in trusted.get(own).content.decode()
    assert [trusted.get(each).status_code for each in (*pages, book)] == [200, 200, 200]
    paper = trusted.get(pages[1]).content.decode()
    assert "Psychoterapia" not in paper
    assert practice.specialist.name not in paper


def test_desk_of_another_centre_finds_nothing(family, practice):
    visit = make_visit(practice, TEN, person=family.child)
    stranger = at_desk(make_centre(), Role.ORGANISER)
    for page in (
        reverse("desk-visits", args=[family.child.pk]),
        reverse("desk-visit", args=[visit.pk]),
        reverse("desk-visit-confirmation", args=[visit.pk]),
        address(family, practice),
    ):
        assert stranger.get(page).status_code == 404
    assert stranger.post(reverse("desk-visit", args=[visit.pk]), {"act": "cancel"}).status_code == 404
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_visit_with_a_side_of_another_centre_is_shown_and_printed_for_the_own_side(desk, family, practice):
    elsewhere = make_family(make_centre())
    visit = make_visit(practice, TEN, person=elsewhere.guardian)
    AppointmentParty.objects.create(appointment=visit, person=family.guardian)
    page = desk.get(reverse("desk-visit", args=[visit.pk]))
    assert page.status_code == 200
    assert reverse("desk-visits", args=[family.guardian.pk]) in page.content.decode()
    sheet = desk.get(reverse("desk-visit-confirmation", args=[visit.pk]))
    assert str(elsewhere.guardian.pk) not in sheet.content.decode()
    assert sheet.context["side"].person == family.guardian


def test_visit_of_a_child_from_whom_the_clerk_is_barred_is_not_at_her_desk(centre, family, practice):
    clerk = make_staff(Role.ORGANISER, centre=centre)
    make_guardianship(clerk.person, family.child, contact_ban=True)
    other = make_family(centre)
    visit = make_visit(practice, TEN, person=other.guardian)
    AppointmentParty.objects.create(appointment=visit, person=family.child)
    client = Client()
    client.force_login(clerk.person.account)
    pages = [reverse(name, args=[visit.pk]) for name in ("desk-visit", "desk-visit-confirmation")]
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert client.get(reverse("desk-visits", args=[other.guardian.pk])).context["coming"] == []


def test_visits_that_no_hours_cover_are_settled(desk, family, practice):
    visit = make_visit(practice, wall(15), person=family.child)
    page = reverse("desk-visits-settle")
    assert reverse("desk-visit", args=[visit.pk]) in desk.get(page).content.decode()
    desk.post(page, {"visit": str(visit.pk)})
    visit.refresh_from_db()
    assert visit.outside_hours
    assert reverse("desk-visit", args=[visit.pk]) not in desk.get(page).content.decode()
    assert desk.post(page, {"visit": "x"}).status_code == 404


@pytest.mark.parametrize("count", [3, 10])
def test_list_of_visits_asks_the_same_number_of_queries(desk, family, practice, django_assert_max_num_queries, count):
    for number in range(count):
        make_visit(practice, TEN + timedelta(hours=number), person=family.child)
    with django_assert_max_num_queries(32):
        desk.get(reverse("desk-visits", args=[family.child.pk]))


def test_visit_is_moved_to_a_time_agreed_outside_the_hours(desk, family, practice):
    visit = make_visit(practice, TEN, person=family.child)
    make_visit(practice, wall(11))
    page = reverse("desk-visit", args=[visit.pk], query={"move": "1"})
    agreed = {"act": "agree", "agreed-day": "2026-11-19", "agreed-time": "17:30", "agreed-reason": ""}
    refused = desk.post(page, agreed)
    assert refused.status_code == 422
    assert '<details class="panel" open' in refused.content.decode()
    taken = {**agreed, "agreed-day": "2026-11-18", "agreed-time": "11:20", "agreed-reason": "Umówione"}
    assert desk.post(page, taken).status_code == 409
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (TEN, 0)
    desk.post(page, {**agreed, "agreed-room": str(practice.room.pk), "agreed-reason": "Mama pracuje do 17"})
    visit.refresh_from_db()
    assert (visit.starts_at, visit.outside_hours, visit.room) == (wall(17, 30) + timedelta(days=1), True, practice.room)


def test_place_of_a_colleague_is_taken_by_another_one(desk, family, practice, centre):
    old, new = (make_staff(Role.SPECIALIST, centre=centre).resource for _time in range(2))
    visit = make_visit(practice, TEN, person=family.child)
    page = reverse("desk-visit", args=[visit.pk])
    assert "hand-over-instead_of" not in desk.get(page).content.decode()
    visit.colleagues.add(old)
    shown = desk.get(page).content.decode()
    assert "hand-over-instead_of" in shown
    sent = {"act": "reassign", "hand-over-instead_of": str(old.pk), "hand-over-specialist": str(new.pk)}
    desk.post(page, sent)
    visit.refresh_from_db()
    assert (visit.specialist, list(visit.colleagues.all())) == (practice.specialist, [new])

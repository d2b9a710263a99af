from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from booking.domain.referrals import ReferralFacts, invite_referred, refer_person
from booking.models import Appointment, Centre, Referral, Role
from tests.factories import NOW, TODAY, make_activity, make_consent_text, make_family, make_group, make_staff
from tests.factories_safety import make_decision
from tests.factories_visits import make_practice, make_visit

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=14)
NINE = NOW.replace(day=18, hour=8)


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def family(practice):
    return make_family(practice.service.centre, children=(10,))


@pytest.fixture
def coordinator(practice):
    return make_staff(Role.COORDINATOR, centre=practice.service.centre).person.account


@pytest.fixture
def referral(practice, family, coordinator) -> Referral:
    facts = ReferralFacts(service=practice.service, source="school", referrer_name="SP 2, pedagog", due_on=DUE)
    return invite_referred(
        referral_id=refer_person(person=family.child, facts=facts, by=coordinator, now=NOW).pk, now=NOW
    )


def link(referral, reader) -> str:
    return reverse("referral-link", args=[referral.secret_for(reader.pk)])


def open_link(client, referral, family) -> str:
    address = link(referral, family.guardian)
    assert client.post(address, {"letters": family.child.family_name[:3]}).status_code == 302
    return address


def test_coordinator_enters_a_referral_and_invites(client, practice, family, coordinator):
    client.force_login(coordinator)
    facts = {
        "service": practice.service.pk,
        "source": "court_officer",
        "referrer_name": "Kurator Sądu Rejonowego",
        "priority": "urgent",
        "due_on": DUE.isoformat(),
    }
    assert client.post(reverse("desk-refer", args=[family.child.pk]), facts).status_code == 302
    page = client.get(reverse("desk-referrals")).content.decode()
    assert "wizyta do: poniedziałek 30 listopada" in page
    assert "jeszcze bez zaproszenia" in page
    client.post(reverse("desk-referral-invite", args=[Referral.objects.get().pk]))
    assert "Zaproś ponownie" in client.get(reverse("desk-referrals")).content.decode()


def test_overdue_referral_is_red_and_says_so(client, referral, coordinator):
    client.force_login(coordinator)
    Referral.objects.update(due_on=TODAY - timedelta(days=2))
    page = client.get(reverse("desk-referrals")).content.decode()
    assert "tag--danger" in page
    assert "po terminie od 14 listopada" in page


def test_referral_is_settled_and_moves_to_the_other_list(client, referral, coordinator):
    client.force_login(coordinator)
    client.post(reverse("desk-referral-settle", args=[referral.pk]), {"outcome": "declined"})
    assert "Nie ma skierowań" in client.get(reverse("desk-referrals")).content.decode()
    settled = client.get(reverse("desk-referrals"), {"show": "settled"}).content.decode()
    assert "zakończone: osoba nie chce" in settled


def test_list_asks_as_often_for_fifty_as_for_three(client, practice, coordinator, django_assert_num_queries):
    client.force_login(coordinator)
    facts = ReferralFacts(service=practice.service, source="school", referrer_name="SP 2", due_on=DUE)

    def count(people: int) -> int:
        for child in make_family(practice.service.centre, children=(9,) * people).children:
            refer_person(person=child, facts=facts, by=coordinator, now=NOW)
        from django.db import connection  # noqa: PLC0415  only here
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415  as above

        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("desk-referrals"))
        return len(asked)

    client.get(reverse("desk-referrals"))
    assert count(3) == count(40)


def test_link_asks_for_the_first_letters_before_it_shows_anything(client, referral, family):
    address = link(referral, family.guardian)
    page = client.get(address)
    assert family.child.given_name not in page.content.decode()
    assert page["Cache-Control"].startswith("private")
    wrong = client.post(address, {"letters": "xyz"})
    assert wrong.status_code == 200
    assert "zaczyna się inaczej" in wrong.content.decode()
    for _ in range(4):
        client.post(address, {"letters": "xyz"})
    assert client.post(address, {"letters": family.child.family_name[:3]}).status_code == 429


def test_visit_is_chosen_by_the_link_without_an_account(client, referral, family):
    address = open_link(client, referral, family)
    page = client.get(address).content.decode()
    assert NINE.isoformat() in page
    assert client.post(address, {"starts_at": NINE.isoformat()}).status_code == 302
    visit = Appointment.objects.get()
    assert (visit.person, visit.starts_at, visit.source) == (family.child, NINE, "link")
    done = client.get(address).content.decode()
    assert "Wizyta jest umówiona" in done
    assert client.post(address, {"starts_at": NINE.isoformat()}).status_code == 200
    assert Appointment.objects.count() == 1


def test_time_taken_meanwhile_is_refused_with_others_to_choose(client, referral, family, practice):
    address = open_link(client, referral, family)
    make_visit(practice, NINE)
    answer = client.post(address, {"starts_at": NINE.isoformat()})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Ten termin nie jest już wolny" in page
    assert (NINE + timedelta(hours=1)).isoformat() in page
    assert Appointment.objects.count() == 1


def test_sensitive_service_is_not_named_on_the_page(client, referral, family, practice):
    practice.service.name = "Interwencja kryzysowa"
    practice.service.sensitivity = "sensitive"
    practice.service.save()
    address = open_link(client, referral, family)
    assert "kryzys" not in client.get(address).content.decode()


def test_wrong_settled_and_foreign_links_lead_nowhere(client, referral, family):
    stranger = make_family(family.household.centre).guardian
    secret = referral.secret_for(family.guardian.pk)
    addresses = [link(referral, stranger), reverse("referral-link", args=[secret[:-2] + "xx"])]
    for address in addresses:
        assert client.get(address).status_code == 404
    Referral.objects.update(ended_at=NOW, outcome="unneeded")
    assert client.get(link(referral, family.guardian)).status_code == 404


def test_link_whose_time_is_over_says_whom_to_call_and_a_new_invitation_opens_it(client, referral, family):
    address = open_link(client, referral, family)
    Centre.objects.update(phone="+48 34 310 00 00")
    Referral.objects.update(link_until=TODAY - timedelta(days=1))
    answer = client.get(address)
    assert answer.status_code == 410
    assert "+48 34 310 00 00" in answer.content.decode()
    assert client.post(address, {"starts_at": NINE.isoformat()}).status_code == 410
    assert not Appointment.objects.exists()
    invite_referred(referral_id=referral.pk, now=NOW)
    assert client.get(address).status_code == 200


def test_missing_consent_is_told_before_a_time_is_chosen(client, referral, family, practice):
    purpose = make_consent_text(make_group(make_activity(practice.service.centre))).purpose
    purpose.services.add(practice.service)
    page = client.get(open_link(client, referral, family)).content.decode()
    assert "Najpierw potrzebna jest zgoda" in page
    assert reverse("family-consents") in page
    assert NINE.isoformat() not in page


def test_overdue_link_asks_to_choose_soon(client, referral, family):
    Referral.objects.update(due_on=TODAY - timedelta(days=2))
    assert "możliwie szybko" in client.get(open_link(client, referral, family)).content.decode()


def test_link_that_was_taken_back_leads_nowhere(client, referral, family, coordinator):
    address = open_link(client, referral, family)
    client.force_login(coordinator)
    client.post(reverse("desk-referral-links", args=[referral.pk]))
    client.logout()
    assert client.get(address).status_code == 404
    invite_referred(referral_id=referral.pk, now=NOW)
    assert client.get(address).status_code == 404


def test_link_of_a_guardian_from_whom_it_is_hidden_by_now_leads_nowhere(client, referral, family):
    address = open_link(client, referral, family)
    assert client.get(address).status_code == 200
    make_decision(family.child, guardian=family.guardian)
    assert client.get(address).status_code == 404


def test_referrer_sees_a_name_two_days_and_a_word(client, referral, practice, family):
    teacher = make_staff(Role.REFERRER, centre=practice.service.centre).person
    Referral.objects.update(referrer=teacher)
    invite_referred(referral_id=referral.pk, now=NOW)
    client.force_login(teacher.account)
    page = client.get(reverse("own-referrals")).content.decode()
    assert str(family.child) in page
    assert "zaproszono" in page
    assert practice.service.name not in page
    assert client.get(reverse("desk-referrals")).status_code == 404


def test_others_have_no_referrals(client, referral, family):
    client.force_login(family.account)
    assert client.get(reverse("own-referrals")).status_code == 404
    client.force_login(make_staff(Role.COORDINATOR).person.account)
    assert client.post(reverse("desk-referral-invite", args=[referral.pk])).status_code == 404
    assert client.post(reverse("desk-referral-settle", args=[referral.pk]), {"outcome": "came"}).status_code == 404
    assert Referral.objects.get().ended_at is None


def test_card_of_the_family_shows_its_referral_to_who_may_know(client, referral, family, practice, coordinator):
    address = reverse("desk-family", args=[family.household.pk])
    client.force_login(coordinator)
    page = client.get(address).content.decode()
    assert f"Skierowanie: {family.child.given_name}" in page
    practice.service.sensitivity = "sensitive"
    practice.service.save()
    client.force_login(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    assert "Skierowanie:" not in client.get(address).content.decode()

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from booking.models import Referral, ReferralRequest, Role
from notifications.models import Message
from tests.factories import NOW, TODAY, make_centre, make_family, make_service, make_staff
from tests.factories_safety import make_referral, make_referral_request

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=14)


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def service(centre):
    return make_service(centre, name="Trener budżetu")


@pytest.fixture
def teacher(centre):
    return make_staff(Role.REFERRER, centre=centre).person


@pytest.fixture
def coordinator(centre):
    return make_staff(Role.COORDINATOR, centre=centre).person.account


@pytest.fixture
def sent(service, teacher) -> ReferralRequest:
    return make_referral_request(service, referrer=teacher)


def send(client, service, **facts):
    usual = {
        "form_key": str(uuid.uuid4()),
        "service": service.pk,
        "given_name": "Jagoda",
        "family_name": "Wymyślona",
        "birth_date": "2017-05-14",
        "contact_name": "Alicja Wymyślona, mama",
        "phone": "601 234 567",
        "priority": "soon",
        "due_on": DUE.isoformat(),
        "source": "school",
        "referrer_name": "SP 2, pedagog",
        "agreed": "on",
    }
    return client.post(reverse("refer-somebody"), usual | facts)


def read(client, name, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_counsellor_refers_a_pupil_once_and_sees_how_it_stands(client, service, teacher):
    client.force_login(teacher.account)
    assert "Skieruj osobę" in read(client, "own-referrals")
    assert f'value="{DUE.isoformat()}"' in read(client, "refer-somebody")
    key = str(uuid.uuid4())
    for _twice in range(2):
        assert send(client, service, form_key=key).status_code == 302
    page = read(client, "own-referrals")
    assert "Jagoda Wymyślona" in page
    assert "wysłano 16 listopada" in page
    assert ReferralRequest.objects.count() == 1
    assert 'value="SP 2, pedagog"' in read(client, "refer-somebody")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"phone": ""}, "Podaj telefon albo e-mail"),
        ({"agreed": ""}, "error-summary"),
        ({"due_on": (TODAY - timedelta(days=1)).isoformat()}, "wybierz późniejszy"),
    ],
)
def test_mistakes_are_explained_and_nothing_is_kept(client, service, teacher, facts, said):
    client.force_login(teacher.account)
    answer = send(client, service, **facts)
    assert answer.status_code == 422
    assert said.lower() in answer.content.decode().lower()
    assert not ReferralRequest.objects.exists()


def test_only_referrers_send_and_only_to_their_centre(client, service, teacher, coordinator):
    client.force_login(coordinator)
    assert send(client, service).status_code == 404
    client.force_login(teacher.account)
    assert send(client, make_service(make_centre())).status_code == 422
    assert not ReferralRequest.objects.exists()


def test_desk_recognises_the_person_and_enters_the_referral(client, centre, sent, coordinator):
    child = make_family(centre).child
    child.given_name, child.family_name, child.birth_date = "Jagoda", "Wymyślona", date(2017, 5, 14)
    child.save()
    client.force_login(coordinator)
    assert "1 skierowanie do załatwienia" in read(client, "desk")
    assert "Nadesłane skierowania" in read(client, "desk-referrals")
    page = read(client, "desk-sent-referral", sent.pk)
    assert str(child.pk) in page
    answer = client.post(reverse("desk-sent-referral", args=[sent.pk]), {"person": child.pk}, follow=True)
    assert "Skierowanie jest wpisane" in answer.content.decode()
    assert Referral.objects.get().person == child
    assert client.post(reverse("desk-sent-referral", args=[sent.pk]), {"person": child.pk}).status_code == 404


def test_desk_looks_for_the_parents_of_whom_it_does_not_know(client, centre, sent, coordinator):
    family = make_family(centre)
    client.force_login(coordinator)
    assert "centrum jeszcze nie zna tej osoby" in read(client, "desk-sent-referral", sent.pk)
    page = client.get(reverse("desk-sent-referral", args=[sent.pk]), {"q": str(family.guardian)}).content.decode()
    assert str(family.guardian.pk) in page
    nobody = client.get(reverse("desk-sent-referral", args=[sent.pk]), {"q": "Qqqq"}).content.decode()
    assert "Nikogo nie znaleziono" in nobody


def test_person_whom_the_desk_does_not_serve_cannot_be_taken(client, sent, coordinator):
    client.force_login(coordinator)
    for person in (make_family(make_centre()).child.pk, "x"):
        assert client.post(reverse("desk-sent-referral", args=[sent.pk]), {"person": person}).status_code == 404
    assert ReferralRequest.objects.count() == 1


def test_refusal_is_read_by_the_referrer_with_its_reason(client, sent, teacher, coordinator):
    client.force_login(coordinator)
    address = reverse("desk-sent-referral", args=[sent.pk])
    assert client.post(address, {"refuse-reason": ""}).status_code == 422
    assert client.post(address, {"refuse-reason": "Mieszka w innej gminie."}).status_code == 302
    assert client.get(address).status_code == 404
    client.force_login(teacher.account)
    page = read(client, "own-referrals")
    assert "Mieszka w innej gminie." in page
    assert "Wymyślona" not in page


def test_other_desks_and_families_do_not_see_what_was_sent(client, centre, sent):
    for account in (make_staff(Role.COORDINATOR).person.account, make_family(centre).account):
        client.force_login(account)
        assert client.get(reverse("desk-sent-referral", args=[sent.pk])).status_code == 404


def test_desk_counts_what_is_overdue_or_not_invited(client, centre, service, coordinator):
    children = make_family(centre, children=(7, 9, 11)).children
    make_referral(children[0], service=service, due_on=TODAY - timedelta(days=1), invited_at=NOW)
    make_referral(children[1], service=service)
    make_referral(children[2], service=service, invited_at=NOW)
    client.force_login(coordinator)
    assert "2 skierowania do załatwienia" in read(client, "desk")


def test_referral_entered_twice_says_that_it_is_open(client, centre, service, coordinator):
    child = make_family(centre).child
    make_referral(child, service=service, made_at=NOW - timedelta(days=2))
    client.force_login(coordinator)
    facts = {"service": service.pk, "source": "school", "referrer_name": "SP 2", "priority": "urgent"}
    answer = client.post(reverse("desk-refer", args=[child.pk]), {**facts, "due_on": DUE.isoformat()}, follow=True)
    assert "ma już otwarte skierowanie" in answer.content.decode()
    assert Referral.objects.count() == 1

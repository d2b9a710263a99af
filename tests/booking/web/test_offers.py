"""Held places on pages and by the link of a message; the line of a group for the desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.models import Account, Group, Guardianship, Offer
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.factories import (
    NOW,
    Family,
    make_account,
    make_activity,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family() -> Family:
    return make_family(children=(7,))


@pytest.fixture
def group(family) -> Group:
    """One place, taken, and a line."""
    activity = make_activity(family.household.centre, name="Robotyka")
    group = make_weekly_group(activity, name="Robotyka – Maluchy", capacity=1, waitlist=True, ages=(6, 9))
    make_enrolment(make_person(age=8), group)
    return group


@pytest.fixture
def offer(family, group) -> Offer:
    """The family's child is offered the place; a stranger waits after her."""
    enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    make_enrolment(make_person(age=8), group)
    withdraw_child(enrolment_id=group.enrolments.get(status="enrolled").pk, now=NOW)
    return Offer.objects.get()


def page_of(account: Account | None = None, *, language: str = "pl") -> Client:
    client = Client(headers={"accept-language": language})
    if account is not None:
        client.force_login(account)
    return client


def text(answer) -> str:
    return answer.content.decode()


def states(group: Group) -> list[str]:
    numbered = group.enrolments.exclude(line_number=None).order_by("line_number")
    return list(numbered.values_list("status", flat=True))


def link_to(offer: Offer, family: Family) -> str:
    return reverse("offer", args=[offer.secret_for(family.guardian.pk)])


# -- the family's pages -----------------------------------------------------------------------------------------------


def test_full_group_offers_the_line_and_enrolling_says_the_place_in_it(family, group):
    client = page_of(family.account)
    assert "Stań w kolejce" in text(client.get(group.get_absolute_url()))
    address = reverse("enrol", args=[group.pk])
    page = text(client.get(address))
    assert f"Ustaw w kolejce: {family.child.given_name}" in page
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key is not None
    answer = client.post(address, {"child": family.child.pk, "form_key": key[1]}, follow=True)
    assert "Miejsce w kolejce: 1" in text(answer)
    assert states(group) == ["waiting"]
    assert "Miejsce w kolejce: 1" in text(client.get(reverse("family-child", args=[family.child.pk])))


def test_held_place_stands_at_the_top_of_the_week_with_its_deadline(family, offer):
    client = page_of(family.account)
    for name in ("family", "family-offers"):
        page = text(client.get(reverse(name)))
        assert "Wymaga odpowiedzi" in page
        assert "wtorek 17 listopada, 09:00" in page
        assert "Przyjmij miejsce" in page


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("accept", ["enrolled", "waiting"]),
        ("decline", ["withdrawn", "offered"]),
        ("", ["offered", "waiting"]),
        ("perhaps", ["offered", "waiting"]),
    ],
)
def test_family_answers_on_its_page(family, group, offer, answer, expected):
    address = reverse("family-offer-answer", args=[offer.pk])
    assert page_of(family.account).post(address, {"answer": answer}).status_code == 302
    assert states(group) == expected


def test_answer_that_comes_too_late_says_so(family, group, offer):
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        answer = page_of(family.account).post(reverse("family-offer-answer", args=[offer.pk]), {"answer": "accept"})
    assert answer.status_code == 409
    assert "minął jej czas" in text(answer)
    assert states(group) == ["offered", "waiting"]


def test_guardian_who_may_only_look_sees_no_buttons_and_cannot_answer(family, group, offer):
    client = page_of(make_co_guardian(family, can_book=False))
    assert "Przyjmij miejsce" not in text(client.get(reverse("family-offers")))
    assert client.post(reverse("family-offer-answer", args=[offer.pk]), {"answer": "accept"}).status_code == 403
    assert states(group) == ["offered", "waiting"]


@pytest.mark.parametrize("rights", [{"can_view": False}, {"contact_ban": True}, None])
def test_others_find_no_offer(family, group, offer, rights):
    account = make_account() if rights is None else make_co_guardian(family, **rights)
    client = page_of(account)
    assert "Nic nie czeka na odpowiedź" in text(client.get(reverse("family-offers")))
    assert client.post(reverse("family-offer-answer", args=[offer.pk]), {"answer": "accept"}).status_code == 404
    assert states(group) == ["offered", "waiting"]


# -- the link of the message ------------------------------------------------------------------------------------------


def test_link_of_the_letter_opens_the_offer_without_log_in(family, group, offer):
    deliver_due(clock=lambda: NOW)
    letter = Message.objects.get(kind="offered", recipient_id=family.guardian.pk)
    assert letter.state == "sent", letter.error if hasattr(letter, "error") else letter
    link = re.search(r"https?://\S+(/o/\S+/)", letter.text)
    assert link is not None
    client = page_of()
    page = client.get(link[1])
    assert page.status_code == 200
    assert "wtorek 17 listopada, 09:00" in text(page)
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "same-origin")
    assert "no-store" in page["Cache-Control"]
    answer = client.post(link[1], {"answer": "accept"}, follow=True)
    assert "ma miejsce" in text(answer)
    assert states(group) == ["enrolled", "waiting"]


def test_opening_the_link_changes_nothing_however_often(family, group, offer):
    link = link_to(offer, family)
    for _ in range(3):
        assert page_of().get(link).status_code == 200
        assert page_of().head(link).status_code == 200
        assert page_of().get(f"{link}?answer=accept").status_code == 200
    assert states(group) == ["offered", "waiting"]


@pytest.mark.parametrize(("language", "word"), [("pl", "Zrezygnuj"), ("en", "Decline"), ("uk", "Відмовитися")])
def test_link_speaks_three_languages(family, offer, language, word):
    assert word in text(page_of(language=language).get(link_to(offer, family)))


def test_link_declines_and_says_so(family, group, offer):
    answer = page_of().post(link_to(offer, family), {"answer": "decline"}, follow=True)
    assert "Miejsce odrzucone" in text(answer)
    assert states(group) == ["withdrawn", "offered"]
    assert page_of().post(link_to(offer, family), {"answer": "accept"}).status_code == 409


def test_link_after_the_deadline_says_that_the_place_went_on(family, group, offer):
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        page = page_of().get(link_to(offer, family))
        assert "nie jest już trzymane" in text(page)
        assert page_of().post(link_to(offer, family), {"answer": "accept"}).status_code == 409
    assert states(group) == ["offered", "waiting"]


def test_link_of_somebody_whose_right_ended_is_not_found(family, offer):
    link = link_to(offer, family)
    Guardianship.objects.update(contact_ban=True)
    assert page_of().get(link).status_code == 404
    Guardianship.objects.update(contact_ban=False, can_book=False)
    assert page_of().post(link, {"answer": "accept"}).status_code == 404


@pytest.mark.parametrize("token", ["x", "a.b", "ł", "AAAA.AAAA", "x" * 2000])
def test_unknown_link_is_not_found(token):
    assert page_of().get(reverse("offer", args=[token])).status_code == 404


def test_link_wants_its_forms_token(family, group, offer):
    client = Client(enforce_csrf_checks=True)
    assert client.post(link_to(offer, family), {"answer": "accept"}).status_code == 403
    assert states(group) == ["offered", "waiting"]


# -- the desk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(family) -> Account:
    account: Account = make_staff("organiser", centre=family.household.centre).person.account
    return account


def decide(account: Account, group: Group, **facts: object):
    return page_of(account).post(reverse("desk-line", args=[group.pk]), facts)


def test_desk_sees_the_line_in_order_and_its_log(desk, family, group, offer):
    page = text(page_of(desk).get(reverse("desk-line", args=[group.pk])))
    stranger = group.enrolments.get(line_number=2).child
    assert f"1. {stranger}" in page
    assert str(family.child) in page
    with override("pl"):
        assert "dołączenie do kolejki" in page
        assert "propozycja miejsca" in page


def test_desk_answers_for_those_without_e_mail(desk, group, offer):
    assert decide(desk, group, entry=offer.enrolment_id, decision="accept").status_code == 302
    assert states(group) == ["enrolled", "waiting"]
    assert offer.enrolment.line_events.get(kind="accepted").by == desk


def test_desk_takes_out_of_the_line(desk, group, offer):
    entry = group.enrolments.get(line_number=2)
    decide(desk, group, entry=entry.pk, decision="withdraw")
    assert states(group) == ["offered", "withdrawn"]


def test_out_of_turn_without_a_reason_is_refused_on_the_page(desk, group):
    first, second = (make_enrolment(make_person(age=8), group) for _ in range(2))
    night = NOW + timedelta(hours=13)
    withdraw_child(enrolment_id=group.enrolments.get(status="enrolled").pk, now=night)
    answer = decide(desk, group, entry=second.pk, decision="offer", reason=" ")
    assert answer.status_code == 409
    assert states(group) == ["waiting", "waiting"]
    assert decide(desk, group, entry=second.pk, decision="offer", reason="pilna potrzeba").status_code == 302
    assert states(group) == ["waiting", "offered"]
    assert first.line_events.last().reason == "pilna potrzeba"


def test_desk_approves_and_says_no(desk, family):
    group = make_group(make_activity(family.household.centre), entry=Group.Entry.APPROVAL)
    entries = [enrol_child(child=make_person(), group=group, by=family.account, now=NOW) for _ in range(2)]
    decide(desk, group, entry=entries[0].pk, decision="approve")
    decide(desk, group, entry=entries[1].pk, decision="reject", reason="brak godzin")
    for entry in entries:
        entry.refresh_from_db()
    assert [entry.status for entry in entries] == ["enrolled", "withdrawn"]


def test_entry_of_another_group_or_none_is_not_found(desk, group, offer):
    other = make_enrolment(make_person(age=8), make_group())
    for key in (other.pk, "x", ""):
        assert decide(desk, group, entry=key, decision="withdraw").status_code == 404
    other.refresh_from_db()
    assert other.status == "enrolled"


def test_line_is_hidden_from_families_and_other_centres(family, group):
    address = reverse("desk-line", args=[group.pk])
    assert page_of().get(address).status_code == 302
    for account in (family.account, make_staff("organiser").person.account, make_staff("instructor").person.account):
        assert page_of(account).get(address).status_code == 404


@pytest.mark.parametrize("number", [3, 20])
def test_line_takes_a_fixed_number_of_queries(desk, group, number, django_assert_max_num_queries):
    for _ in range(number):
        make_enrolment(make_person(age=8), group)
    client = page_of(desk)
    client.get(reverse("desk-line", args=[group.pk]))
    with django_assert_max_num_queries(13):
        client.get(reverse("desk-line", args=[group.pk]))

"""Enrolling from the pages: who can join and why not, one effect a form, and the way back."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.models import Account, Enrolment, Group, Person
from notifications.models import Message
from tests.factories import (
    NOW,
    Family,
    make_account,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_household,
    make_person,
    make_weekly_group,
)
from tests.racing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def logged_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def enrol_page(group: Group) -> str:
    return reverse("enrol", args=[group.pk])


def send(client: Client, group: Group, child: Person, key: uuid.UUID | None = None):
    return client.post(enrol_page(group), {"child": str(child.pk), "form_key": str(key or uuid.uuid4())})


def make_children_group(family: Family, **facts) -> Group:
    activity = make_activity(family.household.centre, name="Robotyka")
    return make_weekly_group(activity, **({"name": "Robotyka – Maluchy", "ages": (6, 9)} | facts))


def nothing_changed(group: Group) -> bool:
    group.refresh_from_db()
    return group.places_taken == 0 and not Enrolment.objects.exists() and not Message.objects.exists()


def test_choice_says_for_each_child_whether_she_can_join_and_why_not():
    family = make_family(children=(11, 7))
    group = make_children_group(family)
    older = make_children_group(family, name="Robotyka – Starszaki", ages=(10, 13), day=date(2026, 9, 3))
    text = logged_in(family.account).get(enrol_page(group)).content.decode()
    assert text.count('type="radio"') == 1
    assert "checked" in text, "the only child who can join is chosen already"
    assert "ma już za dużo lat" in text
    assert f"{enrol_page(older)}?child={family.children[0].pk}" in text
    assert "czwartki 16:00–16:45" in text


def test_choice_tells_of_a_clash_and_of_a_full_group():
    family = make_family(children=(7, 8))
    group = make_children_group(family, capacity=1)
    make_enrolment(family.children[0], make_weekly_group(name="Taniec", activity=make_activity(name="Taniec")))
    text = logged_in(family.account).get(enrol_page(group)).content.decode()
    assert "Taniec" in text
    make_enrolment(family.children[1], group)
    text = logged_in(make_family(family.household.centre).account).get(enrol_page(group)).content.decode()
    assert "Wszystkie miejsca w tej grupie są zajęte" in text
    assert 'type="radio"' not in text


def test_choice_leaves_the_parent_out_of_groups_for_children_only():
    family = make_family()
    account = family.account
    assert account.person.given_name not in page_main(logged_in(account).get(enrol_page(make_children_group(family))))
    adults = make_children_group(family, name="Warsztaty", ages=(18, None))
    assert account.person.given_name in page_main(logged_in(account).get(enrol_page(adults)))


def page_main(answer) -> str:
    return answer.content.decode().split('<form class="section"')[1]


def test_enrolling_leads_to_a_page_that_says_what_comes_next():
    family = make_family()
    group = make_children_group(family)
    client = logged_in(family.account)
    answer = send(client, group, family.child)
    enrolment = Enrolment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("enrolment", args=[enrolment.pk]))
    text = client.get(answer["Location"]).content.decode()
    for told in (
        "Dziecko1 ma miejsce: Robotyka – Maluchy",
        "środa 18 listopada",
        str(family.account.email),
        "/family/calendars/",
    ):
        assert told in text
    assert enrolment.enrolled_by == family.account


@pytest.mark.parametrize(
    ("reach", "told"),
    [("phone", "Recepcja zadzwoni"), ("letter", "potwierdzenie listem"), ("school", "przez szkołę")],
)
def test_confirmation_says_how_the_reader_is_reached(reach, told):
    family = make_family()
    family.guardian.reach, family.guardian.phone = reach, "+48100200300"
    family.guardian.save()
    enrolment = make_enrolment(family.child, make_children_group(family))
    client = logged_in(Account.objects.get(pk=family.account.pk))
    assert told in client.get(reverse("enrolment", args=[enrolment.pk])).content.decode()


def test_same_form_sent_twice_makes_one_enrolment_and_the_same_page():
    family = make_family()
    group = make_children_group(family)
    client, key = logged_in(family.account), uuid.uuid4()
    first, second = send(client, group, family.child, key), send(client, group, family.child, key)
    assert first["Location"] == second["Location"]
    assert Enrolment.objects.count() == 1
    assert Message.objects.count() == 1


def test_form_of_a_place_given_back_does_not_take_it_again():
    family = make_family()
    group = make_children_group(family)
    client, key = logged_in(family.account), uuid.uuid4()
    first = send(client, group, family.child, key)
    withdraw_child(enrolment_id=Enrolment.objects.get().pk, now=NOW)
    assert send(client, group, family.child, key)["Location"] == first["Location"]
    assert Enrolment.objects.get().status == Enrolment.Status.WITHDRAWN


def test_another_form_for_a_child_already_enrolled_leads_to_her_place():
    family = make_family()
    group = make_children_group(family)
    enrolment = make_enrolment(family.child, group)
    answer = send(logged_in(family.account), group, family.child)
    assert answer["Location"] == reverse("enrolment", args=[enrolment.pk])
    assert Enrolment.objects.count() == 1


def test_one_form_enrols_both_children_one_after_the_other():
    family = make_family(children=(7, 8))
    group = make_children_group(family)
    client, key = logged_in(family.account), uuid.uuid4()
    for child in family.children:
        assert send(client, group, child, key).status_code == 302
    assert Enrolment.objects.count() == 2


@pytest.mark.parametrize("keys", ["same", "different"])
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_enrolment_and_the_same_page(keys):
    family = make_family()
    group = make_children_group(family)
    key = uuid.uuid4() if keys == "same" else None
    clients = [logged_in(family.account) for _ in range(2)]
    answers = at_once(partial(send, client, group, family.child, key) for client in clients)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer["Location"] for answer in answers}) == 1
    group.refresh_from_db()
    assert (group.places_taken, Enrolment.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_last_place_goes_to_one_of_two_families_and_the_other_is_told_what_else_there_is():
    centre = make_centre()
    families = [make_family(centre), make_family(centre)]
    group = make_children_group(families[0], capacity=1)
    other = make_children_group(families[0], name="Robotyka – druga", day=date(2026, 9, 3))
    calls = [partial(send, logged_in(family.account), group, family.child) for family in families]
    answers = at_once(calls)
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    refused = next(answer.content.decode() for answer in answers if answer.status_code == 409)
    assert "Być może ktoś zajął ostatnie miejsce przed chwilą." in refused
    assert enrol_page(other) in refused
    group.refresh_from_db()
    assert group.places_taken == 1


def test_refused_form_explains_itself_and_changes_nothing():
    family = make_family(children=(11,))
    group = make_children_group(family)
    answer = send(logged_in(family.account), group, family.child)
    assert answer.status_code == 409
    assert "ma już za dużo lat" in answer.content.decode()
    assert nothing_changed(group)


def test_stranger_and_barred_guardian_cannot_enrol_a_child_any_more_than_an_unknown_one():
    family = make_family()
    group = make_children_group(family)
    barred = make_co_guardian(family, contact_ban=True)
    for account in (make_family().account, barred):
        client = logged_in(account)
        assert send(client, group, family.child).status_code == 404
        assert client.post(enrol_page(group), {"child": uuid.uuid4(), "form_key": uuid.uuid4()}).status_code == 404
    assert nothing_changed(group)


def test_guardian_who_may_not_book_sees_why_and_cannot_send_it_anyway():
    family = make_family()
    group = make_children_group(family)
    client = logged_in(make_co_guardian(family, can_book=False))
    assert "zapisuje i wypisuje je inny opiekun" in client.get(enrol_page(group)).content.decode()
    answer = send(client, group, family.child)
    assert answer.status_code == 403
    assert "zapisuje i wypisuje je inny opiekun" in answer.content.decode()
    assert nothing_changed(group)


def test_adult_enrols_herself():
    person = make_person(given_name="Jadwiga", age=70)
    group = make_weekly_group(make_activity(centre := make_centre()), name="Klub seniora", ages=(60, None))
    make_household(centre, [person])
    client = logged_in(make_account(person))
    assert send(client, group, person).status_code == 302
    assert Enrolment.objects.get().child == person


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"child": ""},
        {"child": "x", "form_key": "x"},
        {"child": "\x00", "form_key": "\x00"},
        {"child": "9" * 400, "form_key": str(uuid.uuid4())},
    ],
)
def test_incomplete_form_names_what_is_missing_and_changes_nothing(form):
    family = make_family()
    group = make_children_group(family)
    answer = logged_in(family.account).post(enrol_page(group), form)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert nothing_changed(group)


def test_missing_form_key_is_told_above_the_form():
    family = make_family()
    group = make_children_group(family)
    answer = logged_in(family.account).post(enrol_page(group), {"child": str(family.child.pk)})
    assert answer.status_code == 422
    assert "Formularz był niepełny" in answer.content.decode()


def test_group_that_is_not_public_or_unknown_is_not_found():
    family = make_family()
    secret = make_weekly_group(make_activity(family.household.centre, sensitivity="sensitive"))
    client = logged_in(family.account)
    for path in (enrol_page(secret), f"/family/enrol/{uuid.uuid4()}/", "/family/enrol/1/"):
        assert client.get(path).status_code == 404


def test_anonymous_reader_is_sent_to_log_in_and_back_and_cannot_post():
    group = make_weekly_group()
    enrolment = make_enrolment(make_family().child, group)
    for name, key in (("enrol", group.pk), ("enrolment", enrolment.pk), ("withdraw", enrolment.pk)):
        path = reverse(name, args=[key])
        assert Client().get(path)["Location"] == f"/login/?next={path}"
        assert Client().post(path, {}).status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.status == Enrolment.Status.ENROLLED


def test_withdrawing_asks_first_then_frees_the_place_and_offers_the_way_back():
    family = make_family()
    group = make_children_group(family)
    enrolment = make_enrolment(family.child, group)
    client, path = logged_in(family.account), reverse("withdraw", args=[enrolment.pk])
    assert "Oddać miejsce – Dziecko1, Robotyka – Maluchy?" in client.get(path).content.decode()
    group.refresh_from_db()
    assert group.places_taken == 1
    answer = client.post(path)
    assert answer["Location"] == reverse("enrolment", args=[enrolment.pk])
    text = client.get(answer["Location"]).content.decode()
    assert "Miejsce oddane: Dziecko1, Robotyka – Maluchy" in text
    assert "Zapisz ponownie: Dziecko1" in text
    group.refresh_from_db()
    assert group.places_taken == 0
    assert client.post(path)["Location"] == client.get(path)["Location"] == answer["Location"]
    assert Message.objects.filter(kind="withdrawn").count() == 1


def test_way_back_is_not_offered_where_the_group_is_full_or_she_is_back():
    family = make_family()
    group = make_children_group(family, capacity=1)
    left = make_enrolment(family.child, group)
    withdraw_child(enrolment_id=left.pk, now=NOW)
    client, path = logged_in(family.account), reverse("enrolment", args=[left.pk])
    back = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    assert reverse("enrolment", args=[back.pk]) in client.get(path).content.decode()
    withdraw_child(enrolment_id=back.pk, now=NOW)
    make_enrolment(make_family(children=(7,)).child, group)
    assert "Zapisz ponownie" not in client.get(path).content.decode()


def test_only_the_familys_own_enrolments_are_found():
    family = make_family()
    group = make_children_group(family)
    enrolment = make_enrolment(family.child, group)
    barred = make_co_guardian(family, contact_ban=True)
    for account in (make_family().account, barred):
        client = logged_in(account)
        for name in ("enrolment", "withdraw"):
            assert client.get(reverse(name, args=[enrolment.pk])).status_code == 404
        assert client.post(reverse("withdraw", args=[enrolment.pk])).status_code == 404
    enrolment.refresh_from_db()
    assert enrolment.status == Enrolment.Status.ENROLLED


def test_guardian_who_may_not_book_and_family_of_a_place_of_the_centre_cannot_withdraw():
    family = make_family()
    own = make_enrolment(family.child, make_children_group(family))
    given = make_enrolment(
        family.child,
        make_children_group(family, name="Świetlica", entry=Group.Entry.CENTRE, starts=time(17), ends=time(18)),
    )
    viewer = make_co_guardian(family, can_book=False)
    for account, enrolment in ((viewer, own), (family.account, given)):
        client, path = logged_in(account), reverse("withdraw", args=[enrolment.pk])
        assert "Tego miejsca nie można oddać tutaj" in client.get(path).content.decode()
        assert client.post(path).status_code == 403
        enrolment.refresh_from_db()
        assert enrolment.status == Enrolment.Status.ENROLLED


def test_co_guardian_with_rights_does_all_a_guardian_does():
    family = make_family()
    group = make_children_group(family)
    client = logged_in(make_co_guardian(family))
    send(client, group, family.child)
    enrolment = Enrolment.objects.get()
    assert client.post(reverse("withdraw", args=[enrolment.pk])).status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.status == Enrolment.Status.WITHDRAWN


def test_places_of_the_past_term_are_shown_as_they_stand():
    family = make_family()
    enrolment = make_enrolment(family.child, make_children_group(family))
    Enrolment.objects.filter(pk=enrolment.pk).update(status=Enrolment.Status.ENDED, updated_at=NOW - timedelta(days=9))
    text = logged_in(family.account).get(reverse("enrolment", args=[enrolment.pk])).content.decode()
    assert "Zajęcia się skończyły: Dziecko1, Robotyka – Maluchy" in text


# -- more than one place at once --------------------------------------------------------------------------------------


def test_any_group_of_the_activity_puts_a_child_in_the_line_of_each_that_fits():
    family = make_family(children=(7,))
    full = make_children_group(family, capacity=1, waitlist=True)
    alike = make_weekly_group(
        full.activity, name="Robotyka – Piątek", ages=(6, 9), capacity=1, waitlist=True, day=date(2026, 9, 4)
    )
    older = make_weekly_group(full.activity, name="Robotyka – Starszaki", ages=(10, 13), day=date(2026, 9, 3))
    for group in (full, alike):
        make_enrolment(make_person(age=8), group)
    client = logged_in(family.account)
    page = client.get(enrol_page(full)).content.decode()
    assert 'name="any_group"' in page
    assert "Robotyka – Piątek" in page
    assert 'name="together"' not in page

    form = {"child": str(family.child.pk), "form_key": str(uuid.uuid4()), "any_group": "1"}
    answers = [client.post(enrol_page(full), form) for _time in range(2)]

    mine = Enrolment.objects.filter(child=family.child)
    assert {place.group: place.status for place in mine} == {full: "waiting", alike: "waiting"}
    assert len({place.wish for place in mine} - {None}) == 1
    here = reverse("enrolment", args=[mine.get(group=full).pk])
    assert [answer.headers["Location"] for answer in answers] == [here, here]
    assert not older.enrolments.exists()


def test_siblings_come_together_or_wait_together_each_in_the_group_of_her_age():
    family = make_family(children=(7, 11))
    younger = make_children_group(family, capacity=1, waitlist=True)
    older = make_weekly_group(
        younger.activity, name="Robotyka – Starszaki", ages=(10, 13), capacity=1, waitlist=True, day=date(2026, 9, 3)
    )
    make_enrolment(make_person(age=12), older)
    client = logged_in(family.account)
    assert 'name="together"' in client.get(enrol_page(younger)).content.decode()
    form = {"child": str(family.children[0].pk), "together": str(family.children[1].pk)}

    client.post(enrol_page(younger), {**form, "form_key": str(uuid.uuid4())})

    places = {place.child: (place.group, place.status) for place in Enrolment.objects.filter(child__in=family.children)}
    assert places == {family.children[0]: (younger, "waiting"), family.children[1]: (older, "waiting")}
    assert Enrolment.objects.filter(child__in=family.children).exclude(bundle=None).count() == 2


@pytest.mark.parametrize("wish", [{"together": "stranger"}, {"together": "sister", "any_group": "1"}])
def test_wish_for_a_stranger_or_for_both_kinds_at_once_changes_nothing(wish):
    family = make_family(children=(7, 8))
    group = make_children_group(family)
    named = {"stranger": str(make_family().child.pk), "sister": str(family.children[1].pk)}
    form = {"child": str(family.child.pk), "form_key": str(uuid.uuid4()), **wish, "together": named[wish["together"]]}
    answer = logged_in(family.account).post(enrol_page(group), form)
    assert answer.status_code == 422
    assert nothing_changed(group)


def test_place_for_one_child_is_asked_for_without_any_more_questions_where_nothing_more_fits():
    family = make_family(children=(7,))
    text = logged_in(family.account).get(enrol_page(make_children_group(family))).content.decode()
    assert 'type="checkbox"' not in text

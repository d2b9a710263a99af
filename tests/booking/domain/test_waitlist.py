"""The line of a group: who joins it, who is next, and what stays in its log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.enrolment import enrol_child, withdraw_as_family, withdraw_child
from booking.domain.offers import accept_offer
from booking.domain.waitlist import offer_out_of_turn, position_of, promote, promote_waiting_groups
from booking.errors import Refused
from booking.models import Enrolment, Group, LineEvent, Offer
from notifications.models import Message
from tests.factories import (
    NOW,
    Family,
    make_account,
    make_activity,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db

NIGHT = NOW + timedelta(hours=13)  # 22:00 in Warsaw
MORNING = NOW + timedelta(hours=23)  # 8:00 the next day


@pytest.fixture
def group() -> Group:
    """One place, taken, and a line."""
    group = make_weekly_group(capacity=1, waitlist=True)
    make_enrolment(make_person(age=8), group)
    return group


def join(group: Group, number: int = 1) -> list[Enrolment]:
    return [make_enrolment(make_person(age=8), group) for _ in range(number)]


def holder_of(group: Group) -> Enrolment:
    return group.enrolments.get(status="enrolled")


def statuses(entries: list[Enrolment]) -> list[str]:
    found = dict(Enrolment.objects.values_list("pk", "status"))
    return [found[entry.pk] for entry in entries]


def steps(entry: Enrolment) -> list[tuple[str, str]]:
    return list(entry.line_events.values_list("kind", "reason"))


def counters(group: Group) -> tuple[int, int, int, int]:
    group.refresh_from_db()
    return group.places_taken, group.waiting, group.line_numbers, group.extra_places


def test_newcomer_of_a_full_group_joins_the_line_and_is_told_so(group):
    first, second = join(group, 2)
    assert (first.status, second.status) == ("waiting", "waiting")
    assert [position_of(entry) for entry in (first, second)] == [1, 2]
    assert [entry.place_in_line for entry in Enrolment.objects.waiting().with_position()] == [1, 2]
    assert counters(group) == (1, 2, 2, 0)
    assert Message.objects.filter(kind="waiting").count() == 2
    assert steps(first) == [("joined", "")]


def test_without_a_line_a_full_group_refuses_and_nothing_changes():
    group = make_group(capacity=1)
    make_enrolment(make_person(age=8), group)
    with pytest.raises(Refused, match="full"):
        make_enrolment(make_person(age=8), group)
    assert counters(group) == (1, 0, 0, 0)


def test_withdrawn_place_is_offered_to_the_first_in_line_and_held(group):
    first, second = join(group, 2)
    withdraw_child(enrolment_id=holder_of(group).pk, now=NOW)
    assert statuses([first, second]) == ["offered", "waiting"]
    offer = Offer.objects.get()
    assert (offer.enrolment_id, offer.expires_at - NOW) == (first.pk, timedelta(hours=24))
    assert counters(group) == (1, 1, 2, 0)
    assert position_of(second) == 1
    assert Message.objects.filter(kind="offered").count() == 1


def test_nobody_passes_the_line_while_a_place_is_free_but_kept_for_it(group):
    [first] = join(group)
    withdraw_child(enrolment_id=holder_of(group).pk, now=NIGHT)
    assert counters(group) == (0, 1, 1, 0)
    assert group.places == Group.Places.WAITING
    [newcomer] = join(group)
    assert (newcomer.status, position_of(newcomer)) == ("waiting", 2)
    assert promote_waiting_groups(now=NIGHT) == 0
    assert promote_waiting_groups(now=MORNING) == 1
    assert statuses([first, newcomer]) == ["offered", "waiting"]


def test_used_and_then_withdrawn_place_goes_to_the_next_person(group):
    first, second = join(group, 2)
    withdraw_child(enrolment_id=holder_of(group).pk, now=NOW)
    accept_offer(offer_id=Offer.objects.get().pk, by=None, now=NOW)
    withdraw_child(enrolment_id=first.pk, now=NOW)
    assert statuses([first, second]) == ["withdrawn", "offered"]


def test_leaving_the_line_frees_no_place_and_moves_the_others_up(group):
    first, second = join(group, 2)
    withdraw_child(enrolment_id=first.pk, now=NOW)
    assert counters(group) == (1, 1, 2, 0)
    second.refresh_from_db()
    assert (second.line_number, position_of(second)) == (2, 1)
    assert steps(first)[-1][0] == "left"
    assert not Offer.objects.exists()


def test_whoever_comes_back_gets_a_new_number_at_the_end(group):
    first, second = join(group, 2)
    withdraw_child(enrolment_id=first.pk, now=NOW)
    again = make_enrolment(first.child, group)
    assert (again.line_number, position_of(again), position_of(second)) == (3, 2, 1)


def test_who_cannot_take_the_place_is_passed_over_with_a_reason_and_keeps_her_place(group):
    first, second = join(group, 2)
    same_hour = make_weekly_group(make_activity(group.activity.centre, name="Szachy"))
    make_enrolment(first.child, same_hour)
    withdraw_child(enrolment_id=holder_of(group).pk, now=NOW)
    assert statuses([first, second]) == ["waiting", "offered"]
    kind, reason = steps(first)[-1]
    assert kind == "skipped"
    assert "Szachy" in reason
    assert position_of(first) == 1


def test_same_reason_is_logged_once(group):
    [first] = join(group)
    make_enrolment(first.child, make_weekly_group(make_activity(group.activity.centre)))
    withdraw_child(enrolment_id=holder_of(group).pk, now=NOW)
    for _ in range(3):
        promote(group_id=group.pk, now=NOW)
    assert [kind for kind, _reason in steps(first)] == ["joined", "skipped"]


def test_more_places_are_offered_to_as_many(group):
    entries = join(group, 3)
    Group.objects.filter(pk=group.pk).update(capacity=3)
    assert len(promote(group_id=group.pk, now=NOW)) == 2
    assert statuses(entries) == ["offered", "offered", "waiting"]
    assert promote(group_id=group.pk, now=NOW) == []


def test_desk_adds_beyond_the_capacity_only_with_a_reason_that_stays(group):
    desk = make_account()
    facts = {"group": group, "by": desk, "now": NOW, "by_desk": True}
    assert enrol_child(child=make_person(age=8), **facts).status == "waiting"
    assert enrol_child(child=make_person(age=8), over_cap_reason="  ", **facts).status == "waiting"
    added = enrol_child(child=make_person(age=8), over_cap_reason="rodzeństwo w grupie", **facts)
    assert added.status == "enrolled"
    assert counters(group) == (2, 2, 2, 1)
    assert steps(added) == [("added", "rodzeństwo w grupie")]
    assert added.line_events.get().by == desk


def test_family_cannot_go_beyond_the_capacity_with_a_reason(group):
    entry = enrol_child(
        child=make_person(age=8), group=group, by=make_account(), now=NOW, over_cap_reason="bardzo prosimy"
    )
    assert entry.status == "waiting"


def test_place_beyond_the_capacity_is_given_up_before_anything_is_offered(group):
    [first] = join(group)
    holder = holder_of(group)
    enrol_child(
        child=make_person(age=8), group=group, by=make_account(), now=NOW, by_desk=True, over_cap_reason="skierowanie"
    )
    withdraw_child(enrolment_id=holder.pk, now=NOW)
    assert counters(group) == (1, 1, 1, 0)
    assert statuses([first]) == ["waiting"]


def test_out_of_turn_needs_a_free_place_and_a_reason_that_stays_with_those_passed_over(group):
    first, second = join(group, 2)
    desk = make_account()
    facts = {"enrolment_id": second.pk, "by": desk, "now": MORNING}
    with pytest.raises(Refused, match="full"):
        offer_out_of_turn(reason="pilne", **facts)
    withdraw_child(enrolment_id=holder_of(group).pk, now=NIGHT)
    with pytest.raises(Refused, match="reason_missing"):
        offer_out_of_turn(reason=" ", **facts)
    assert statuses([first, second]) == ["waiting", "waiting"]
    offer_out_of_turn(reason="pilne", **facts)
    assert statuses([first, second]) == ["waiting", "offered"]
    skipped = first.line_events.get(kind="skipped")
    assert (skipped.reason, skipped.by) == ("pilne", desk)
    with pytest.raises(Refused, match="not_waiting"):
        offer_out_of_turn(reason="pilne", **facts)


def test_log_names_who_did_it(group):
    family = make_family(group.activity.centre)
    entry = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    withdraw_child(enrolment_id=entry.pk, now=NOW, by=family.account)
    assert [event.by for event in LineEvent.objects.filter(enrolment=entry)] == [family.account] * 2


# -- a place that a court ordered -------------------------------------------------------------------------------------


@pytest.fixture
def referred() -> tuple[Family, Enrolment]:
    group = make_weekly_group()
    family = make_family(group.activity.centre)
    entry = enrol_child(
        child=family.child, group=group, by=make_account(), now=NOW, by_desk=True, basis=Enrolment.Basis.COURT
    )
    return family, entry


def test_family_cannot_end_a_court_referral_and_the_desk_is_told_once_a_day(referred):
    family, entry = referred
    organiser = make_staff("organiser", centre=entry.group.activity.centre)
    make_staff("instructor", centre=entry.group.activity.centre)
    make_staff("organiser")
    for _ in range(2):
        refusal = withdraw_as_family(enrolment_id=entry.pk, by=family.account, now=NOW)
        assert refusal is not None
        assert refusal.code == "court_referred"
    entry.refresh_from_db()
    assert entry.status == "enrolled"
    alerts = Message.objects.filter(kind="court_withdrawal_asked")
    assert [alert.recipient_id for alert in alerts] == [organiser.person_id]
    withdraw_as_family(enrolment_id=entry.pk, by=family.account, now=NOW + timedelta(days=1))
    assert alerts.all().count() == 2


def test_family_ends_its_own_enrolment(group):
    family = make_family(group.activity.centre)
    entry = enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    assert withdraw_as_family(enrolment_id=entry.pk, by=family.account, now=NOW) is None
    assert withdraw_as_family(enrolment_id=entry.pk, by=family.account, now=NOW) is None
    assert statuses([entry]) == ["withdrawn"]

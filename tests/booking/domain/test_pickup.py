"""Who may collect a child: what the door is told, and how rules are made and revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.pickup import PickupCard, add_pickup_rule, pickup_cards, revoke_pickup_rule
from booking.errors import Refused
from booking.models import PickupRule
from tests.factories import NOW, TODAY, Family, make_co_guardian, make_family

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def card_of(family: Family, on=TODAY) -> PickupCard:
    return pickup_cards([family.child], on=on)[0]


def add(family: Family, kind: str = "collects", name: str = "Wanda Zmyślona", **facts) -> PickupRule:
    facts = {"signed_by": family.guardian, "valid_from": TODAY} | facts
    return add_pickup_rule(child=family.child, kind=kind, name=name, by=family.account, now=NOW, today=TODAY, **facts)


def refused(code: str, family: Family, **facts) -> None:
    with pytest.raises(Refused) as caught:
        add(family, **facts)
    assert caught.value.refusal.code == code
    assert not PickupRule.objects.exists()


def test_guardians_with_the_right_collect_and_barred_ones_are_a_stop():
    family = make_family()
    other = make_co_guardian(family, can_collect=False)
    barred = make_co_guardian(family, contact_ban=True, ends_on=TODAY - DAY)
    card = card_of(family)
    assert [right.guardian for right in card.guardians] == [family.guardian]
    assert [right.guardian for right in card.not_collecting] == [other.person]
    assert card.stops == [str(barred.person)]


def test_named_person_collects_from_the_first_to_the_last_day():
    family = make_family()
    add(family, valid_from=TODAY + DAY, valid_until=TODAY + 3 * DAY)
    assert [len(card_of(family, TODAY + number * DAY).others) for number in range(5)] == [0, 1, 1, 0, 0]


def test_revoked_rule_is_off_the_list_at_once_and_stays_as_a_row():
    family = make_family()
    rule = add(family)
    assert [each.name for each in card_of(family).others] == ["Wanda Zmyślona"]
    for _time in range(2):
        revoke_pickup_rule(rule_id=rule.pk, by=family.account, now=NOW)
    assert card_of(family).others == ()
    rule.refresh_from_db()
    assert (rule.revoked_at, rule.revoked_by) == (NOW, family.account)


@pytest.mark.parametrize("kind", ["alone", "never"])
def test_going_alone_and_bans_are_taken_only_from_a_signed_paper(kind):
    family = make_family()
    refused("needs_paper", family, kind=kind)
    rule = add(family, kind=kind, paper_place="segregator 2")
    card = card_of(family)
    assert (rule.way, rule.paper_place) == ("paper", "segregator 2")
    assert (card.alone is not None, card.stops) == ((True, []) if kind == "alone" else (False, ["Wanda Zmyślona"]))


def test_barred_person_cannot_be_named_and_a_named_one_who_is_barred_later_is_only_a_stop():
    family = make_family()
    barred = make_co_guardian(family, contact_ban=True)
    refused("barred_person", family, name=f" {barred.person} ".upper().strip())
    add(family)
    add(family, kind="never", name="wanda zmyslona", paper_place="segregator 2")
    card = card_of(family)
    assert (card.others, card.stops) == ((), [str(barred.person), "wanda zmyslona"])


def test_guardian_who_collects_is_not_stopped_by_the_other_one_s_wish():
    family = make_family()
    father = make_co_guardian(family)
    refused("guardian_collects", family, kind="never", name=str(father.person), paper_place="segregator 2")


def test_only_a_guardian_who_may_consent_decides():
    family = make_family()
    other = make_co_guardian(family, can_consent=False)
    refused("may_not_decide", family, signed_by=other.person)


def test_cards_cost_the_same_for_one_child_and_for_many(django_assert_num_queries):
    families = [make_family(children=(7, 9, 11)) for _number in range(3)]
    children = [child for family in families for child in family.children]
    for number in (1, len(children)):
        with django_assert_num_queries(3):
            pickup_cards(children[:number], on=TODAY)

"""What a reader wants to see, read leniently from the address."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from booking.web.offer_filter import Offer, OfferFilter, read_filter

ROBOTICS = Offer("robotics", 6, 9, True, frozenset({4}), frozenset({"Jedlinka"}), "robotyka maluchy sala klobus")
ADULTS = Offer("workshop", 18, None, False, frozenset({5}), frozenset(), "warsztat")
DUTY = Offer("", None, None, False, frozenset({1}), frozenset({"Jedlinka"}), "porady prawne")


@pytest.mark.parametrize(
    ("wishes", "admitted"),
    [
        (OfferFilter(), {ROBOTICS, ADULTS, DUTY}),
        (OfferFilter(age=6), {ROBOTICS, DUTY}),
        (OfferFilter(age=9), {ROBOTICS, DUTY}),
        (OfferFilter(age=10), {DUTY}),
        (OfferFilter(age=0), {DUTY}),
        (OfferFilter(age=90), {ADULTS, DUTY}),
        (OfferFilter(weekdays=frozenset({4, 5})), {ROBOTICS, ADULTS}),
        (OfferFilter(kinds=frozenset({"robotics", "dance"})), {ROBOTICS}),
        (OfferFilter(villages=frozenset({"Jedlinka"})), {ROBOTICS, DUTY}),
        (OfferFilter(only_free=True), {ROBOTICS}),
        (OfferFilter(search="KŁOBUŚ robo"), {ROBOTICS}),
        (OfferFilter(search="robo taniec"), set()),
    ],
)
def test_filter_admits_what_is_wished(wishes, admitted):
    assert {offer for offer in (ROBOTICS, ADULTS, DUTY) if wishes.admits(offer)} == admitted


def test_filter_is_read_from_an_address():
    query = QueryDict("age=7&weekday=0&weekday=6&kind=robotics&village=Jedlinka&open=1&search=+sala++A+")
    assert read_filter(query, villages=["Jedlinka", ""]) == OfferFilter(
        age=7,
        weekdays=frozenset({0, 6}),
        kinds=frozenset({"robotics"}),
        villages=frozenset({"Jedlinka"}),
        only_free=True,
        search="sala A",
    )


def test_blank_values_ask_for_nothing():
    assert read_filter(QueryDict("age=&weekday=&kind=&village=&open=&search=")) == OfferFilter()


@pytest.mark.parametrize("query", ["age=-1", "age=121", "age=7.5", "age=٧", "age=" + "9" * 40, "age=siedem"])
def test_impossible_age_is_left_out_and_said(query):
    with override("en"):
        wishes = read_filter(QueryDict(query))
    assert wishes.age is None
    assert len(wishes.ignored) == 1
    assert len(wishes.ignored[0]) < 100


def test_many_unknown_values_are_told_briefly():
    wishes = read_filter(QueryDict("&".join(f"kind=k{number}" for number in range(500))))
    assert wishes.kinds == frozenset()
    assert len(wishes.ignored) == 3


def test_long_search_is_cut_and_said():
    wishes = read_filter(QueryDict("search=" + "a" * 5000))
    assert len(wishes.search) == 100
    assert len(wishes.ignored) == 1


@given(st.dictionaries(st.sampled_from(["age", "weekday", "kind", "village", "open", "search"]), st.text(max_size=40)))
def test_any_text_is_read_without_an_error(values):
    query = QueryDict(mutable=True)
    query.update(values)
    wishes = read_filter(query)
    assert wishes.age is None or 0 <= wishes.age <= 120
    wishes.admits(ROBOTICS)

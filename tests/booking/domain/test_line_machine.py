"""Whatever families and the clock do to the lines, the promises hold: drawn at random, checked after every step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.domain.joint_enrolment import Ask, enrol_in_any, enrol_together
from booking.domain.offers import accept_offer, decline_offer, expire_overdue_offers
from booking.domain.waitlist import promote_waiting_groups
from booking.models import Account, Enrolment, Group, LineEvent, Offer, Person
from tests.factories import NOW, make_account, make_activity, make_group, make_person
from tests.racing import answer_of

pytestmark = pytest.mark.django_db

CHILDREN, GROUPS = 6, 3
HOLDING, WAITING = {"enrolled", "offered", "pending"}, {"waiting"}
numbers = st.integers(0, 20)
STEPS = st.one_of(
    st.tuples(st.just("enrol"), numbers, numbers),
    st.tuples(st.just("enrol"), numbers, st.just(0)),
    st.tuples(st.just("any"), numbers, numbers),
    st.tuples(st.just("together"), numbers, numbers),
    st.tuples(st.just("withdraw"), numbers, numbers),
    st.tuples(st.just("accept"), numbers, numbers),
    st.tuples(st.just("decline"), numbers, numbers),
    st.tuples(st.just("add"), numbers, numbers),
    st.tuples(st.just("wait"), st.sampled_from([1, 5, 13, 25]), numbers),
)


class Town:
    """Three groups of an activity and six children, with a clock."""

    def __init__(self) -> None:
        activity = make_activity()
        self.groups = [make_group(activity, capacity=capacity, waitlist=True) for capacity in (1, 2, 1)]
        self.children = [make_person(age=8) for _ in range(CHILDREN)]
        self.by = make_account()
        self.now: datetime = NOW
        self.seen: set[Any] = set()

    def do(self, name: str, one: int, other: int) -> None:
        """Do one step; a refusal is an answer too."""
        answer_of(partial(getattr(self, name), one, other))

    def child(self, number: int) -> Person:
        return self.children[number % CHILDREN]

    def group(self, number: int) -> Group:
        return self.groups[number % GROUPS]

    @property
    def who(self) -> dict[str, Account | datetime]:
        return {"by": self.by, "now": self.now}

    def enrol(self, one: int, other: int) -> None:
        enrol_child(child=self.child(one), group=self.group(other), by=self.by, now=self.now)

    def add(self, one: int, other: int) -> None:
        enrol_child(
            child=self.child(one),
            group=self.group(other),
            by=self.by,
            now=self.now,
            by_desk=True,
            over_cap_reason="wyjątek",
        )

    def any(self, one: int, other: int) -> None:
        groups = [self.group(other), self.group(other + 1)]
        enrol_in_any(child=self.child(one), groups=groups, by=self.by, now=self.now)

    def together(self, one: int, other: int) -> None:
        asks = [Ask(self.child(one), self.group(other)), Ask(self.child(one + 1), self.group(other + one % 2))]
        enrol_together(asks=asks, by=self.by, now=self.now)

    def withdraw(self, one: int, _other: int) -> None:
        live = list(Enrolment.objects.live().order_by("created_at", "pk"))
        if live:
            withdraw_child(enrolment_id=live[one % len(live)].pk, now=self.now)

    def accept(self, one: int, _other: int) -> None:
        self._answer(accept_offer, one)

    def decline(self, one: int, _other: int) -> None:
        self._answer(decline_offer, one)

    def _answer(self, answer: Callable[..., Any], number: int) -> None:
        offers = list(Offer.objects.order_by("created_at", "pk"))
        if offers:
            answer(offer_id=offers[number % len(offers)].pk, by=self.by, now=self.now)

    def wait(self, hours: int, _other: int) -> None:
        self.now += timedelta(hours=hours)
        expire_overdue_offers(now=self.now)
        promote_waiting_groups(now=self.now)

    def check(self) -> None:
        """Compare what the town shows with what was promised."""
        entries = list(Enrolment.objects.order_by("pk"))
        self._counters(entries)
        self._bundles_and_wishes(entries)
        self._offers(entries)

    def _counters(self, entries: list[Enrolment]) -> None:
        live = Counter((entry.group_id, entry.child_id) for entry in entries if entry.is_live)
        assert max(live.values(), default=0) <= 1
        for group in Group.objects.all():
            mine = [entry for entry in entries if entry.group_id == group.pk]
            assert group.places_taken == sum(entry.status in HOLDING for entry in mine)
            assert group.waiting == sum(entry.status in WAITING for entry in mine)
            assert group.places_taken <= group.capacity + group.extra_places
            assert group.extra_places == max(0, group.places_taken - group.capacity)
            numbered = sorted((entry.line_number, entry.created_at) for entry in mine if entry.line_number)
            assert [number for number, _at in numbered] == list(range(1, group.line_numbers + 1))
            assert [at for _number, at in numbered] == sorted(at for _number, at in numbered)

    def _bundles_and_wishes(self, entries: list[Enrolment]) -> None:
        bundles: defaultdict[Any, set[str]] = defaultdict(set)
        wishes: Counter[Any] = Counter()
        for entry in entries:
            bundles[entry.bundle].add(entry.status)
            wishes[entry.wish] += entry.status in HOLDING
        for bundle, statuses in bundles.items():
            assert bundle is None or not ("waiting" in statuses and statuses & HOLDING)
            assert bundle is None or not {"offered", "enrolled"} <= statuses
        del wishes[None]
        assert max(wishes.values(), default=0) <= 1

    def _offers(self, entries: list[Enrolment]) -> None:
        """Each new offer was made by day, holds a place, and nobody stood before it without a word in the log."""
        offered = {entry.pk: entry for entry in entries if entry.status == "offered"}
        assert set(Offer.objects.open().values_list("enrolment_id", flat=True)) == offered.keys()
        last = {event.enrolment_id: event.kind for event in LineEvent.objects.order_by("at", "pk")}
        for offer in Offer.objects.exclude(pk__in=self.seen):
            self.seen.add(offer.pk)
            assert 7 <= (offer.created_at + timedelta(hours=1)).hour < 21
            assert offer.expires_at == offer.created_at + timedelta(hours=24)
            entry = offered.get(offer.enrolment_id)
            for other in entries if entry else ():
                if other.group_id == entry.group_id and other.status == "waiting":
                    assert (other.line_number or 0) > (entry.line_number or 0) or last[other.pk] == "skipped"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=6, max_size=24))
def test_lines_keep_their_word_whatever_happens(steps):
    with transaction.atomic():
        town = Town()
        for step in steps:
            town.do(*step)
            town.check()
        transaction.set_rollback(True)

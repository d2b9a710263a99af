"""The letters before a page behind a link: guessing ends, also for who guesses many times at once."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from booking.messages.appointments import link_secret
from tests.factories import make_person
from tests.factories_visits import make_practice, make_visit, wall
from tests.racing import at_once

TABLE = "cache_of_this_test"
SHARED = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": TABLE},
    "limits": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}


@pytest.mark.django_db(transaction=True)
@override_settings(CACHES=SHARED)
def test_twenty_guesses_at_once_are_five_tries():
    call_command("createcachetable")
    cache.clear()
    person = make_person(family_name="Kłobuś")
    visit = make_visit(make_practice(), wall(10), person=person)
    address = reverse("visit-by-link", args=[link_secret(visit.pk, person.pk)])
    guesses = [f"ab{letter}" for letter in "abcdefghijklmnopqrst"]

    def guess(letters: str) -> int:
        return Client().post(address, {"letters": letters}).status_code

    answers = at_once([partial(guess, letters) for letters in guesses])
    assert sorted(answers) == [200] * 5 + [429] * 15
    assert Client().post(address, {"letters": "Kło"}).status_code == 429

"""What every request goes through: impossible input is refused, and the reader's language is chosen and said."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_centre, make_family, make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/c/a%00b/", "/?q=%00"])
def test_a_nul_character_is_refused(address: str) -> None:
    assert Client().get(address).status_code == 400


@pytest.mark.parametrize(
    ("wished", "spoken"), [("en", "en"), ("uk,pl;q=0.5", "uk"), ("de", "pl"), ("", "pl"), ("x" * 5000, "pl")]
)
def test_the_page_speaks_the_language_the_browser_asks_for(wished: str, spoken: str) -> None:
    make_centre(slug="a")
    make_centre(slug="b")
    answer = Client().get(reverse("home"), headers={"accept-language": wished})
    assert answer["Content-Language"] == spoken
    assert f'<html lang="{spoken}">' in answer.content.decode()


def test_caches_are_told_that_the_answer_depends_on_the_reader() -> None:
    make_centre(slug="a")
    make_centre(slug="b")
    assert {"Accept-Language", "Cookie"} <= set(Client().get(reverse("home"))["Vary"].split(", "))


@pytest.mark.parametrize("page", ["family", "family-appointments", "book-services", "family-notices", "home"])
def test_no_browser_keeps_what_a_family_saw_while_logged_in(client: Client, page: str) -> None:
    client.force_login(make_family(make_centre()).account)
    assert "no-store" in client.get(reverse(page)).get("Cache-Control", "")
    client.logout()
    assert "no-store" not in Client().get(reverse("home")).get("Cache-Control", "")


@pytest.mark.parametrize("page", ["desk", "desk-calls", "desk-letters", "board"])
def test_no_browser_keeps_what_staff_saw(client: Client, page: str) -> None:
    client.force_login(make_staff("organiser").person.account)
    assert "no-store" in client.get(reverse(page)).get("Cache-Control", "")

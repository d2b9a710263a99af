"""The accessibility statement and the privacy notice."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from booking.models import Role
from tests.factories import make_centre, make_family, make_person, make_place, make_staff

pytestmark = pytest.mark.django_db
PAGES = ["/deklaracja-dostepnosci/", "/prywatnosc/"]
# Which parts inspectors' programs look for: technical conditions of the statement, version 2.0 of 31 July 2024.
PARTS = [
    "wstep", "podmiot", "url", "data-publikacja", "data-aktualizacja", "status", "data-sporzadzenie", "data-przeglad",
    "audytor", "kontakt", "osoba", "email", "telefon", "procedura", "architektura", "aplikacje",
]  # fmt: skip


@pytest.fixture
def centre():
    return make_centre(slug="klobuczek", name="Centrum w Kłobuczku", phone="34 100 20 30", email="biuro@example.org")


def text_of(path: str, status: int = 200, language: str = "pl") -> str:
    answer = Client().get(path, headers={"accept-language": language})
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_statement_has_every_part_the_law_wants_once(centre, language):
    page = text_of("/deklaracja-dostepnosci/", language=language)
    for part in PARTS:
        assert page.count(f'id="a11y-{part}"') == 1, part
    assert len(re.findall(r'<time id="a11y-data-[a-z]+" datetime="\d{4}-\d{2}-\d{2}">', page)) == 4


def test_statement_tells_about_the_centre_and_its_buildings(centre):
    make_place(centre.timetable, name="Dom Kultury", address="ul. Długa 1", lift=True)
    page = text_of("/deklaracja-dostepnosci/")
    for told in (
        "Centrum w Kłobuczku",
        "http://testserver/c/klobuczek/",
        "34 100 20 30",
        "biuro@example.org",
        "Jest winda.",
    ):
        assert told in page


def test_privacy_names_controller_and_officer(centre):
    officer = make_person(given_name="Robert", family_name="Klucz")
    make_staff(Role.DPO, centre=centre, person=officer)
    page = text_of("/prywatnosc/")
    assert "Administratorem Twoich danych jest: Centrum w Kłobuczku." in page
    assert "Robert Klucz" in page
    assert "art. 6 ust. 1 lit. c i e RODO" in page


def test_privacy_without_an_officer_leads_to_the_desk(centre):
    assert "zapytaj w recepcji" in text_of("/prywatnosc/")


def test_privacy_lists_every_cookie_that_is_set(centre):
    client = Client()
    client.force_login(make_family(centre).account)
    client.get("/family/")
    client.post("/i18n/setlang/", {"language": "uk", "next": "/prywatnosc/"})
    listed = set(re.findall(r"<code>([^<]+)</code>", text_of("/prywatnosc/")))
    assert {settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME} <= set(client.cookies)
    assert set(client.cookies) <= listed


@pytest.mark.parametrize("path", PAGES)
def test_one_of_several_centres_is_chosen(centre, path):
    make_centre(slug="bojszowka", name="Centrum w Bojszówce")
    assert f"{path}?centre=bojszowka" in text_of(path)
    assert "Centrum w Bojszówce" in text_of(f"{path}?centre=bojszowka")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("slug", ["nie-ma", "x" * 3000, "<script>"])
def test_unknown_centre_is_not_found(centre, path, slug):
    text_of(f"{path}?centre={slug}", status=404)


@pytest.mark.parametrize("path", PAGES)
def test_page_without_any_centre_still_answers(path):
    text_of(path)


def test_chosen_language_stays_and_keeps_the_page(centre):
    client = Client()
    answer = client.post("/i18n/setlang/", {"language": "uk", "next": "/c/klobuczek/?view=list&week=2026-W48"})
    assert (answer.status_code, answer["Location"]) == (302, "/c/klobuczek/?view=list&week=2026-W48")
    page = client.get(answer["Location"], headers={"accept-language": "pl"}).content.decode()
    assert '<html lang="uk">' in page
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"] == settings.LANGUAGE_COOKIE_AGE


def test_language_switch_never_leads_to_another_host(centre):
    answer = Client().post("/i18n/setlang/", {"language": "uk", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"

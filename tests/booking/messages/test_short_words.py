"""What an SMS says, word for word, and that it never takes more than two parts, however long the names are."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import translation

from booking.models import Person, ShortLink
from notifications.channels.sms_text import MOST_PARTS, is_gsm, parts
from notifications.kinds import BY_SMS, COMPOSERS, BySms
from notifications.models import Message
from scheduler.models import Series
from tests.booking.messages.confidential import LANGUAGES, SCENES, Secret
from tests.factories import NOW, make_centre, make_family, make_service
from tests.factories_care import make_visit

pytestmark = pytest.mark.django_db
WORTH_AN_SMS = sorted(kind for kind, worth in BY_SMS.items() if worth != BySms.NEVER and kind in SCENES)


@pytest.fixture(autouse=True)
def _switched_on(settings):
    settings.SMS_CARRIER = "notifications.channels.files.SmsFiles"
    settings.PUBLIC_URL = "https://grafik.cus-klobuczek.pl"


def say(kind: str, facts: dict, reader: Person, language: str) -> str:
    message = Message(
        kind=kind, channel="sms", facts=facts, recipient_id=reader.pk, created_at=NOW, next_attempt_at=NOW,
        dedupe_key=f"{kind}:{language}",
    )  # fmt: skip
    with translation.override(language):
        return COMPOSERS[kind](message, NOW).short


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "pl",
            "Przypomnienie: Prawnik (Zosia), sr 18.11, 9:00. Nie mozesz przyjsc? Odwolaj: LINK Gdzie: Rynek 1 Centrum",
        ),
        ("en", "Reminder: Lawyer (Zosia), Wed 18 Nov, 9:00. Cannot come? Please cancel: LINK Where: Rynek 1 Centrum"),
        ("uk", "Нагадування: Юрист (Zosia), ср 18.11, 09:00. Не можете прийти? Скасуйте: LINK Де: Rynek 1"),
    ],
)
def test_reminder_in_the_readers_language(language, words):
    centre = make_centre(name="Centrum", address="Rynek 1")
    family = make_family(centre)
    Person.objects.filter(pk=family.child.pk).update(given_name="Zosia")
    service = make_service(centre, name_pl="Prawnik", name_en="Lawyer", name_uk="Юрист", sensitivity="normal")
    visit = make_visit(family.child, service=service)
    facts = {"visit": str(visit.pk), "sequence": 0, "people": [str(family.child.pk)]}
    said = say("visit_reminder", facts, family.guardian, language)
    (link,) = re.findall(r"https://\S+", said)
    assert re.fullmatch(r"https://grafik\.cus-klobuczek\.pl/s/[2-9a-hjkmnp-z]{12}", link)
    assert said.replace(link, "LINK").replace("09:00", "9:00") == words.replace("09:00", "9:00")
    assert is_gsm(said) == (language != "uk")


@pytest.mark.parametrize("kind", WORTH_AN_SMS)
def test_sms_takes_two_parts_at_most_however_long_the_names_are(kind):
    secret = Secret()
    facts, reader = SCENES[kind](secret)
    long = "Кваліфікаційно-реабілітаційна груповa зустріч для родин"
    Person.objects.filter(pk=secret.family.child.pk).update(given_name="Олександра-Анастасія")
    secret.group.activity.__class__.objects.update(
        sensitivity="normal", name_pl=long, name_en=long, name_uk=long, name=long
    )
    Series.objects.update(title=long)
    secret.service.__class__.objects.update(sensitivity="normal", name_pl=long, name_en=long, name_uk=long)
    secret.centre.__class__.objects.update(name="Centrum Usług Społecznych w Kłobuczku Górnym")
    for language in LANGUAGES:
        said = say(kind, facts, reader, language)
        assert said
        assert parts(said) <= MOST_PARTS


def test_same_message_has_the_same_short_address(client):
    family = make_family()
    visit = make_visit(family.child)
    facts = {"visit": str(visit.pk), "sequence": 0, "people": [str(family.child.pk)]}
    first, again = (say("visit_booked", facts, family.guardian, "pl") for _time in range(2))
    assert first == again
    assert ShortLink.objects.get().until == visit.ends_at + timedelta(days=30)

    (path,) = re.findall(r"https://[^/]+(/s/\S+)", first)
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/v/")
    assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex", "private, no-store")
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(path.upper().replace("/S/", "/s/")).status_code == 302  # typed by hand
    ShortLink.objects.update(until=NOW - timedelta(days=1000))
    assert client.get(path).status_code == 404
    assert client.get("/s/222222222222").status_code == 404

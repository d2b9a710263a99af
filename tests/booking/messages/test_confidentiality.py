"""A walk through every kind of message, in every language: of a sensitive service nothing leaves the system."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from booking.messages.discreet import say_discreetly
from notifications.channels.sms_text import MOST_PARTS, parts
from notifications.kinds import BY_SMS, COMPOSERS, BySms, Text
from notifications.models import Message
from tests.booking.messages.confidential import DENIED, LANGUAGES, SCENES, Secret
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_every_kind_of_message_is_in_the_walk():
    """Whoever adds a kind adds a scene in which it has a secret to keep."""
    assert set(SCENES) == set(COMPOSERS)


@pytest.mark.parametrize("channel", Message.Channel.values)
@pytest.mark.parametrize("kind", sorted(SCENES))
def test_message_about_a_sensitive_service_tells_nothing_of_it(kind, channel, settings):
    settings.SMS_CARRIER = "notifications.channels.files.SmsFiles"
    facts, reader = SCENES[kind](Secret())
    message = Message(
        kind=kind, channel=channel, facts=facts, recipient_id=reader.pk, created_at=NOW, next_attempt_at=NOW
    )
    for language in LANGUAGES:
        message.language = language
        with translation.override(language):
            text = COMPOSERS[kind](message, NOW)
            discreet = say_discreetly(text)
        assert text.subject
        assert bool(text.short) or BY_SMS[kind] == BySms.NEVER or channel != "sms"  # links of letters are too long
        assert max(parts(text.short), parts(discreet.short)) <= MOST_PARTS
        assert discreet.short
        assert leaks(text) == []
        assert leaks(discreet) == []
        said = discreet.subject + discreet.body + discreet.calendar + discreet.short
        assert re.findall(r"Centrum|34 123|Rynek|https?:", said) == []


def leaks(text: Text) -> list[str]:
    """Return the denied words in a letter, the names of attachments included; a link's secret may spell any."""
    said = "\n".join([text.subject, text.body, text.discreet, text.short, text.calendar.replace("\r\n ", "")])
    said = re.sub(r"(?<=/)[\w.:-]{30,}(?=/)", "", said)
    return [found for denied in DENIED for found in re.findall(rf"\S*(?:{denied})\S*", said, re.IGNORECASE)]


def test_walk_would_notice_a_leak():
    assert leaks(Text("Wizyta", "Dzień dobry", calendar="SUMMARY:Psycho\r\n terapia")) == ["SUMMARY:Psychoterapia"] * 2
    assert leaks(Text("Wizyta", "https://a.example/v/wDQDsaFSlaJLekeJk03JRRUT24oLekeJk03JRRUT24o/")) == []

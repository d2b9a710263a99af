from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from tests.factories import make_account
from tests.factories_safety import make_safe_contact

pytestmark = pytest.mark.django_db


def ask_for_code(client, account) -> None:
    assert client.post(reverse("account_request_login_code"), {"email": account.email}).status_code == 302


def test_code_comes_by_mail(client):
    ask_for_code(client, make_account())
    assert "kod" in mail.outbox[0].subject


def test_code_of_a_discreet_contact_comes_alone(client, settings):
    settings.DISCREET_FROM_EMAIL = "box@example.net"
    account = make_account()
    make_safe_contact(account.person, channel="email", email=account.email)
    ask_for_code(client, account)
    (letter,) = mail.outbox
    assert (letter.subject, letter.from_email, letter.to) == ("Wiadomość", "box@example.net", [account.email])
    assert len(letter.body.split()) == 1


def test_nothing_is_written_to_an_address_that_is_not_safe(client):
    account = make_account()
    make_safe_contact(account.person, channel="email", email="safe@example.org")
    ask_for_code(client, account)
    assert mail.outbox == []

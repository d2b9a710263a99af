"""The log of the server holds no secret that opens something."""

from __future__ import annotations

import logging
import logging.config
import uuid
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from booking.messages.appointments import link_secret


@pytest.fixture
def written():
    """Everything that the handler of the console would write."""
    facts: dict[str, Any] = settings.LOGGING
    console, stream = facts["handlers"]["console"], StringIO()
    handler = logging.StreamHandler(stream)
    for name in console["filters"]:
        handler.addFilter(logging.config.DictConfigurator(facts).configure_filter(facts["filters"][name]))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["visit-by-link", "referral-link", "offer", "calendar", "short-link"])
def test_refused_link_is_written_down_without_its_secret(page: str, written: StringIO):
    secret = link_secret(uuid.uuid4(), uuid.uuid4())
    assert Client().get(reverse(page, args=[secret])).status_code == 404
    text = written.getvalue()
    assert "[secret]" in text
    assert secret not in text
    assert secret[:20] not in text


@pytest.mark.django_db
def test_other_addresses_stand_in_the_log_as_they_were_asked(written: StringIO):
    Client().get("/calendars/public/nowhere.ics")
    Client().get("/c/a-centre-with-a-rather-long-name/")
    text = written.getvalue()
    assert "/calendars/public/nowhere.ics" in text
    assert "/c/a-centre-with-a-rather-long-name/" in text

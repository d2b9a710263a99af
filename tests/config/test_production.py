"""The settings of an installation: whom log-in limits count, behind the proxy that speaks TLS."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

SECRETS = {
    "ALLOWED_HOSTS": "grafik.example",
    "DEFAULT_FROM_EMAIL": "grafik@grafik.example",
    "EMAIL_URL": "smtp://localhost",
    "IDENTITY_KEYS": "ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1zZWNyZXQtMDE=",
    "PUBLIC_URL": "https://grafik.example",
    "SECRET_KEY": "only-for-this-test",
}
ASK = (
    "from config.settings import production as p; print(p.ALLAUTH_TRUSTED_PROXY_COUNT, p.REST_FRAMEWORK['NUM_PROXIES'])"
)
LIMITED = {"ACCOUNT_RATE_LIMITS": {"login_failed": "2/m/ip"}, "ALLAUTH_TRUSTED_PROXY_COUNT": 1}


@pytest.mark.parametrize("proxies", ["1", "2"])
def test_log_in_and_rest_believe_the_same_number_of_proxies(proxies: str):
    environment = os.environ | SECRETS | {"NUM_PROXIES": proxies}
    said = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [proxies, proxies]


@pytest.mark.django_db
@override_settings(**LIMITED)
def test_wrong_passwords_of_one_address_shut_nobody_else_out():
    cache.clear()

    def tries(address: str) -> str:
        said = Client().post(
            reverse("account_login"),
            {"login": f"{address}@example.org", "password": "wrong"},
            headers={"x-forwarded-for": address, "accept-language": "en"},
        )
        return said.content.decode()

    first = [tries("198.51.100.7") for _time in range(3)]
    assert "Too many" in first[-1]
    assert "Too many" not in tries("198.51.100.8")

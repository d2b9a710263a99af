"""The system checks speak up when what correctness leans on is broken, and are silent otherwise."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from django.urls import include, path

from config.database import database_from_url
from scheduler.checks import check_no_schedule_views, check_sqlite_options

urlpatterns = [path("calendar/", include("schedule.urls"))]


@pytest.fixture
def use(monkeypatch):
    """Let the checks see another database; connections keep theirs."""
    return lambda database: monkeypatch.setitem(settings.DATABASES, "default", database)


def test_settings_as_they_are_pass_every_check():
    assert [
        str(each) for each in run_checks() if each.id.startswith(("scheduler.", "booking.", "notifications."))
    ] == []


@pytest.mark.parametrize(
    "options",
    [
        {"transaction_mode": "DEFERRED"},
        {"transaction_mode": None},
        {"init_command": "PRAGMA foreign_keys=ON;"},
        {"timeout": 5},
    ],
)
def test_sqlite_that_would_lose_writes_is_refused(use, options):
    database = database_from_url("sqlite:///:memory:")
    use(database | {"OPTIONS": database["OPTIONS"] | options})
    assert [each.id for each in check_sqlite_options()] == ["scheduler.E001"]


def test_sqlite_without_options_is_refused(use):
    use({"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"})
    assert [each.id for each in check_sqlite_options()] == ["scheduler.E001"]


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "postgres://grafik@/grafik"])
def test_databases_made_from_an_address_pass(use, url):
    use(database_from_url(url))
    assert check_sqlite_options() == []


@override_settings(ROOT_URLCONF=__name__)
def test_address_into_django_schedulers_views_is_refused():
    found = check_no_schedule_views()
    assert {each.id for each in found} == {"scheduler.E002"}
    assert any("schedule.views" in each.msg for each in found)


def test_own_addresses_lead_to_own_views():
    assert settings.ROOT_URLCONF == "config.urls"
    assert check_no_schedule_views() == []

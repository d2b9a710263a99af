"""System checks: the settings and addresses that correctness depends on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

LEAST_TIMEOUT = 20  # seconds to wait for the one writer before a request is lost


@register()
def check_sqlite_options(**_: Any) -> list[CheckMessage]:
    """Refuse an SQLite connection that would lose writes under load."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        return []
    options = database.get("OPTIONS", {})
    wanted = (
        options.get("transaction_mode") == "IMMEDIATE"
        and "journal_mode=wal" in options.get("init_command", "").lower()
        and options.get("timeout", 0) >= LEAST_TIMEOUT
    )
    if wanted:
        return []
    return [
        Error(
            "SQLite must run with transaction_mode IMMEDIATE, journal_mode WAL and a timeout of 20 s or more.",
            hint="Build the settings with config.database.database_from_url.",
            id="scheduler.E001",
        )
    ]


@register()
def check_no_schedule_views(**_: Any) -> list[CheckMessage]:
    """Refuse addresses that lead into django-scheduler's views: they let strangers list and create events."""
    leaks = [name for name in _view_modules(get_resolver()) if name.startswith("schedule.")]
    return [Error(f"An address leads to {name}, which is open to strangers.", id="scheduler.E002") for name in leaks]


def _view_modules(resolver: URLResolver) -> list[str]:
    names: list[str] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            names += _view_modules(pattern)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            names.append(getattr(view, "__module__", ""))
    return names

"""What every test may ask for: the engine's own test database and a real browser."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.migrated import begun_from_the_kept_one
from tests.seeds import give_seeds_back, keep_seeds
from tests.tooling.chromium import ARGUMENTS, find_chromium

# A busy machine is slow, which is no fault of the code.
hypothesis.settings.register_profile("grafik", deadline=None, print_blob=True)
hypothesis.settings.load_profile("grafik")

PATIENCE_MS = 10_000
SQLITE = "django.db.backends.sqlite3"
SERVER_ERROR = 500

migrating = ExitStack()  # open while the database of this run is being migrated


def pytest_report_header() -> str:
    return f"engine: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of garbage leave alone what stays to the end: modules, models, thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Keep SQLite in a file, as an installation does: in memory, threads would share one connection and its locks."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != SQLITE:
        yield
        return
    path = tmp_path_factory.mktemp("database") / "grafik.sqlite3"
    database.setdefault("TEST", {})["NAME"] = str(path)
    migrating.enter_context(begun_from_the_kept_one(path))
    yield
    migrating.close()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Begin with the file that lies there already; on PostgreSQL as the command line says."""
    return django_db_keepdb or settings.DATABASES["default"]["ENGINE"] == SQLITE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Begin every test, also after one with real transactions, with what migrations put into the database."""
    migrating.close()
    with django_db_blocker.unblock():
        keep_seeds()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: give_seeds_back())
        yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="module")
def kept_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a module's fixtures make rows that all its tests begin with; what a test changes is undone after it.

    Not for tests with real transactions. Objects of such a fixture are given to each test as a deep copy.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once a module; afterwards no event loop is left to stand in the way of other tests."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium was found")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright's loop runs beside the test in the same thread, so Django takes plain queries for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, tmp_path: Path) -> Iterator[Page]:
    """Open a page of a fresh visitor from Poland, addresses being relative to the live server.

    The test fails when a script or the server fails, when something is blocked by the Content-Security-Policy,
    or when anything is asked of another host.
    """
    context = browser.new_context(
        base_url=live_server.url, locale="pl-PL", timezone_id="Europe/Warsaw", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page = context.new_page()
    own_host = urlsplit(live_server.url).netloc
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("console", lambda line: complaints.append(f"policy: {line.text}") if _is_blocked(line.text) else None)
    page.on(
        "request", lambda asked: complaints.append(f"host: {asked.url}") if _is_foreign(asked.url, own_host) else None
    )
    page.on(
        "response", lambda answer: complaints.append(f"error: {answer.url}") if answer.status >= SERVER_ERROR else None
    )
    yield page
    context.close()
    assert complaints == []


def _is_blocked(line: str) -> bool:
    return "Content Security Policy" in line or "Content-Security-Policy" in line


def _is_foreign(url: str, own_host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and parts.netloc != own_host

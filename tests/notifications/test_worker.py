from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from booking.models import IdempotencyKey
from notifications.models import Message
from tests.factories import make_enrolment, make_family, make_weekly_group
from tests.notifications.post import Post, open_post

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
State = Message.State


@pytest.fixture
def server() -> Iterator[Post]:
    with open_post() as post:
        yield post


def queue_letters(count: int) -> None:
    """Queue letters that the product itself writes: confirmations of enrolments, each to another reader."""
    group = make_weekly_group(capacity=count)
    for _ in range(count):
        make_enrolment(make_family(group.activity.centre).child, group)
    assert Message.objects.filter(state=State.QUEUED, channel="email").count() == count


def database_url() -> str:
    """Return the address of the tests' own database, for another process."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    options = {"host": facts["HOST"] or facts["OPTIONS"].get("host", ""), "port": facts["PORT"]}
    login = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'])}" if facts["PASSWORD"] else quote(facts["USER"])
    return f"postgres://{login}@/{facts['NAME']}?{urlencode({key: value for key, value in options.items() if value})}"


@contextmanager
def running(post: Post, tmp_path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run the worker as its own process until the test is through with it."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(tmp_path),
        "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
    }
    command = [sys.executable, "manage.py", "run_worker", *options]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield worker
    finally:
        worker.kill()
        worker.communicate()


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_two_workers_at_once_send_each_letter_once(server, tmp_path):
    queue_letters(30)
    with running(server, tmp_path, "--once") as first, running(server, tmp_path, "--once") as second:
        logs = [worker.communicate(timeout=PATIENCE_SECONDS)[1] for worker in (first, second)]
        assert [first.returncode, second.returncode] == [0, 0]

    assert len({letter["Message-ID"] for letter in server.letters}) == len(server.letters) == 30
    assert set(Message.objects.values_list("state", "attempts")) == {(State.SENT, 1)}
    sent = [re.findall(r"sent enrolled ([0-9a-f-]{36})$", log, re.MULTILINE) for log in logs]
    assert sorted(sent[0] + sent[1]) == sorted(str(key) for key in Message.objects.values_list("pk", flat=True))
    for person in ("Zmyślona", "Dziecko", "@example.org"):
        assert person not in logs[0] + logs[1]


def test_letter_of_a_killed_worker_is_sent_by_the_next_one_after_the_lease(server, tmp_path):
    queue_letters(1)
    server.hold.clear()
    with running(server, tmp_path) as worker:
        wait_until(lambda: server.waiting > 0)  # the worker is in the middle of handing the letter over
        worker.kill()
        worker.wait()
    server.hold.set()
    message = Message.objects.get()
    assert message.state == State.SENDING

    with running(server, tmp_path, "--once") as early:
        early.communicate(timeout=PATIENCE_SECONDS)
    assert Message.objects.get().state == State.SENDING

    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    with running(server, tmp_path, "--once") as late:
        late.communicate(timeout=PATIENCE_SECONDS)
    assert Message.objects.get().state == State.SENT
    assert len({letter["Message-ID"] for letter in server.letters}) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_told_to_stop_finishes_its_letter(server, tmp_path, number):
    queue_letters(3)
    server.hold.clear()
    with running(server, tmp_path) as worker:
        wait_until(lambda: server.waiting > 0)
        worker.send_signal(number)
        server.hold.set()
        log = worker.communicate(timeout=PATIENCE_SECONDS)[1]

    assert worker.returncode == 0
    assert "worker stopped" in log
    assert Message.objects.filter(state=State.SENDING).count() == 0
    assert Message.objects.filter(state=State.SENT).count() == len(server.letters) == 1


def test_worker_finds_what_is_queued_while_it_runs(server, tmp_path):
    with running(server, tmp_path, "--pause", "0.1"):
        queue_letters(2)
        wait_until(lambda: len(server.letters) == 2)


def test_worker_forgets_old_answers(mailoutbox):
    family = make_family()
    for key, age in (("old", timedelta(hours=49)), ("new", timedelta(hours=47))):
        IdempotencyKey.objects.create(
            account=family.account, key=key, fingerprint="", status=201, answer={}, created_at=timezone.now() - age
        )
    call_command("run_worker", "--once")

    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]

"""The demo starts web server and worker together, and stops both together."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from http import HTTPStatus

import pytest

from tests.migrated import kept_database

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def start_demo(*, port, data_dir):
    command = [sys.executable, "-m", "config.demo_server", "--port", str(port), "--data-dir", str(data_dir)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_demo_tells_logins_answers_and_leaves_nothing_behind(tmp_path):
    shutil.copyfile(kept_database(), tmp_path / "grafik.sqlite3")  # made by the same migrations, from nothing
    port = free_port()
    demo = start_demo(port=port, data_dir=tmp_path)
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ready:"):
        line = demo.stdout.readline()
        assert line, "".join(lines)
        lines.append(line)

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert answer.status == HTTPStatus.OK
    demo.send_signal(signal.SIGTERM)
    demo.communicate(timeout=30)

    assert lines[-1] == f"Ready: http://127.0.0.1:{port}\n"
    assert any("demo-klobuck" in line and "organiser" in line for line in lines)
    with pytest.raises(ProcessLookupError):
        os.killpg(demo.pid, 0)


def test_demo_refuses_a_port_that_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        demo = start_demo(port=port, data_dir=tmp_path)
        told = demo.communicate(timeout=30)[0]

    assert demo.returncode == 1
    assert f"make demo PORT={port + 1}" in told
    assert list(tmp_path.iterdir()) == []

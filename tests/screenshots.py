"""Takes the pictures of the README: the demo on a fixed day, in a real browser, into docs/images."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.tooling.chromium import ARGUMENTS, find_chromium

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
# A Tuesday noon before a national holiday, so that each picture is the same whenever it is taken.
TODAY, NOON = "2026-11-10", "2026-11-10T11:00:00+00:00"
PATIENCE_SECONDS = 60
SERVE = f"""
import sys, time_machine
time_machine.travel("{NOON}", tick=True).start()
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "runserver", "--noreload", "--insecure", sys.argv[1]])
"""


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the page, who looks (a key of demo-accounts.json) and on what screen.

    `follow` is the beginning of a link on the page that is followed first.
    """

    name: str
    path: str
    width: int
    height: int
    reader: str = ""
    follow: str = ""


PICTURES = [
    Picture("week", "/c/demo-klobuck/", 1600, 1320),
    Picture("activities", "/c/demo-klobuck/activities/?age=7", 1280, 1000),
    Picture("family-phone", "/family/", 390, 844, reader="parent"),
    Picture("board", "/board/", 1440, 1400, reader="organiser"),
    Picture("draft", "/board/", 1440, 1360, reader="organiser", follow="Planuj i publikuj"),
    Picture("diary", "/diary/", 1280, 1000, reader="psychotherapist"),
    Picture("diary-phone", "/diary/", 390, 844, reader="psychotherapist"),
]


def main() -> int:
    """Make every picture anew; return 1 when there is no Chromium to take them with."""
    path = find_chromium()
    if path is None:
        print("No Chromium was found (Debian: apt install chromium).", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="grafik-pictures-") as folder, _demo(Path(folder)) as address:
        accounts = {each["key"]: each for each in json.loads((Path(folder) / "demo-accounts.json").read_text())}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            for picture in PICTURES:
                _take(browser, address, picture, accounts.get(picture.reader))
                print(f"docs/images/{picture.name}.png")
            browser.close()
    return 0


@contextmanager
def _demo(folder: Path) -> Iterator[str]:
    """Serve the demo of the fixed day from a folder of its own; give its address."""
    port = _free_port()
    surroundings = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'grafik.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
    }
    for command in (["migrate", "--verbosity=0"], ["demo", f"--today={TODAY}"]):
        subprocess.run([sys.executable, "manage.py", *command], env=surroundings, check=True, stdout=subprocess.DEVNULL)
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port)], env=surroundings, stdout=output, stderr=output
        )
        try:
            _wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/"):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The demo does not answer:\n{log.read_text()[-2000:]}")


def _take(browser: Browser, address: str, picture: Picture, account: dict[str, str] | None) -> None:
    context = browser.new_context(
        base_url=address,
        locale="pl-PL",
        timezone_id="Europe/Warsaw",
        color_scheme="light",
        reduced_motion="reduce",
        viewport={"width": picture.width, "height": picture.height},
    )
    page = context.new_page()
    if account:
        _log_in(page, account)
    answer = page.goto(picture.path)
    if answer is None or not answer.ok:
        raise RuntimeError(f"{picture.path} answers {answer.status if answer else 'nothing'}")
    if picture.follow:
        with page.expect_navigation():
            page.get_by_role("link", name=picture.follow).first.click()
        page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=IMAGES / f"{picture.name}.png")
    context.close()


def _log_in(page: Page, account: dict[str, str]) -> None:
    page.goto("/login/")
    page.fill("[name=login]", account["login"])
    page.fill("[name=password]", account["password"])
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


if __name__ == "__main__":
    sys.exit(main())

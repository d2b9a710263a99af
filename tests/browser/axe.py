"""Asks axe-core, inside a real page, what is in the way of people with disabilities."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, Page

AXE = Path(settings.ROOT) / "node_modules" / "axe-core" / "axe.min.js"


@contextmanager
def examined_page(browser: Browser, base_url: str, **look: Any) -> Iterator[Page]:
    """Open a page that axe-core may examine; `look` are Playwright's options (viewport, locale, color_scheme …).

    axe-core measures contrast with styles of its own, so the Content-Security-Policy is set aside here alone.
    """
    context = browser.new_context(base_url=base_url, bypass_csp=True, reduced_motion="reduce", **look)
    yield context.new_page()
    context.close()


def findings(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page as it stands, and whether it is wider than the screen."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document)).violations")
    wrong = [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*wrong, f"{over} pixels too wide"] if over > 0 else wrong

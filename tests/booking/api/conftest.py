"""The clock of these tests stands still, and the counters of limits begin at nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import caches

from tests.factories import NOW


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the clock, except for a browser, which has its own."""
    caches["limits"].clear()
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(NOW, tick=False):
        yield

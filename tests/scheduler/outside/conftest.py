from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scheduler.outside.servers import Outside, outside_server


@pytest.fixture
def outside() -> Iterator[Outside]:
    with outside_server() as server:
        yield server

"""Dates in the three languages, as people write them."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

WEDNESDAY = datetime(2026, 11, 25, 16)


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [
        ("pl", "l j E", "środa 25 listopada"),
        ("en", "l j E", "Wednesday 25 November"),
        ("uk", "l j E", "середа, 25 листопада"),
        ("uk", "l j E Y, H:i", "середа, 25 листопада 2026, 16:00"),
        ("pl", "F Y", "listopad 2026"),
        ("en", "F Y", "November 2026"),
        ("uk", "F Y", "листопад 2026"),
        ("uk", "j E Y", "25 листопада 2026"),
    ],
)
def test_date_is_said_as_its_language_writes_it(language, asked, said):
    with override(language):
        assert date_format(WEDNESDAY, asked) == said

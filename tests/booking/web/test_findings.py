"""Findings on pages: what is so with one person is said once, with every line it is about."""

from __future__ import annotations

import uuid

import pytest

from booking.domain.findings import Finding
from booking.errors import refusal
from booking.web.findings import findings_of
from tests.factories import make_centre, make_series, make_term

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["check_expires", "unverified_staff"])
def test_checks_of_one_person_are_one_finding_with_a_link_for_each_line(code):
    term = make_term(make_centre().timetable)
    lines = [make_series(term, title=title) for title in ("Taekwondo 1", "Taekwondo 2", "Judo")]
    person, other = uuid.UUID(int=1), uuid.UUID(int=2)

    def found(line, key, name):
        reason = refusal(code, person=name, until="30 listopada 2026", title=line.title)
        return Finding(code, reason, stops=False, series_id=line.pk, resource_id=key)

    panel = findings_of([*(found(line, person, "Rafał") for line in lines), found(lines[0], other, "Ewa")])
    ((_heading, shown),) = panel.warning
    assert [len(each.ways) for each in shown] == [3, 1]
    assert [each.others for each in shown] == [0, 0]
    assert "Rafał" in shown[0].sentence
    assert "Taekwondo 1" not in shown[0].sentence
    assert "Taekwondo 1" in shown[1].sentence
    assert panel.warning_series == {line.pk for line in lines}

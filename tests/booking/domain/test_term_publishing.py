"""A term is published as it was previewed: what is wrong stops it, everyone concerned is told once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.domain.term_publishing import PlanChanged, plan_lines, plan_term, publish_lines, publish_term
from booking.errors import Refused
from booking.models import Group, SessionChange, TermPublication
from notifications.models import Message
from scheduler.domain.planning import discontinue_series, revise_series
from scheduler.domain.series_facts import SeriesFacts
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Closure, Series, Session
from scheduler.period import Period
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_equipment,
    make_family,
    make_group,
    make_room,
    make_series,
    make_specialist,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


def facts_of(series: Series, **changed) -> SeriesFacts:
    """Return the facts of a series with some of them changed."""
    from dataclasses import replace

    return replace(SeriesFacts.of(Series.objects.with_pattern().select_related("term").get(pk=series.pk)), **changed)


def test_first():
    group = make_weekly_group()
    family = make_family(group.activity.centre, children=(7,))
    make_enrolment(family.child, group)
    Message.objects.all().delete()
    (series,) = group.series.all()
    by = make_account()
    revise_series(series_id=series.pk, facts=facts_of(series, starts=time(16, 30), ends=time(17, 15)))
    series.refresh_from_db()
    plan = plan_term(term_id=group.term_id, now=NOW)
    assert len(plan.publication.changed) == 27
    assert [each.recipient.name for each in plan.told] == [str(family.guardian)]
    done = publish_term(term_id=group.term_id, fingerprint=plan.fingerprint, by=by, now=NOW)
    assert done.changed == 27
    assert Message.objects.count() == 1
    again = plan_term(term_id=group.term_id, now=NOW)
    assert again.is_empty

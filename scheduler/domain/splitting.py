"""Splitting a series from a day on: "this and following" dates get other facts, what was before is left alone."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.domain.planning import discard_draft, draft_line, revise_series
from scheduler.domain.series_facts import SeriesFacts
from scheduler.errors import Refusal, Refused
from scheduler.models import Series


@transaction.atomic
def split_series(*, series_id: uuid.UUID, first_day: date, facts: SeriesFacts) -> Series:
    """Draft a series of these facts that continues a published one from `first_day` on, in the place of an older draft.

    The old one gets a revision that ends the day before. Until both are published together nothing has changed.
    Dates that both patterns ask for keep their identity when the new series takes them over.
    Raises Refused (`not_published`, `nothing_before` if the series begins on that day: it is revised then; as
    `draft_line`) and Series.DoesNotExist.
    """
    lines = Series.objects.select_for_update(of=("self",)).with_pattern().select_related("term")
    line = lines.get(pk=series_id)
    if line.published_at is None:
        raise Refused(Refusal("not_published", _("This series is a draft. Change the draft itself.")))
    if first_day <= line.starts_on:
        raise Refused(Refusal("nothing_before", _("This is its first date. Change the whole series.")))
    for older in line.continued_by.drafts():
        discard_split(series_id=older.pk)
    day = max(facts.day, first_day)
    continuing = draft_line(term=line.term, facts=replace(facts, day=day))
    continuing.continues = line
    continuing.save(update_fields=["continues"])
    revised = Series.objects.with_pattern().select_related("term").filter(replaces=line).first() or line
    revise_series(series_id=line.pk, facts=replace(SeriesFacts.of(revised), last=first_day - timedelta(days=1)))
    return continuing


@transaction.atomic
def discard_split(*, series_id: uuid.UUID) -> None:
    """Forget a drafted split: the draft that continues a series goes, and that series lasts as long as before.

    Raises Refused (`published`) and Series.DoesNotExist.
    """
    drafts = Series.objects.select_for_update(of=("self",)).select_related("continues")
    continuing = drafts.get(pk=series_id)
    before = continuing.continues
    discard_draft(series_id=continuing.pk)
    if before is None:
        return
    loaded = Series.objects.with_pattern().select_related("term")
    line, revision = loaded.get(pk=before.pk), loaded.filter(replaces=before).first()
    if revision is None:
        return
    facts, wanted = SeriesFacts.of(line), replace(SeriesFacts.of(revision), last=SeriesFacts.of(line).last)
    if wanted == facts:
        discard_draft(series_id=revision.pk)
    else:
        revise_series(series_id=revision.pk, facts=wanted)

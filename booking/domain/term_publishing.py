"""Publishing a term, or some lines of it: a preview with everything that would happen, then just that or nothing."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction

from booking.domain.findings import Finding, Gathered, gather
from booking.domain.room_owners import HELD, held_back
from booking.domain.term_checks import find_all, groups_of
from booking.domain.term_records import record_publication
from booking.domain.term_telling import Told, tell_publication, who_is_told
from booking.domain.time_off import away_periods
from booking.errors import Refused, refusal
from booking.models import Account, Group, TermPublication
from scheduler.domain.lines import belonging
from scheduler.domain.publication import Away, Publication
from scheduler.domain.publishing import lock_publication, plan_publication
from scheduler.domain.publishing_rows import write_publication
from scheduler.models import Series, Term


@dataclass(frozen=True)
class TermPlan:
    """What publishing would do, what speaks against it, and exactly who will be told. Names are for planners only."""

    term: Term
    publication: Publication
    findings: list[Finding]
    told: list[Told]

    @property
    def is_empty(self) -> bool:
        """Whether publishing would write nothing."""
        return self.publication.is_empty

    def gathered(self) -> list[Gathered]:
        """Return what was found, each thing once with its dates, what stops first."""
        return gather(self.findings)

    @property
    def stopping(self) -> list[Finding]:
        """What must be put right before publishing."""
        return [each for each in self.findings if each.stops]

    @property
    def warnings(self) -> list[Finding]:
        """What needs a reason to be published all the same; what is held back needs none."""
        return [each for each in self.findings if not each.stops and each.code != HELD]

    @property
    def families(self) -> list[Told]:
        """Who is told about children, or about herself as somebody who takes part."""
        return [each for each in self.told if each.people]

    @property
    def staff(self) -> list[Told]:
        """Who is told because she leads."""
        return [each for each in self.told if not each.people]

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same plan: what is confirmed is what was shown."""
        told = sorted([str(each.recipient.id), each.recipient.channel] for each in self.told)
        facts = [self.publication.facts(), sorted(each.facts() for each in self.findings), told]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


class PlanChanged(Refused):
    """Raised when the timetable is no longer as it was shown; `plan` is the new preview, nothing was changed."""

    def __init__(self, plan: TermPlan) -> None:
        super().__init__(refusal("plan_changed", sentence="term_plan_changed"))
        self.plan = plan


def plan_term(*, term_id: uuid.UUID, now: datetime) -> TermPlan:
    """Return what publishing a whole term would do now; writes nothing. Raises Term.DoesNotExist.

    The number of queries does not depend on the number of sessions.
    """
    term = _term(term_id)
    keys, held = _all_of(term)
    return _examine(term, plan_publication(series_ids=keys, now=now, away=_away(term, now)), held)


def plan_lines(*, series_ids: Iterable[uuid.UUID], now: datetime) -> TermPlan:
    """Return what publishing some lines of one term would do now, with their revisions and splits; writes nothing.

    Raises Refused (`other_terms`) and Series.DoesNotExist if there are none.
    """
    keys = list(series_ids)
    term = _term(_term_of(keys))
    return _examine(term, plan_publication(series_ids=keys, now=now, away=_away(term, now)))


@transaction.atomic
def publish_term(
    *, term_id: uuid.UUID, fingerprint: str, by: Account, now: datetime, reason: str = ""
) -> TermPublication | None:
    """Publish a whole term as it was previewed, in one transaction; None if there was nothing to do.

    Everyone concerned is told once, in one message; confirming the same twice is answered with what was done. `reason`
    says why it is published in spite of warnings. The caller
    has made sure that `by` plans this timetable. Raises PlanChanged with the new preview if the fingerprint is of
    another plan, Refused with the code of what stops it, Refused (`reason_missing`); then nothing has changed.
    """
    term = _term(term_id)
    keys, held = _all_of(term)
    return _publish(term, keys, held, fingerprint=fingerprint, by=by, now=now, reason=reason)


@transaction.atomic
def publish_lines(
    *, series_ids: Iterable[uuid.UUID], fingerprint: str, by: Account, now: datetime, reason: str = ""
) -> TermPublication | None:
    """Publish some lines of one term as they were previewed, as `publish_term`."""
    keys = list(series_ids)
    return _publish(_term(_term_of(keys)), keys, [], fingerprint=fingerprint, by=by, now=now, reason=reason)


def _publish(  # noqa: PLR0913  what was shown, and who confirms it
    term: Term,
    keys: list[uuid.UUID],
    held: list[Finding],
    *,
    fingerprint: str,
    by: Account,
    now: datetime,
    reason: str,
) -> TermPublication | None:
    plan = _examine(term, lock_publication(series_ids=keys, now=now, away=_away(term, now)), held)
    if plan.fingerprint != fingerprint:
        done_before = _published_before(term, fingerprint, by) if plan.is_empty else None
        if done_before is None:
            raise PlanChanged(plan)
        return done_before
    if plan.is_empty:
        return None
    for finding in plan.stopping:
        raise Refused(finding.sentence)
    if plan.warnings and not reason.strip():
        raise Refused(refusal("reason_missing", sentence="publish_reason_missing"))
    _take_groups_over(plan.publication)
    write_publication(plan.publication)
    done = record_publication(
        term,
        plan.publication,
        fingerprint=fingerprint,
        warnings=[str(each.first.sentence) for each in plan.gathered() if not each.first.stops],
        told=len(plan.told),
        by=by,
        reason=reason.strip(),
    )
    tell_publication(done, plan.told, now=now)
    return done


def _published_before(term: Term, fingerprint: str, by: Account) -> TermPublication | None:
    """Return the latest publication if it did just what is confirmed once more: a button was pressed twice."""
    latest = TermPublication.objects.filter(term=term).order_by("-at", "-id").first()
    return latest if latest and (latest.fingerprint, latest.by_id) == (fingerprint, by.pk) else None


def _examine(term: Term, publication: Publication, held: Iterable[Finding] = ()) -> TermPlan:
    return TermPlan(term, publication, [*find_all(publication), *held], who_is_told(publication))


def _term(term_id: uuid.UUID) -> Term:
    return Term.objects.select_related("timetable").get(pk=term_id)


def _all_of(term: Term) -> tuple[list[uuid.UUID], list[Finding]]:
    """Return the lines of a term without those that wait for the owner of a room, and what is said about these."""
    keys = list(Series.objects.lines().filter(term=term).order_by("pk").values_list("pk", flat=True))
    waiting, held = held_back(keys)
    return [key for key in keys if key not in waiting], held


def _term_of(keys: list[uuid.UUID]) -> uuid.UUID:
    terms = set(Series.objects.filter(pk__in=belonging(keys)).values_list("term_id", flat=True))
    if not terms:
        raise Series.DoesNotExist
    if len(terms) > 1:
        raise Refused(refusal("other_terms"))
    return terms.pop()


def _away(term: Term, now: datetime) -> list[Away]:
    return away_periods(term.timetable_id, since=now)


def _take_groups_over(publication: Publication) -> None:
    """Let the groups of revisions meet in the lines they revise, and show groups that were being planned."""
    groups = groups_of(publication.lines)
    for line in publication.lines:
        if line.is_revised:
            line.series.groups.set(groups.get(line.series.pk, ()))
    planned = {group.pk for met in groups.values() for group in met if group.is_draft}
    for group in Group.objects.filter(pk__in=planned):
        group.is_draft = False
        group.save(update_fields=["is_draft", "updated_at"])

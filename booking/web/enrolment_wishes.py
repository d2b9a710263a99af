"""Asking for more than one place at once: any group of an activity, or siblings who come together or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking.domain.enrolment import enrol_child
from booking.domain.idempotency import Answer, answer_once
from booking.domain.joint_enrolment import Ask, enrol_in_any, enrol_together
from booking.domain.refusals import refusal_for
from booking.domain.rule_facts import KnownFacts
from booking.models import Account, Enrolment, Group, Person
from booking.web.family_members import Member
from booking.web.offer_words import full_name

CREATED = 201


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody of the family who could come along, and the group that would take her."""

    member: Member
    group: Group

    @property
    def value(self) -> str:
        """What the form sends for her."""
        return str(self.member.id)

    @property
    def group_name(self) -> str:
        """The group as people call it."""
        return full_name(self.group)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a family may ask for beside one place in one group."""

    group: Group
    others: tuple[Group, ...]
    companions: tuple[Companion, ...]

    @property
    def other_names(self) -> list[str]:
        """The other groups of the activity as people call them."""
        return [full_name(group) for group in self.others]

    def enrol_once(self, member: Member, wanted: dict[str, Any], *, by: Account, now: datetime) -> str:
        """As `enrol`, once a form: the same form sent again returns the first one's id."""

        def effect() -> Answer:
            any_group, together = wanted["any_group"], wanted["together"]
            return Answer(CREATED, self.enrol(member, any_group=any_group, together=together, by=by, now=now))

        key = f"enrol-form:{wanted['form_key']}:{self.group.pk}:{member.id}"
        answer, _repeated = answer_once(account=by, key=key, fingerprint="", effect=effect, now=now)
        return str(answer.body)

    def enrol(  # noqa: PLR0913  an enrolment is made of these facts
        self,
        member: Member,
        *,
        any_group: bool,
        together: Collection[str],
        by: Account,
        now: datetime,
        note: str = "",
        by_desk: bool = False,
    ) -> str:
        """Enrol `member` as wished and return the id of her place, the one in this group where she has several.

        Raises Refused; then nothing has changed.
        """
        with_her = [each for each in self.companions if each.value in together and each.member.id != member.id]
        if with_her:
            asks = [Ask(member.person, self.group), *(Ask(each.member.person, each.group) for each in with_her)]
            entries = enrol_together(asks=asks, by=by, now=now, note=note, by_desk=by_desk)
        elif any_group and self.others:
            groups = [self.group, *self.others]
            entries = enrol_in_any(child=member.person, groups=groups, by=by, now=now, note=note, by_desk=by_desk)
        else:
            place = enrol_child(child=member.person, group=self.group, by=by, now=now, note=note, by_desk=by_desk)
            entries = [place]
        return str(_nearest(entries, member, self.group).pk)


def wishes_for(
    group: Group, members: Sequence[Member], now: datetime, *, by_desk: bool = False, asker: uuid.UUID | None = None
) -> Wishes:
    """Return what these people may ask for beside one place in the group; nothing where nothing more fits them.

    The desk asks for one of them (`asker`), and for groups that are not open to families too.
    """
    asking = [member for member in members if member.may_book]
    alike = Group.objects.filter(activity=group.activity_id).exclude(pk=group.pk).catalogue().order_by("name", "pk")
    if not by_desk:
        alike = alike.public().open_at(now)
    near = [group, *(each for each in alike if not each.has_ended_at(now))]
    facts = KnownFacts(children=[member.person for member in asking], groups=near, now=now)
    fits = {
        member.id: [
            each
            for each in near
            if refusal_for(child=member.person, group=each, now=now, by_desk=by_desk, facts=facts) is None
        ]
        for member in asking
    }
    here = [member for member in asking if group in fits[member.id] and asker in {None, member.id}]
    others = [each for each in near[1:] if any(each in fits[member.id] for member in here)]
    companions = [Companion(member, fits[member.id][0]) for member in asking if fits[member.id]]
    if len(here) == 1:
        companions = [each for each in companions if each.member != here[0]]
    return Wishes(group, tuple(others) if not group.takes_at_once else (), tuple(companions) if here else ())


@dataclass(frozen=True, slots=True)
class Linked:
    """One other place in line that was asked for at once with this one."""

    entry: Enrolment

    @property
    def pk(self) -> uuid.UUID:
        """Its id."""
        return self.entry.pk

    @property
    def child(self) -> Person:
        """Who waits there."""
        return self.entry.child

    @property
    def group_name(self) -> str:
        """The group as people call it."""
        return full_name(self.entry.group)

    @property
    def place_in_line(self) -> int | None:
        """The place in that line."""
        return self.entry.place_in_line

    @property
    def get_status_display(self) -> str:
        """How it stands."""
        return str(self.entry.get_status_display())


@dataclass(frozen=True, slots=True)
class AlsoInLine:
    """What hangs together with one place in line: other groups of the wish, siblings of the bundle."""

    others: tuple[Linked, ...]
    siblings: tuple[Linked, ...]


def also_in_line(entry: Enrolment, members: Iterable[Member]) -> AlsoInLine:
    """Return the other places in line of the same wish and of the same bundle, of these people; in at most two queries.

    A sibling whom the reader may not see is not named.
    """
    seen = [member.id for member in members]
    line = Enrolment.objects.in_line().exclude(pk=entry.pk).filter(child__in=seen).with_position()
    waiting = line.select_related("child", "group__activity").order_by("group__name", "line_number")
    others = waiting.filter(wish=entry.wish) if entry.wish else ()
    siblings = waiting.filter(bundle=entry.bundle) if entry.bundle else ()
    return AlsoInLine(tuple(Linked(each) for each in others), tuple(Linked(each) for each in siblings))


def _nearest(entries: Sequence[Enrolment], member: Member, group: Group) -> Enrolment:
    own = [entry for entry in entries if entry.child_id == member.id]
    return next((entry for entry in own if entry.group_id == group.pk), own[0])

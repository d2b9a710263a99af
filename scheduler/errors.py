"""Why a rule says no: a value with a stable code and a sentence, the same for page, REST and command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Refusal:
    """A `code` that programs hold on to and a `sentence` that explains it in the reader's language.

    `sentence` is a lazy translation with `%(name)s` places that `facts` fills in.
    """

    code: str
    sentence: Promise | str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.sentence) % self.facts if self.facts else str(self.sentence)


class Refused(Exception):  # noqa: N818  it is an answer, not a failure
    """Raised by a domain function that would break a rule; nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal

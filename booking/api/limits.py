"""How often one account, or one address without an account, may ask; counted by the minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of this minute's requests."""

    policy: str
    limit: int
    used: int
    seconds_left: int

    @property
    def remaining(self) -> int:
        """How many more requests are answered."""
        return max(0, self.limit - self.used)

    def tell(self, response: Response) -> None:
        """Put the headers of draft-ietf-httpapi-ratelimit-headers on an answer."""
        response["RateLimit-Policy"] = f'"{self.policy}";q={self.limit};w={WINDOW_SECONDS}'
        response["RateLimit"] = f'"{self.policy}";r={self.remaining};t={self.seconds_left}'


class RequestLimit(BaseThrottle):
    """Counts requests of an account wherever they come from, and of an address for those without one.

    A family in a school's network is therefore not stopped by its neighbours once it is logged in.
    """

    allowance: Allowance | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  DRF's signature
        """Count the request and say whether it is still within the limit."""
        known = request.user.is_authenticated
        policy = "account" if known else "address"
        who = str(request.user.pk) if known else self.get_ident(request)
        minute, second = divmod(int(timezone.now().timestamp()), WINDOW_SECONDS)
        used = _count(f"api:{policy}:{who}:{minute}")
        limit = settings.API_REQUESTS_A_MINUTE[policy]
        self.allowance = Allowance(policy, limit, used, WINDOW_SECONDS - second)
        return bool(used <= limit)

    def wait(self) -> float | None:
        """Return the seconds until the next minute begins."""
        return float(self.allowance.seconds_left) if self.allowance else None


def _count(key: str) -> int:
    counters = caches["limits"]
    counters.add(key, 0, timeout=2 * WINDOW_SECONDS)
    try:
        return counters.incr(key)
    except ValueError:  # dropped between the two lines by a full cache: this minute begins anew
        return 1

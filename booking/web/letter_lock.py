"""The first letters of a family name, asked for before a page behind a secret link is shown.

A message can be read over somebody's shoulder or sent on by mistake, so the link alone opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from booking.models import Centre
from booking.web.name_letters import begins_with
from booking.web.visit_forms import LettersForm

TOO_MANY = 429
TRIES, TRIES_FOR = 5, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LetterLock:
    """What stands before the page of one link: its kind ("visit", "referral"), and the name whose letters open it."""

    kind: str
    token: str
    centre: Centre
    family_name: str

    @property
    def mark(self) -> str:
        """What the reader's session remembers of a link that was opened with the right letters."""
        return salted_hmac(f"booking.{self.kind}_links", self.token).hexdigest()[:20]

    def is_open(self, request: HttpRequest) -> bool:
        """Whether this reader has given the right letters before."""
        return self.mark in request.session.get(self._opened, [])

    def ask(self, request: HttpRequest) -> HttpResponse:
        """Ask for the letters; the right ones lead back to the page, too many wrong ones to a pause."""
        form = LettersForm(request.POST if "letters" in request.POST else None)
        status = 200
        if form.is_valid():
            if not self._takes_a_try():
                form.add_error(None, _("Too many tries. Please wait an hour, or call the centre."))
                status = TOO_MANY
            elif begins_with(self.family_name, form.cleaned_data["letters"]):
                request.session[self._opened] = [*request.session.get(self._opened, []), self.mark]
                return redirect(request.path)
            else:
                form.add_error("letters", _("The family name of the person whom the visit is for begins otherwise."))
        return render(request, "booking/visit_letters.html", {"centre": self.centre, "form": form}, status=status)

    def _takes_a_try(self) -> bool:
        """Use up one of the tries of this hour; False when there is none left.

        Each try is a key of its own, which only one of many requests at once can add: a counter would be read by all
        of them before the first has written it.
        """
        tries = f"{self.kind}-link-tries:{self.mark}"
        return any(cache.add(f"{tries}:{number}", 1, TRIES_FOR.total_seconds()) for number in range(TRIES))

    @property
    def _opened(self) -> str:
        return f"{self.kind}-links"


def unseen(response: HttpResponse) -> HttpResponse:
    """Keep a page with a secret address out of caches, search engines and the addresses told to others."""
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response

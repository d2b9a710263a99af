"""The short address of an SMS: it leads to the page, which asks for itself what has to be asked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.messages.short_links import page_behind
from booking.web.letter_lock import unseen


@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001  every page is called so
    """Lead to the page behind a short address; an unknown and an ended one are the same 404."""
    page = page_behind(code, now=timezone.now())
    if page is None:
        raise Http404
    return unseen(redirect(page))

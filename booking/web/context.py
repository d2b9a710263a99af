"""What every page's template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the centre and the navigation of the page; pages of a centre put `centre` themselves."""
    return {"centre": None, "navigation": []}

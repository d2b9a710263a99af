"""What every page's template knows: the reader's centre and the ways that are open to her."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.models import Centre, Guardianship, StaffRole
from booking.models.staff import DESK_ROLES, DIARY_ROLES, DOOR_ROLES, PLANNING_ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from booking.models import Account


class Link(NamedTuple):
    """One entry of the main menu."""

    url: str
    label: str
    current: str = ""  # as aria-current says it: "page", or "true" on the pages below it


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `centre` (None if the reader has none; pages of a centre put their own) and the main menu."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        ways = [(reverse("home"), _("Timetable")), (reverse("account_login"), _("Log in"))]
        return {"centre": None, "navigation": _links(request, ways)}
    roles = list(StaffRole.objects.held_by(user, timezone.localdate()).select_related("member__centre"))
    centre = roles[0].member.centre if roles else _family_centre(user)
    return {"centre": centre, "navigation": _links(request, list(_ways(user, centre, {role.role for role in roles})))}


def public_ways(request: HttpRequest, centre: Centre) -> list[Link]:
    """Return the main menu of a centre's public pages for a reader who is not logged in."""
    ways = [
        (centre.get_absolute_url(), _("Timetable")),
        (reverse("catalogue", args=[centre.slug]), _("Activities and services")),
        (reverse("account_login"), _("Log in")),
    ]
    return _links(request, ways)


def first_page_of(user: Account) -> str:
    """Return where somebody who has logged in begins: the first of the pages open to her."""
    roles = list(StaffRole.objects.held_by(user, timezone.localdate()).select_related("member__centre"))
    centre = roles[0].member.centre if roles else _family_centre(user)
    return next(url for url, _label in _ways(user, centre, {role.role for role in roles}))


def _family_centre(user: Account) -> Centre | None:
    return Centre.objects.filter(households__members=user.person_id).first() if user.person_id else None


def _ways(user: Account, centre: Centre | None, roles: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the pages open to these roles; whoever has none of them, or is a guardian too, has a family."""
    yield from _ways_of_staff(roles)
    if not (roles or user.is_superuser) or Guardianship.objects.filter(guardian_id=user.person_id).exists():
        yield reverse("family"), _("My week")
        yield reverse("family-appointments"), _("Visits")
        yield reverse("family-consents"), _("Consents")
        yield reverse("family-calendars"), _("Calendar links")
        yield reverse("family-notices"), _("Messages")
    if user.is_superuser:
        yield reverse("admin:index"), _("Administration")
    yield (centre.get_absolute_url() if centre else reverse("home")), _("Timetable")
    if centre:
        yield reverse("catalogue", args=[centre.slug]), _("Activities and services")


def _ways_of_staff(roles: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the pages that these roles work on; a role without any has a page that says so."""
    if Role.REFERRER in roles:
        yield reverse("own-referrals"), _("My referrals")
    elif roles and not roles & {*PLANNING_ROLES, *DESK_ROLES, *DIARY_ROLES}:
        yield reverse("start"), _("Start")
    if roles & set(PLANNING_ROLES):
        yield reverse("board"), _("Timetable board")
    if roles & set(DESK_ROLES):
        yield reverse("desk"), _("Desk")
    if roles & set(DIARY_ROLES):
        yield reverse("diary"), _("Diary")
    if roles & {*DIARY_ROLES, *DESK_ROLES}:
        yield reverse("on-duty"), _("On duty now")
    if roles & {*DOOR_ROLES, *DESK_ROLES}:
        yield reverse("door-list"), _("Who collects")


def _links(request: HttpRequest, ways: list[tuple[str, str]]) -> list[Link]:
    above = [url for url, _label in ways if url != "/" and request.path.startswith(url)]
    nearest = max(above, key=len, default=request.path)
    mark = "page" if nearest == request.path else "true"
    return [Link(url, label, mark if url == nearest else "") for url, label in ways]

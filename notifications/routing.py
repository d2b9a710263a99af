"""By which way a message really goes: asked once more at the moment it is sent, for what is safe may have changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from notifications.kinds import Text
from notifications.models import Message


@dataclass(frozen=True, slots=True)
class Route:
    """The way of one message in place of the one it was queued for.

    A letter waits until `not_before`; `reword` says what may be said on this way.
    """

    channel: str
    address: str
    not_before: datetime | None = None
    reword: Callable[[Text], Text] | None = None


Router = Callable[[Message, datetime], Route | None]
ROUTERS: list[Router] = []


def routes(router: Router) -> Router:
    """Let a function decide about the way of every message, of whatever kind; None leaves it as it was queued."""
    ROUTERS.append(router)
    return router


def route_of(message: Message, now: datetime) -> Route:
    """Return the way of a message at this moment: the first that a router names, or the one it was queued for.

    What an SMS could not tell is not sent by SMS again: the desk tells it.
    """
    for router in ROUTERS:
        route = router(message, now)
        if route is not None and route.channel == Message.Channel.SMS and message.desk == Message.Desk.ASKED:
            return Route(Message.Channel.DESK, route.address)
        if route is not None:
            return route
    return Route(message.channel, message.address)

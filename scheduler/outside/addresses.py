"""Which addresses of calendars may be asked: https only, and never a machine of a private network."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from scheduler.outside.refusing import CalendarRefusedError

Address = IPv4Address | IPv6Address
LONGEST_ADDRESS = 2000
TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits
SPOKEN_PORTS = frozenset({443, 8443})


def is_public(address: Address) -> bool:
    """Say whether an address is of the open internet, also one that is wrapped in another."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of a host, as the system knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(place[0]).partition("%")[0]) for *_kind, place in found]


@dataclass(frozen=True, slots=True)
class Network:
    """What a fetch may reach. Tests pass one with their own server; the product uses the open internet alone."""

    resolve: Callable[[str, int], Sequence[Address]] = resolve
    may_reach: Callable[[Address], bool] = is_public
    ports: frozenset[int] = SPOKEN_PORTS
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address and the one machine that will be asked, so that a name cannot lead elsewhere a moment later."""

    host: str
    port: int
    path: str
    machine: Address


def clean_address(text: str) -> str:
    """Return the address of a calendar as it is fetched; `webcal://` is what programs call https.

    Raises CalendarRefusedError (`calendar_address_wrong`, `calendar_not_https`, `calendar_private_address`).
    """
    address = text.strip()
    if address.lower().startswith("webcal://"):
        address = "https://" + address[len("webcal://") :]
    host = _split(address).hostname or ""
    with suppress(ValueError):  # a name is looked up when it is asked
        if not is_public(ip_address(host)):
            raise CalendarRefusedError("calendar_private_address")
    return address.partition("#")[0]


def host_of(address: str) -> str:
    """Return the name of the machine in an address: all of it that is shown to anybody."""
    return _split(address).hostname or ""


def aim(address: str, network: Network) -> Target:
    """Look an address up and choose the machine to ask.

    One private address among those of the name is enough to refuse it. Raises CalendarRefusedError.
    """
    parts = _split(address)
    host, port = parts.hostname or "", parts.port or 443
    if port not in network.ports:
        raise CalendarRefusedError("calendar_address_wrong")
    try:
        machines = network.resolve(host, port)
    except (OSError, UnicodeError) as failure:
        raise CalendarRefusedError("calendar_unreachable") from failure
    if not machines:
        raise CalendarRefusedError("calendar_unreachable")
    if not all(network.may_reach(machine) for machine in machines):
        raise CalendarRefusedError("calendar_private_address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, path, machines[0])


def follow(address: str, location: str) -> str:
    """Return where a redirect leads, checked as an address that somebody wrote. Raises CalendarRefusedError."""
    return clean_address(urljoin(address, location))


def _split(address: str) -> SplitResult:
    """Take an address apart. Raises CalendarRefusedError."""
    if not address.isascii() or not address.isprintable() or " " in address or len(address) > LONGEST_ADDRESS:
        raise CalendarRefusedError("calendar_address_wrong")
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError as failure:
        raise CalendarRefusedError("calendar_address_wrong") from failure
    if parts.scheme != "https":
        raise CalendarRefusedError("calendar_not_https" if parts.scheme == "http" else "calendar_address_wrong")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise CalendarRefusedError("calendar_address_wrong")
    return parts

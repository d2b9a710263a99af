from __future__ import annotations

import time
from ipaddress import ip_address

import pytest

from scheduler.outside.addresses import Network, aim, clean_address, host_of, is_public
from scheduler.outside.fetching import LIMITS, FetchLimits, fetch_calendar
from scheduler.outside.refusing import CalendarRefusedError
from tests.scheduler.outside.files import calendar
from tests.scheduler.outside.servers import Outside

pytestmark = pytest.mark.once
GOOD = calendar()


def code_of(address: str, outside: Outside, limits: FetchLimits = LIMITS) -> str:
    """Return why the calendar at an address is not fetched."""
    with pytest.raises(CalendarRefusedError) as refused:
        fetch_calendar(address, network=outside.network, limits=limits)
    return refused.value.code


def test_calendar_is_fetched_without_telling_who_asks(outside):
    outside.serve(GOOD)
    assert fetch_calendar(outside.address(), network=outside.network) == GOOD
    ((path, headers),) = outside.asked
    assert path == "/calendar.ics"
    assert headers == {
        "Host": f"calendar.example.org:{outside.port}",
        "User-Agent": "Grafik",
        "Accept": "text/calendar",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def test_webcal_is_https_and_the_fragment_stays_here():
    assert clean_address(" webcal://calendar.example.org/a.ics?x=1#me ") == "https://calendar.example.org/a.ics?x=1"
    assert host_of("https://calendar.example.org:8443/secret.ics") == "calendar.example.org"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://calendar.example.org/a.ics", "calendar_not_https"),
        ("ftp://calendar.example.org/a.ics", "calendar_address_wrong"),
        ("file:///etc/passwd", "calendar_address_wrong"),
        ("calendar.example.org/a.ics", "calendar_address_wrong"),
        ("https://", "calendar_address_wrong"),
        ("https://me:secret@calendar.example.org/a.ics", "calendar_address_wrong"),
        ("https://calendar.example.org:99999/a.ics", "calendar_address_wrong"),
        ("https://calendar.example.org:22/a.ics", "calendar_address_wrong"),
        ("https://[::1/a.ics", "calendar_address_wrong"),
        ("https://calendar.example.org/a b.ics", "calendar_address_wrong"),
        ("https://calendar.example.org/a\r\nHost: x", "calendar_address_wrong"),
        ("https://kalendarz.example.org/ł.ics", "calendar_address_wrong"),
        ("https://calendar.example.org/" + "a" * 2000, "calendar_address_wrong"),
        ("", "calendar_address_wrong"),
    ],
)
def test_impossible_address_is_refused_before_anything_is_asked(address, code):
    def nobody(host, port):
        raise AssertionError("looked up")

    with pytest.raises(CalendarRefusedError) as refused:
        aim(clean_address(address), Network(resolve=nobody))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "machine",
    [
        "127.0.0.1",
        "127.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.1.2.3",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_private_machine_is_never_asked(machine):
    assert not is_public(ip_address(machine))
    with pytest.raises(CalendarRefusedError) as refused:
        aim("https://calendar.example.org/", Network(resolve=lambda *_: [ip_address(machine)]))
    assert refused.value.code == "calendar_private_address"


@pytest.mark.parametrize("machine", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_machine_of_the_open_internet_may_be_asked(machine):
    assert is_public(ip_address(machine))


def test_name_with_one_private_machine_among_others_is_refused():
    both = [ip_address("93.184.216.34"), ip_address("10.0.0.1")]
    with pytest.raises(CalendarRefusedError) as refused:
        aim("https://calendar.example.org/", Network(resolve=lambda *_: both))
    assert refused.value.code == "calendar_private_address"


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://localhost/"]
)
def test_product_itself_does_not_ask_this_machine(address):
    with pytest.raises(CalendarRefusedError) as refused:
        fetch_calendar(address)
    assert refused.value.code == "calendar_private_address"


def test_redirect_is_followed(outside):
    outside.redirect("/other.ics")
    outside.serve(GOOD, "/other.ics")
    assert fetch_calendar(outside.address(), network=outside.network) == GOOD


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("https://127.0.0.1:{port}/calendar.ics", "calendar_private_address"),
        ("https://localhost:{port}/calendar.ics", "calendar_private_address"),
        ("https://[::1]:{port}/calendar.ics", "calendar_private_address"),
        ("https://two.example.org:{port}/calendar.ics", "calendar_private_address"),
        ("http://calendar.example.org:{port}/calendar.ics", "calendar_not_https"),
        ("file:///etc/passwd", "calendar_address_wrong"),
        ("https://calendar.example.org:22/", "calendar_address_wrong"),
        ("https://unknown.example.org:{port}/", "calendar_unreachable"),
        ("/calendar.ics", "calendar_too_many_redirects"),
    ],
)
def test_each_redirect_is_checked_like_the_first_address(outside, to, code):
    outside.redirect(to.format(port=outside.port))
    assert code_of(outside.address(), outside) == code
    assert len(outside.asked) == (4 if code == "calendar_too_many_redirects" else 1)


def test_machine_is_looked_up_once_and_the_one_found_is_asked(outside):
    """A name that answers another machine a moment later changes nothing."""
    outside.serve(GOOD)
    looked: list[str] = []
    network = outside.network

    def resolve(host, port):
        looked.append(host)
        return network.resolve(host, port) if len(looked) == 1 else [ip_address("127.0.0.1")]

    again = Network(resolve=resolve, may_reach=network.may_reach, ports=network.ports, tls=network.tls)
    assert fetch_calendar(outside.address(), network=again) == GOOD
    assert looked == ["calendar.example.org"]


@pytest.mark.parametrize(
    ("status", "code"), [(404, "calendar_gone"), (401, "calendar_gone"), (500, "calendar_unreachable")]
)
def test_other_answers_are_refused(outside, status, code):
    outside.serve(GOOD, status=status)
    assert code_of(outside.address(), outside) == code


def test_announced_size_is_refused_at_once(outside):
    outside.serve(b"", Content_Length="6000000")
    assert code_of(outside.address(), outside) == "calendar_too_large"


def test_size_that_was_not_announced_is_refused_where_it_passes_the_limit(outside):
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"x" * 10_000)

    outside.answers["/calendar.ics"] = answer
    assert code_of(outside.address(), outside) == "calendar_too_large"


def test_packed_body_is_refused(outside):
    outside.serve(GOOD, Content_Encoding="gzip")
    assert code_of(outside.address(), outside) == "calendar_not_a_calendar"


def test_body_that_comes_drop_by_drop_is_cut_off(outside):
    outside.trickle(0.05)
    begun = time.monotonic()
    assert code_of(outside.address(), outside, FetchLimits(seconds=1)) == "calendar_too_slow"
    assert time.monotonic() - begun < 3


def test_server_that_never_answers_is_left(outside):
    outside.answers["/calendar.ics"] = lambda _: time.sleep(2)
    assert code_of(outside.address(), outside, FetchLimits(seconds=0.5)) == "calendar_too_slow"


def test_certificate_that_nobody_trusts_is_refused(outside):
    outside.serve(GOOD)
    outside.trusted = False
    assert code_of(outside.address(), outside) == "calendar_unreachable"
    assert outside.asked == []

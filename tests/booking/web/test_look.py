"""What the stylesheet promises: a class for every place of the grid, contrast for every pair of colours."""

from __future__ import annotations

import colorsys
import re
from pathlib import Path

import pytest
from django.apps import apps

BOOKING = Path(apps.get_app_config("booking").path)
CSS = (BOOKING / "static/booking/grafik.css").read_text()
TIMES = (BOOKING / "static/booking/week-times.css").read_text()
ACCENTS = ["teal", "blue", "plum", "forest", "terracotta"]
DARK_FROM = CSS.index("@media screen and (prefers-color-scheme: dark)")
TEXT_ON = [
    ("--ink", "--paper"),
    ("--ink", "--surface"),
    ("--ink", "--sunken"),
    ("--muted", "--paper"),
    ("--muted", "--surface"),
    ("--accent", "--paper"),
    ("--accent", "--surface"),
    ("--accent-strong", "--accent-soft"),
    ("--accent", "--accent-soft"),
    ("--on-accent", "--accent"),
    ("--warm", "--warm-soft"),
    ("--warm", "--paper"),
    ("--amber", "--amber-soft"),
    ("--ink", "--amber-soft"),
    ("--danger", "--danger-soft"),
    ("--danger", "--surface"),
    ("--good", "--good-soft"),
    ("--ink", "--good-soft"),
    ("--foot-ink", "--foot"),
]
SHAPES_ON = [("--line-strong", "--surface"), ("--line-strong", "--paper"), ("--accent", "--foot-ink")]


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def tokens(accent: str, *, dark: bool) -> dict[str, str]:
    """The custom properties that hold for a centre's accent: the root's, the dark ones over them, the accent's last."""
    light_part, dark_part = CSS[:DARK_FROM], CSS[DARK_FROM : CSS.index(".hue-1", DARK_FROM)]
    found: dict[str, str] = {}
    for part in [light_part, dark_part] if dark else [light_part]:
        for selector in (r":root", rf"\.accent-{accent}"):
            for block in re.findall(rf"{selector} \{{(.*?)\}}", part, re.DOTALL):
                found |= declared(block)
    return found


def luminance(colour: tuple[float, ...]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rgb(text: str) -> tuple[float, ...]:
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return tuple(int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("accent", ACCENTS)
def test_text_of_every_accent_has_the_contrast_of_wcag_aa(accent: str, *, dark: bool) -> None:
    known = tokens(accent, dark=dark)
    weak = {pair: round(contrast(rgb(known[pair[0]]), rgb(known[pair[1]])), 2) for pair in TEXT_ON}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_borders_of_fields_have_the_contrast_of_shapes(*, dark: bool) -> None:
    known = tokens("teal", dark=dark)
    weak = {pair: contrast(rgb(known[pair[0]]), rgb(known[pair[1]])) for pair in SHAPES_ON[:2]}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def hues() -> set[int]:
    return {int(hue) for hue in re.findall(r"--h: (\d+);", CSS)}


def hue_colours(name: str, *, dark: bool) -> dict[int, tuple[float, ...]]:
    """The colour a hue gives, from the formula in the stylesheet."""
    in_light, in_dark = re.findall(rf"{name}: hsl\(var\(--h\) (\d+)% (\d+)%\)", CSS)
    saturation, lightness = (int(part) / 100 for part in (in_dark if dark else in_light))
    return {hue: colorsys.hls_to_rgb(hue / 360, lightness, saturation) for hue in hues()}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_hue_is_legible(*, dark: bool) -> None:
    fill, ink, line = (hue_colours(name, dark=dark) for name in ("--hue-fill", "--hue-ink", "--hue-line"))
    surface = rgb(tokens("teal", dark=dark)["--surface"])
    assert {hue for hue in hues() if contrast(fill[hue], ink[hue]) < 4.5} == set()
    assert {hue for hue in hues() if contrast(line[hue], surface) < 3} == set()


def test_every_activity_kind_has_its_colour() -> None:
    kinds = set(apps.get_model("booking", "Activity").Kind.values)
    assert kinds | {"service"} == set(re.findall(r"\.kind-(\w+)", CSS))  # and the help of specialists


def test_every_accent_of_a_centre_is_known_to_the_stylesheet() -> None:
    assert set(apps.get_model("booking", "Centre").Accent.values) == {"teal", *re.findall(r"\.accent-(\w+)", CSS)}


def test_every_five_minutes_of_a_day_have_a_place_in_the_grid() -> None:
    starts = {f".at-{minutes // 60:02d}{minutes % 60:02d}{{--at:{minutes // 5}}}" for minutes in range(0, 24 * 60, 5)}
    lengths = {f".for-{minutes}{{--for:{minutes // 5}}}" for minutes in range(5, 24 * 60 + 1, 5)}
    lanes = {f".lane-{lane}-of-{count}{{" for count in range(1, 13) for lane in range(1, count + 1)}
    hours = {f".from-{hour}{{--from:{hour * 12}}}" for hour in range(24)} | {
        f".until-{hour}{{--until:{hour * 12}}}" for hour in range(1, 25)
    }
    assert {rule for rule in starts | lengths | lanes | hours if rule not in TIMES} == set()


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    inline = re.compile(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    templates = BOOKING.glob("templates/**/*.html")
    assert [str(path) for path in templates if inline.search(path.read_text())] == []


def test_no_template_loads_from_another_host() -> None:
    foreign = re.compile(r"<(?:link|script|img|iframe|use)[^>]*(?:href|src)=\"(?:https?:)?//", re.IGNORECASE)
    assert [str(path) for path in BOOKING.glob("templates/**/*.html") if foreign.search(path.read_text())] == []

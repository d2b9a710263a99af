"""Gather the texts of code and templates, and hold the Polish and Ukrainian catalogues against them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

APPS = ("booking", "notifications", "scheduler")
LANGUAGES = ("pl", "uk")
LINE_WIDTH = 120
Extracted = tuple[
    int, str | tuple[str, ...], list[str], str | None
]  # line, text or its plural forms, comments, context
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")
}
KEYWORDS |= {"gettext_noop": None}


def gather(app: str) -> Catalog:
    """Return every text of an app that is given to gettext, in Python and in templates."""
    catalogue = Catalog(charset="utf-8")
    found: Iterable[Extracted]
    for path in sorted(Path(app).rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            found = extract("python", io.BytesIO(path.read_bytes()), keywords=KEYWORDS)
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            found = _extract_template(path)
        else:
            continue
        for line, text, _comments, context in found:
            catalogue.add(text, context=context, locations=[(str(path), line)])
    return catalogue


def _extract_template(path: Path) -> Iterable[Extracted]:
    # Django itself turns a template into gettext calls, as for its makemessages; what is left around them
    # is no Python, but Babel's JavaScript reader passes over it.
    from django.utils.translation.template import templatize  # noqa: PLC0415  needs settings, which main() names

    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return extract("javascript", io.BytesIO(source.encode()), keywords=KEYWORDS)


def catalogue_path(app: str, language: str) -> Path:
    """Return where an app keeps its texts in a language."""
    return Path(app) / "locale" / language / "LC_MESSAGES" / "django.po"


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, project="Grafik", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def faults(app: str, language: str, wanted: Catalog) -> list[str]:
    """Return what keeps a catalogue from being complete, one sentence each."""
    path = catalogue_path(app, language)
    catalogue = _read(path, language)
    found = [fault for message in _texts(wanted) if (fault := _fault(message, catalogue))]
    spare = [message for message in _texts(catalogue) if not wanted.get(_key(message), message.context)]
    found += [f"no longer used: {message.id!r}" for message in spare]
    found += [f"no longer used: {message.id!r}" for message in catalogue.obsolete.values()]
    return [f"{path}: {fault}" for fault in found]


def _fault(wanted: Message, catalogue: Catalog) -> str | None:
    message = catalogue.get(_key(wanted), wanted.context)
    place = ":".join(map(str, wanted.locations[0]))
    if message is None:
        return f"missing: {wanted.id!r} ({place})"
    if message.fuzzy:
        return f"fuzzy: {wanted.id!r} ({place})"
    texts = [message.string] if isinstance(message.string, str) else list(message.string or [])
    plural = isinstance(wanted.id, tuple)
    if not all(texts) or len(texts) != (catalogue.num_plurals if plural else 1):
        return f"untranslated: {wanted.id!r} ({place})"
    errors = [str(error) for error in message.check(catalogue)]
    return f"wrong: {wanted.id!r}: {'; '.join(errors)}" if errors else None


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def update(app: str, language: str, wanted: Catalog) -> None:
    """Write a catalogue that has exactly the wanted texts, keeping the translations there are."""
    old = _read(catalogue_path(app, language), language)
    new = Catalog(locale=language, project="Grafik", charset="utf-8", fuzzy=False)
    new.mime_headers = old.mime_headers
    for message in _texts(wanted):
        known = old.get(_key(message), message.context)
        string = known.string if known and isinstance(known.id, tuple) == isinstance(message.id, tuple) else None
        new.add(message.id, string, context=message.context, flags=message.flags)
    path = catalogue_path(app, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=LINE_WIDTH, sort_output=True)


def main(verb: str) -> int:
    """Check or update all catalogues; return 1 when a check finds a fault."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.testing")
    found: list[str] = []
    for app in APPS:
        wanted = gather(app)
        for language in LANGUAGES:
            if verb == "update":
                update(app, language, wanted)
            found += faults(app, language, wanted)
    print("\n".join(found) or "every text is translated")
    return 1 if found and verb == "check" else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["check"], ["update"]):
        sys.exit("usage: python -m tests.tooling.translations check|update")
    sys.exit(main(sys.argv[1]))

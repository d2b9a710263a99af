"""The translation check sees each way in which a catalogue can be incomplete."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po

from tests.tooling.translations import catalogue_path, faults, gather, update

pytestmark = pytest.mark.once

TEMPLATE = """{% load i18n %}
<p title="{% translate "100% free" %}">{# {% translate "Not read" %} #}{{ _("Bar") }}</p>
{% blocktranslate trimmed count n=places context "group" %}
    {{ n }} place
{% plural %}
    {{ n }} places
{% endblocktranslate %}
"""
CODE = 'from django.utils.translation import gettext_lazy as _\nNAME = _("Zoë’s group")\n'


def make_app(folder, monkeypatch):
    (folder / "shop" / "templates" / "shop").mkdir(parents=True)
    (folder / "shop" / "templates" / "shop" / "page.html").write_text(TEMPLATE)
    (folder / "shop" / "models.py").write_text(CODE)
    monkeypatch.chdir(folder)
    return "shop"


def test_gather_reads_code_and_templates_as_django_looks_them_up(tmp_path, monkeypatch):
    wanted = gather(make_app(tmp_path, monkeypatch))

    assert {(message.id, message.context) for message in wanted if message.id} == {
        ("Zoë’s group", None),
        ("100%% free", None),
        ("Bar", None),
        (("%(n)s place", "%(n)s places"), "group"),
    }


def test_faults_name_missing_untranslated_fuzzy_and_spare_texts(tmp_path, monkeypatch):
    app = make_app(tmp_path, monkeypatch)
    wanted = gather(app)
    path = catalogue_path(app, "pl")
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '#, fuzzy\nmsgid "Bar"\nmsgstr "Bar"\n\nmsgid "100%% free"\nmsgstr ""\n\nmsgid "Old"\nmsgstr "Stare"\n'
        'msgctxt "group"\nmsgid "%(n)s place"\nmsgid_plural "%(n)s places"\n'
        'msgstr[0] "%(n)s miejsce"\nmsgstr[1] "%(n)s miejsca"\nmsgstr[2] ""\n'
    )

    found = sorted(fault.removeprefix(f"{path}: ").partition(" (shop/")[0] for fault in faults(app, "pl", wanted))

    assert found == [
        "fuzzy: 'Bar'",
        "missing: 'Zoë’s group'",
        "no longer used: 'Old'",
        "untranslated: '100%% free'",
        "untranslated: ('%(n)s place', '%(n)s places')",
    ]


def test_update_keeps_translations_adds_new_texts_and_drops_spare_ones(tmp_path, monkeypatch):
    app = make_app(tmp_path, monkeypatch)
    path = catalogue_path(app, "uk")
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Bar"\nmsgstr "Бар"\n\nmsgid "Old"\nmsgstr "Старе"\n'
    )

    update(app, "uk", gather(app))

    with path.open("rb") as file:
        catalogue = read_po(file, locale="uk")
    assert {message.id: message.string for message in catalogue if message.id} == {
        "Bar": "Бар",
        "100%% free": "",
        "Zoë’s group": "",
        ("%(n)s place", "%(n)s places"): ("", "", ""),
    }

"""The closed set of recurrence rules, and the school breaks of 2025/26 and 2026/27 by voivodeship."""

from datetime import date

from django.db import migrations

from scheduler.recurrence import seeded_rules

ORDINANCE = "Calendar of the school year, Ministry of National Education"
WINTER = {
    # the first and last day of the winter break, and the voivodeships (ISO 3166-2:PL) that have it then
    (date(2026, 1, 19), date(2026, 2, 1)): ("14", "22", "20", "26", "28"),
    (date(2026, 2, 2), date(2026, 2, 15)): ("02", "04", "10", "32", "12", "16"),
    (date(2026, 2, 16), date(2026, 3, 1)): ("18", "06", "30", "08", "24"),
    (date(2027, 1, 18), date(2027, 1, 31)): ("02", "10", "16", "18", "20", "24"),
    (date(2027, 2, 1), date(2027, 2, 14)): ("14", "22", "06", "26"),
    (date(2027, 2, 15), date(2027, 2, 28)): ("04", "08", "12", "28", "30", "32"),
}
COUNTRYWIDE = [
    ("christmas", date(2025, 12, 22), date(2025, 12, 31)),
    ("easter", date(2026, 4, 2), date(2026, 4, 7)),
    ("summer", date(2026, 6, 27), date(2026, 8, 31)),
    ("christmas", date(2026, 12, 23), date(2026, 12, 31)),
    ("easter", date(2027, 3, 25), date(2027, 3, 30)),
    ("summer", date(2027, 6, 26), date(2027, 8, 31)),
]


def seed(apps, schema_editor):
    Rule = apps.get_model("schedule", "Rule")
    for name, frequency, params in seeded_rules():
        Rule.objects.get_or_create(name=name, defaults={"description": name, "frequency": frequency, "params": params})
    SchoolBreak = apps.get_model("scheduler", "SchoolBreak")
    rows = [("winter", code, first, last) for (first, last), codes in WINTER.items() for code in codes]
    rows += [(kind, "", first, last) for kind, first, last in COUNTRYWIDE]
    SchoolBreak.objects.bulk_create(
        SchoolBreak(kind=kind, voivodeship=code, starts_on=first, ends_on=last, source=ORDINANCE)
        for kind, code, first, last in rows
    )


class Migration(migrations.Migration):
    dependencies = [("scheduler", "0002_no_double_booking"), ("schedule", "0015_rename_indexes")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

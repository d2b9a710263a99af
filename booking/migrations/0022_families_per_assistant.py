"""With how many families one family assistant may work at a time: the number of the country, with its source."""

from datetime import date

from django.db import migrations

NUMBERS = (
    (
        "families_per_assistant",
        15,
        date(2015, 1, 1),
        "art. 15 ustawy z 9 czerwca 2011 r. o wspieraniu rodziny i systemie pieczy zastępczej (Dz.U. 2011 nr 149 "
        "poz. 887, ze zm.); liczbę trzeba potwierdzić w obowiązującym tekście",
    ),
)


def seed(apps, schema_editor):
    policies = apps.get_model("booking", "Policy").objects
    for key, value, valid_from, source in NUMBERS:
        policies.get_or_create(centre=None, key=key, valid_from=valid_from, defaults={"value": value, "source": source})


class Migration(migrations.Migration):
    dependencies = [("booking", "0021_families_of_assistants")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

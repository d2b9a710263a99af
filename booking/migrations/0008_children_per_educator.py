"""How many children one educator may care for at a time: the number of the country, with its source."""

from datetime import date

from django.db import migrations

NUMBERS = (
    (
        "children_per_educator",
        15,
        date(2012, 1, 1),
        "Act of 9 June 2011 on family support and foster care (Dz.U. 2011 nr 149 poz. 887), day-support facilities",
    ),
)


def seed(apps, schema_editor):
    policies = apps.get_model("booking", "Policy").objects
    for key, value, valid_from, source in NUMBERS:
        policies.get_or_create(centre=None, key=key, valid_from=valid_from, defaults={"value": value, "source": source})


class Migration(migrations.Migration):
    dependencies = [("booking", "0007_staff_who_are_checked_and_away")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

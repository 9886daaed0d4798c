"""Figures are listed by value from an index."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("figures", "0002_held")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="observationrow",
            index=models.Index(fields=["amount"], name="observation_amount"),
        ),
    ]

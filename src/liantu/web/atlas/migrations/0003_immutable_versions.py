"""Versions and notes on fields are added, never changed or removed."""

from typing import ClassVar

from django.db import migrations

from liantu.web.kit.triggers import Immutable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("atlas", "0002_datasets")]
    operations: ClassVar = [
        Immutable("DatasetVersion"),
        Immutable("FieldNote"),
    ]

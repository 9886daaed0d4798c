"""Events are added, never changed or removed; the head only moves on, one event at a time."""

from typing import ClassVar

from django.db import migrations

from liantu.web.kit.triggers import Immutable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [
        Immutable("Event"),
        Immutable("Head", when="NEW.seq <> OLD.seq + 1 OR NEW.id <> OLD.id", name="onward"),
    ]

"""Events, what was told, editions and evidence are added, never changed or removed; a case only moves on."""

from typing import ClassVar

from django.db import migrations

from liantu.web.kit.triggers import Immutable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casefile", "0001_initial")]
    operations: ClassVar = [
        Immutable("CaseEvent"),
        Immutable("EscalationSent"),
        Immutable("FlowEdition"),
        Immutable("Attachment"),
        Immutable(
            "CaseFile", when="NEW.version < OLD.version OR NEW.version > OLD.version + 1", name="onward"
        ),
    ]

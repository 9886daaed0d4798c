"""What a publication is listed by, copied from its run."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from liantu.web.kit.triggers import Immutable

COPIED = {
    "dataset": "version__dataset",
    "number": "version__number",
    "value": "result__objective",
}


def lift(apps: Any, editor: Any) -> None:
    """Rows are written once more; the next migration closes them again."""
    Immutable("Publication").drop(editor, "atlas_publication")


def copy(apps: Any, editor: Any) -> None:
    """Fill the columns of the rows there are."""
    run = apps.get_model("atlas", "Run").objects.filter(pk=OuterRef("run"))
    found = {name: Subquery(run.values(source)) for name, source in COPIED.items()}
    apps.get_model("atlas", "Publication").objects.update(
        **{**found, "value": Coalesce(found["value"], 0.0, output_field=models.FloatField())}
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("atlas", "0006_outlines")]
    operations: ClassVar = [
        migrations.RunPython(lift, migrations.RunPython.noop),
        migrations.AddField(
            "publication",
            "dataset",
            models.ForeignKey(
                null=True,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="atlas.dataset",
            ),
        ),
        migrations.AddField("publication", "number", models.PositiveIntegerField(null=True, editable=False)),
        migrations.AddField("publication", "value", models.FloatField(null=True, editable=False)),
        migrations.RunPython(copy, migrations.RunPython.noop),
    ]

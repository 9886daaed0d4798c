"""Every publication says what it is listed by; its rows are immutable again."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from liantu.web.kit.triggers import Immutable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("atlas", "0007_publications")]
    operations: ClassVar = [
        migrations.AlterField(
            "publication",
            "dataset",
            models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="atlas.dataset",
            ),
        ),
        migrations.AlterField("publication", "number", models.PositiveIntegerField(editable=False)),
        migrations.AlterField("publication", "value", models.FloatField(editable=False)),
        migrations.AddIndex(
            "publication", models.Index(fields=["dataset", "at", "id"], name="publication_at")
        ),
        migrations.AddIndex(
            "publication", models.Index(fields=["dataset", "number", "id"], name="publication_number")
        ),
        migrations.AddIndex(
            "publication", models.Index(fields=["dataset", "value", "id"], name="publication_value")
        ),
        Immutable("Publication"),
    ]

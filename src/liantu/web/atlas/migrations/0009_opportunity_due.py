"""What is late is found by its day."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("atlas", "0008_publications_held")]
    operations: ClassVar = [
        migrations.AddIndex("opportunity", models.Index(fields=["due_on"], name="opportunity_due"))
    ]

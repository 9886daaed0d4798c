"""A person's jobs of one state are found without reading the others."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("jobs", "0001_initial")]
    operations: ClassVar = [
        migrations.AddIndex("job", models.Index(fields=["created_by", "status"], name="job_own"))
    ]

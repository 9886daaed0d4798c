"""Proposals and verified results are kept as they were."""

from typing import ClassVar

from django.db import migrations

from liantu.web.kit.triggers import Immutable


class Migration(migrations.Migration):
    dependencies: ClassVar = [("exchange", "0001_initial")]
    operations: ClassVar = [Immutable("Proposal"), Immutable("VerifiedResult")]

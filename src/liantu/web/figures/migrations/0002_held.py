"""Figures and what people said of them are kept as they were; four eyes see each before it is released."""

from typing import ClassVar

from django.db import migrations

from liantu.web.kit.triggers import Forbidden, Immutable

SINCE = (
    'COALESCE((SELECT MAX(b."number") FROM "figures_approval" b '
    'WHERE b."observation_id" = NEW."observation_id" AND b."level" = \'entered\'), 0)'
)
TWO_EYES = (
    "NEW.\"level\" <> 'entered' AND ("
    'EXISTS (SELECT 1 FROM "figures_observationrow" o WHERE o."id" = NEW."observation_id" '
    'AND (o."entered_by_id" IS NULL OR o."entered_by_id" = NEW."by_id")) '
    'OR EXISTS (SELECT 1 FROM "figures_approval" a WHERE a."observation_id" = NEW."observation_id" '
    f'AND a."by_id" = NEW."by_id" AND a."id" <> NEW."id" AND a."number" > {SINCE}))'
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("figures", "0001_initial")]
    operations: ClassVar = [
        Immutable("ObservationRow"),
        Immutable("Approval"),
        Immutable("OfficialDecision"),
        Immutable("Closure"),
        Immutable("Briefing"),
        Forbidden(
            "Approval",
            name="four_eyes",
            when=TWO_EYES,
            lock='"figures_standing" WHERE "observation_id" = NEW."observation_id"',
        ),
    ]

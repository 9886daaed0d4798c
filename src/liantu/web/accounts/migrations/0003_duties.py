"""The three admin duties are separate people; a cache that all processes share."""

from django.core.management import call_command
from django.db import migrations

from liantu.web.kit.triggers import Forbidden


def make_cache(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sessions")]
    operations = [
        Forbidden(
            "Membership",
            name="one_duty",
            when="(SELECT COUNT(*) FROM accounts_membership m WHERE m.user_id = NEW.user_id) > 1 "
            "AND EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = NEW.user_id "
            "AND m.role IN ('auditor', 'security_admin', 'system_admin'))",
            lock='"accounts_user" WHERE "id" = NEW.user_id',
        ),
        migrations.RunPython(make_cache, migrations.RunPython.noop),
    ]

"""The history holds no name and no address of a person: it cannot be changed, and a person can be erased.

Who made a change is the key of the account; an account itself is named by its number.
"""

from django.db import migrations

WITHOUT_PERSONS = """
CREATE OR REPLACE FUNCTION history_without_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.actor_email := NULL;
    IF EXISTS (
        SELECT 1 FROM django_content_type
        WHERE id = NEW.content_type_id AND app_label = 'members' AND model = 'user'
    ) THEN
        NEW.object_repr := 'account ' || NEW.object_pk;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER auditlog_logentry_without_persons BEFORE INSERT ON auditlog_logentry
FOR EACH ROW EXECUTE FUNCTION history_without_persons();
"""
AS_BEFORE = """
DROP TRIGGER auditlog_logentry_without_persons ON auditlog_logentry;
DROP FUNCTION history_without_persons();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_history_append_only")]
    operations = [migrations.RunSQL(WITHOUT_PERSONS, AS_BEFORE)]

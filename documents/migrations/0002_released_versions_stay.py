"""A released version, its paragraphs and their number stay as they are: a trigger refuses every change to every role."""

from django.db import migrations

MAKE = """
CREATE FUNCTION refuse_released_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.released_at IS NULL OR (TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'version % is released: it stays as it is', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION refuse_released_paragraph() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
BEGIN
    -- Sharing the version's row lock makes a release and a change of its paragraphs wait for each other.
    FOR touched IN
        SELECT id FROM documents_version
        WHERE released_at IS NOT NULL
          AND ((TG_OP <> 'INSERT' AND id = OLD.version_id) OR (TG_OP <> 'DELETE' AND id = NEW.version_id))
        FOR SHARE
    LOOP
        RAISE EXCEPTION 'version % is released: its paragraphs stay as they are', touched
            USING ERRCODE = 'insufficient_privilege';
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER documents_version_stays BEFORE UPDATE OR DELETE ON documents_version
    FOR EACH ROW EXECUTE FUNCTION refuse_released_version();
CREATE TRIGGER documents_paragraph_stays BEFORE INSERT OR UPDATE OR DELETE ON documents_paragraph
    FOR EACH ROW EXECUTE FUNCTION refuse_released_paragraph();
"""
UNDO = """
DROP TRIGGER documents_paragraph_stays ON documents_paragraph;
DROP TRIGGER documents_version_stays ON documents_version;
DROP FUNCTION refuse_released_paragraph();
DROP FUNCTION refuse_released_version();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNDO)]

"""The tree of an agenda has no loops and stays in its meeting; changes that a calendar must know of are counted."""

from django.db import migrations

MAKE = """
CREATE FUNCTION refuse_agenda_loop() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above bigint := NEW.parent_id;
    steps int := 0;
    row record;
BEGIN
    WHILE above IS NOT NULL LOOP
        IF above = NEW.id THEN
            RAISE EXCEPTION 'agenda item % can not stand under itself', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        SELECT parent_id, meeting_id, kind INTO row FROM meetings_agendaitem WHERE id = above;
        IF row.meeting_id <> NEW.meeting_id THEN
            RAISE EXCEPTION 'agenda item % stands under one of another meeting', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        steps := steps + 1;
        IF row.kind = 'break' OR steps > 2 THEN
            RAISE EXCEPTION 'agenda item % can not stand there', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        above := row.parent_id;
    END LOOP;
    RETURN NEW;
END $$;

CREATE TRIGGER meetings_agendaitem_tree BEFORE INSERT OR UPDATE OF parent_id, meeting_id ON meetings_agendaitem
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_agenda_loop();

CREATE FUNCTION count_calendar_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.calendar_sequence := OLD.calendar_sequence;
    IF (NEW.title, NEW.place, NEW.country, NEW.starts_on, NEW.ends_on, NEW.time_zone, NEW.format, NEW.state,
        NEW.summary) IS DISTINCT FROM (OLD.title, OLD.place, OLD.country, OLD.starts_on, OLD.ends_on, OLD.time_zone,
        OLD.format, OLD.state, OLD.summary) THEN
        NEW.calendar_sequence := OLD.calendar_sequence + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER meetings_meeting_calendar BEFORE UPDATE ON meetings_meeting
    FOR EACH ROW EXECUTE FUNCTION count_calendar_change();
"""
UNDO = """
DROP TRIGGER meetings_meeting_calendar ON meetings_meeting;
DROP FUNCTION count_calendar_change();
DROP TRIGGER meetings_agendaitem_tree ON meetings_agendaitem;
DROP FUNCTION refuse_agenda_loop();
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_agenda")]
    operations = [migrations.RunSQL(MAKE, UNDO)]

"""What is append-only says no to the application role, and a trigger says no to the owner."""

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from audit.models import AuditEntry
from audit.services import record_audit

pytestmark = pytest.mark.django_db


def test_application_role_cannot_change_the_audit_log() -> None:
    record_audit("thing.done", actor=None, kind="thing", ref="1")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.update(action="other")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.all().delete()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("TRUNCATE audit_auditentry")
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        connection.cursor().execute("ALTER TABLE audit_auditentry DISABLE TRIGGER ALL")


@pytest.mark.django_db(databases=["default", "owner"])
def test_trigger_stops_the_owner_too() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditentry (action, subject_kind, subject_ref, subject_label, detail)"
            " VALUES ('thing.done', 'thing', '1', '', '{}')"
        )
        with pytest.raises(ProgrammingError, match="append-only"):
            cursor.execute("UPDATE audit_auditentry SET action = 'other'")


def test_tests_run_as_the_application_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("portal_app", False, False)

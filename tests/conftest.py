"""Set-up shared by all tests: one database a worker, made by the owner; the tests run as the application role."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg import sql

FULL = os.environ.get("PROVE") == "full"


def pytest_configure(config: pytest.Config) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The second step is asked for where a test is about it; elsewhere people are signed in without one.
    settings.MFA_REQUIRED = False
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With CI set nothing is skipped: a missing browser fails in the fixture that needs it.

    Of a test with a short and a full form one is taken, by PROVE; the other is not collected.
    """
    other = "reduced" if FULL else "full"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if "browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            # Two groups, each with a portal of its own: one process alone would take as long as all other tests.
            group = "axe" if item.path.name == "test_axe.py" else "browser"
            item.add_marker(pytest.mark.xdist_group(group))


def database_name(worker_id: str) -> str:
    return f"test_portal_{worker_id}"


def _owner(database: str) -> psycopg.Connection[Any]:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=database,
        autocommit=True,
    )


def _drop(home: str, name: str, *, tries: int = 40) -> None:
    """Drop a database; again for a while, since an autovacuum worker in it cannot be ended by the owner."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for tries_left in range(tries, 0, -1):
        try:
            with _owner(home) as server:
                server.execute(drop)
            return
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            if tries_left == 1:
                raise
            time.sleep(0.25)


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """gw0, gw1 … under pytest-xdist, else master."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(scope="session")
def django_db_setup(worker_name: str, django_db_blocker: Any) -> Iterator[None]:
    """A fresh database, migrated as owner. Both aliases then point at it, each with its own role."""
    name = database_name(worker_name)
    home = settings.DATABASES["owner"]["NAME"]
    _drop(home, name)
    with _owner(home) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    for alias in ("default", "owner"):
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        connections["owner"].close()
    yield
    for alias in ("default", "owner"):
        connections[alias].close()
    with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
        # A process of another role may still be leaving; then the next run drops it before it starts.
        _drop(home, name, tries=8)


@pytest.fixture(autouse=True, scope="session")
def flush_as_owner(django_db_setup: None) -> Iterator[None]:
    """Transactional tests flush on the owner's connection: the application role may not TRUNCATE."""

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with _owner(connections["default"].settings_dict["NAME"]) as server:
            for statement in sql_list:
                server.execute(statement)  # type: ignore[arg-type]

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    """Files of a test are its own."""
    settings.FILES_DIR = tmp_path / "files"

"""Dockerfile, docker-compose.yml and .env.example hold together, as far as that shows without a container engine."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from portal.embedded.steps import COLLECT

BASE = Path(__file__).resolve().parent.parent.parent
SETTINGS = (BASE / "portal" / "settings.py").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((BASE / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (BASE / "Dockerfile").read_text(encoding="utf-8")
OURS = sorted(name for name, service in SERVICES.items() if service.get("build"))


def names_in_settings() -> set[str]:
    """The names that the settings read from the environment."""
    return set(re.findall(r"""env(?:\.\w+)?\(\s*["']([A-Z_]+)["']""", SETTINGS))


def names_in_example() -> set[str]:
    """The names that .env.example offers."""
    text = (BASE / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE))


def names_in_compose() -> set[str]:
    """The names that docker-compose.yml takes from .env."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (BASE / "docker-compose.yml").read_text(encoding="utf-8")))


def commands(service: dict[str, Any]) -> list[list[str]]:
    """The command lines of a service, those inside `sh -c` apart."""
    words = [str(word) for word in service.get("command", [])]
    if words[:2] == ["sh", "-c"]:
        return [shlex.split(part) for part in words[2].split("&&")]
    return [words] if words else []


def check_command(words: list[str]) -> None:
    """A command of ours names a management command that is there, or a module that can be imported."""
    assert words[0] == "python", words
    if words[1] == "manage.py":
        assert words[2] in get_commands(), words
    elif words[1] == "-m":
        assert find_spec(words[2]), words
        if words[2] == "celery":
            assert words[3:5] == ["-A", "portal"], words
    else:
        assert (BASE / words[1]).is_file(), words


def test_services_are_all_there() -> None:
    """One process each, and the one-shot that makes the tables."""
    assert set(SERVICES) == {"web", "worker", "beat", "migrate", "postgres", "valkey"}
    assert OURS == ["beat", "migrate", "web", "worker"]
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["valkey"]["image"].startswith("valkey/valkey:")


@pytest.mark.parametrize("name", OURS)
def test_command_names_what_exists(name: str) -> None:
    """Each command runs something that is in the image."""
    for words in commands(SERVICES[name]):
        check_command(words)


def test_image_commands_name_what_exists() -> None:
    """The image's own command and health check do, too."""
    found = re.findall(r"^.*CMD (\[.*?\])$", DOCKERFILE.replace("\\\n", ""), flags=re.MULTILINE)
    assert len(found) == 2
    for text in found:
        check_command(yaml.safe_load(text))
    assert "portal.wsgi:application" in found[1]


@pytest.mark.parametrize("name", OURS)
def test_environment_names_are_settings(name: str) -> None:
    """Nothing is passed that no setting reads, and nothing without a default is missing."""
    given = set(SERVICES[name]["environment"])
    assert given <= names_in_settings()
    needed = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "BASE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "HTTPS"}
    assert needed <= given


def test_only_migrations_know_the_owner() -> None:
    """Web, worker and scheduler work as portal_app."""
    knowing = [name for name, service in SERVICES.items() if "DATABASE_OWNER_URL" in service.get("environment", {})]
    assert knowing == ["migrate"]
    for name in OURS:
        assert "//portal_app:" in SERVICES[name]["environment"]["DATABASE_URL"]


def test_example_and_compose_name_the_same() -> None:
    """Who fills in .env.example has filled in all that docker-compose.yml asks for, and nothing in vain."""
    assert names_in_example() == names_in_compose()


def test_every_service_is_watched() -> None:
    """Each service that stays has a health check, and none but the web is reachable from outside."""
    for name, service in SERVICES.items():
        if name not in ("migrate", "web"):
            assert service["healthcheck"]["test"], name
        assert ("ports" in service) == (name == "web")
    assert "HEALTHCHECK" in DOCKERFILE
    assert SERVICES["web"]["ports"][0].startswith("127.0.0.1:")


def test_volumes_and_mounts_exist() -> None:
    """Named volumes are declared, mounted files are in the repository."""
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("./"):
                assert (BASE / source).is_file()
            else:
                assert source in COMPOSE["volumes"]


def test_roles_script_makes_both_roles() -> None:
    """The database's own script makes the roles that the addresses name, neither of them a superuser."""
    script = (BASE / "docker" / "roles.sh").read_text(encoding="utf-8")
    for role in ("portal_owner", "portal_app"):
        assert f"CREATE ROLE {role} WITH LOGIN PASSWORD" in script
    assert "SUPERUSER" not in script
    assert "CREATE DATABASE portal OWNER portal_owner" in script
    for name in re.findall(r"\$(PORTAL_[A-Z_]+)", script):
        assert name in SERVICES["postgres"]["environment"]


def test_image_runs_as_a_user_without_embedded_servers() -> None:
    """The image drops root, collects static files as make run does, and has no servers of its own."""
    lines = DOCKERFILE.splitlines()
    assert lines.index("USER portal") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))
    assert "requirements-embedded" not in DOCKERFILE
    assert " ".join(COLLECT) in DOCKERFILE.replace("'", "")
    for source in re.findall(r"^COPY (\S+) ", DOCKERFILE, flags=re.MULTILINE):
        assert (BASE / source).exists()
    ignored = (BASE / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", ".env", "var", "portal/embedded", "tests"} <= set(ignored)

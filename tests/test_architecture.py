"""The house's own rules, checked by reading the code: no server, no database."""

import ast
import importlib
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from notifications.enums import Kind

ROOT = Path(__file__).parents[1]
APPS = [
    "portal",
    "audit",
    "notifications",
    "members",
    "documents",
    "decisions",
    "workgroups",
    "meetings",
    "endorsements",
]
MODULES = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
PYTHON = [
    *MODULES,
    *(path for folder in ("tests", "tools", "docker") for path in sorted((ROOT / folder).rglob("*.py"))),
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MOST_LINES = 400
MOST_LINES_OF_FUNCTION = 50

OPEN_TO_ALL = {
    "home": "the public home for who is not signed in",
    "public-home": "public",
    "healthz": "for machines; tells nothing about people",
    "directory:participant-list": "public",
    "directory:participant-detail": "public, with a members' part for its readers",
    "directory:body-list": "public",
    "directory:body-detail": "public",
    "meetings:meeting-list": "public",
    "meetings:meeting-calendar": "the days of a meeting that everyone sees; its sittings for readers of the agenda",
    "meetings:meeting-detail": "published meetings; 404 for the others",
    "documents:document-detail": "published documents; the others ask to sign in",
    "documents:version-detail": "published documents; the others ask to sign in",
    "documents:version-file": "published documents; the others ask to sign in",
    "endorsements:circulation-certificate": "certificates of public documents; the others ask to sign in",
    "endorsements:register-heads": "public: one head of the register a day",
    "endorsements:register-heads-file": "the same as text",
    "endorsements:register-check": "the script that checks a register",
    "inbox:digest-stop": "one-click unsubscribe: signed for the digests of one account, nothing else",
    "people:invitation-accept": "the link of the mail: who has no account yet",
    "account_login": "the way in",
    "mfa_login_webauthn": "the way in by a passkey",
    "mfa_authenticate": "the second step of signing in; leads back to the first for who has not done it",
    "account_logout": "by POST alone",
    "account_inactive": "says that an account is closed",
    "account_reset_password": "who forgot the password cannot sign in",
    "account_reset_password_done": "the same",
    "account_reset_password_from_key": "the link of the mail",
    "account_reset_password_from_key_done": "the same",
    "admin/login/": "leads to the portal's own sign-in",
    "admin:login": "Django's own, behind the line above",
}
"""All addresses that answer without a log-in, and why."""


def views(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[tuple[str, bool]]:
    """Each address of the resolver, Django admin's too, and whether LoginRequiredMiddleware asks for a log-in there."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from views(pattern.url_patterns, inner)
        else:
            name = f"{space}{pattern.name or pattern.pattern}"
            yield name, getattr(pattern.callback, "login_required", True)


def test_every_address_asks_for_log_in_save_those_of_the_list() -> None:
    assert {name for name, asks in views() if not asks} == set(OPEN_TO_ALL)


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_and_no_function_is_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_LINES_OF_FUNCTION, node.name


def names_from_environment() -> set[str]:
    """Names in capitals that settings and the starter read: env.str("X"), os.environ.get("X"), given["X"]."""
    read = r"""(?:env(?:\.\w+)?|environ(?:\.get)?|given(?:\.get)?|getenv)\s*[(\[]\s*["']([A-Z][A-Z_]+)["']"""
    paths = [
        ROOT / "portal" / "settings.py",
        *(ROOT / "portal").rglob("embedded/*.py"),
        *(ROOT / "portal").rglob("load*.py"),
    ]
    return {name for path in paths for name in re.findall(read, path.read_text(encoding="utf-8"))}


def test_every_setting_is_documented() -> None:
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, flags=re.MULTILINE))
    read = names_from_environment()
    assert {"DATABASE_URL", "SECRET_KEY", "PORT", "DEMO_PASSWORD"} <= read, "the reading above finds too little"
    assert read <= documented, read - documented


@pytest.mark.parametrize("name", ["security.md", "accessibility.md"])
def test_tests_named_in_docs_exist(name: str) -> None:
    """`app/test_x.py::…some_words…` in these tables: the file is there, and a test whose name holds the words."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = re.findall(r"`(?:tests/)?((?:\w+/)?test_\w+\.py)(?:::([\w…]+))?`", text)
    assert len(named) > 4
    for path, test in named:
        code = (ROOT / "tests" / path).read_text(encoding="utf-8")
        assert re.search(rf"def \w*{test.strip('…').replace('…', '.*')}", code), (path, test)


def test_every_kind_of_notice_has_its_text() -> None:
    folder = ROOT / "templates" / "emails"
    assert {path.stem for path in folder.glob("[!_]*.txt")} == {kind.value for kind in Kind}
    for kind in Kind:
        subject, _, body = (folder / f"{kind.value}.txt").read_text(encoding="utf-8").strip().partition("\n")
        assert subject.strip(), kind
        assert body.strip(), kind


def test_no_view_goes_past_access() -> None:
    looked = [path for path in MODULES if path.stem == "views" or "views" in path.parts]
    assert len(looked) >= 6
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in looked
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert not found


def test_nothing_swallows_every_exception() -> None:
    """`except BaseException` may tidy up, and then raises again."""
    broad = {"Exception", "BaseException"}
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = {one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)} if node.type else broad
                last = node.body[-1]
                if names & broad and not (isinstance(last, ast.Raise) and last.exc is None):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


FORBIDDEN_IN_TEMPLATES = {
    "a style in the markup": r"<style|\sstyle\s*=",
    "a script in the markup": r"<script(?![^>]*\ssrc=)|javascript:",
    "a handler in the markup": r"<[^>{]*\son[a-z]+\s*=",
    "a colour that is no token": r"""["'=:\s]#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b(?=["';\s])""",
}
MAY = {("a colour that is no token", "components/emblem.html")}
"""The emblem keeps its own colour."""


@pytest.mark.parametrize("fault", FORBIDDEN_IN_TEMPLATES)
def test_templates_are_free_of(fault: str) -> None:
    found = []
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        # An address inside the page may look like a colour: #add.
        text = re.sub(r"""href=["']#[\w-]+["']""", "", path.read_text(encoding="utf-8"))
        if re.search(FORBIDDEN_IN_TEMPLATES[fault], text) and (fault, name) not in MAY:
            found.append(name)
    assert not found


def words_of_state() -> set[str]:
    """Values of all our enums: states, roles, kinds, verbs."""
    words: set[str] = set()
    for app in APPS:
        if (ROOT / app / "enums.py").exists():
            for one in vars(importlib.import_module(f"{app}.enums")).values():
                if isinstance(one, type) and issubclass(one, StrEnum):
                    words |= {member.value for member in one}
    return words


def compared(text: str) -> set[str]:
    """Words that a template's tags compare with, and names of states and roles that they compare."""
    found: set[str] = set()
    for tag in re.findall(r"{%\s*(?:if|elif|ifequal|ifchanged|with)\b.*?%}", text, flags=re.DOTALL):
        found |= set(re.findall(r"""(?:[=!]=|\bin\b)\s*["'](\w+)["']""", tag))
        found |= set(re.findall(r"""["'](\w+)["']\s*(?:[=!]=|\bin\b)""", tag))
        found |= set(re.findall(r"\b(state|role|roles|status)\s*(?:[=!]=|\b(?:not )?in\b)", tag))
    return found


def test_no_template_compares_roles_or_states() -> None:
    never = words_of_state() | {"state", "role", "roles", "status"}
    assert "focal_point" in never
    assert "endorsed" in never
    paths = [*TEMPLATES, *(ROOT / "templates").rglob("*.txt")]
    found = {str(path.relative_to(ROOT)): compared(path.read_text(encoding="utf-8")) & never for path in paths}
    assert not {path: words for path, words in found.items() if words}


@pytest.mark.parametrize(
    "text",
    ["{% if circulation.state == 'open' %}", '{% if "endorsed" == word %}', "{% elif reader.role in allowed %}"],
)
def test_twin_a_template_that_compares_is_found(text: str) -> None:
    assert compared(text) & (words_of_state() | {"role"})

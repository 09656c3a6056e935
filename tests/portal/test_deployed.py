"""What HTTPS=1 changes, asked of a process of its own: cookies, HSTS, the deployment check."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

SCRIPT = """
import json
import django
django.setup()
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory

plain_files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain_files}
call_command("check", deploy=True, fail_level="WARNING")
secure = {"HTTP_HOST": "portal.example", "HTTP_X_FORWARDED_PROTO": "https"}
page = Client().get("/accounts/login/", **secure)

def keeps(request):
    request.session["a"] = 1
    return HttpResponse()

request = RequestFactory().get("/", **secure)
answer = SessionMiddleware(keeps)(request)
request.session.delete()
cookies = {**page.cookies, **answer.cookies}
plain = Client().get("/accounts/login/", HTTP_HOST="portal.example")
print(json.dumps({
    "headers": dict(page.headers),
    "cookies": {name: dict(one) for name, one in cookies.items()},
    "plain": [plain.status_code, plain.headers.get("Location", "")],
}))
"""


@pytest.fixture
def deployed(db: None) -> dict[str, Any]:
    """Answers of the portal as it is deployed, over the database of this test."""
    database = settings.DATABASES["default"]
    address = os.environ["DATABASE_URL"].rsplit("/", 1)
    name, *query = address[1].partition("?")
    assert name, database
    environment = {
        # Without what the browser's tests set in a process they share.
        **{name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"},
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"{address[0]}/{database['NAME']}{''.join(query)}",
        "HTTPS": "1",
        "BASE_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "EMAIL_URL": "smtp://mail.example:25",
        "SECRET_KEY": "only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_deployed_cookies_are_bound_to_the_host_and_hsts_is_sent(deployed: dict[str, Any]) -> None:
    cookies = deployed["cookies"]
    assert set(cookies) == {"__Host-csrftoken", "__Host-sessionid"}
    for name, one in cookies.items():
        assert one["secure"], name
        assert one["httponly"], name
        assert one["path"] == "/", name
        assert not one["domain"], name
        assert one["samesite"] == "Lax", name
    headers = deployed["headers"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    status, place = deployed["plain"]
    assert (status, place) == (301, "https://portal.example/accounts/login/")

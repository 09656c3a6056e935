"""`run`: the whole portal under one supervisor, from nothing to an address, and back to nothing at Ctrl-C."""

import http.client
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from portal.embedded import servers
from portal.embedded.children import Child, Roll, spawn, tail
from portal.embedded.errors import StopAsked, Trouble
from portal.embedded.folder import Folder, sentence_for
from portal.embedded.ports import LOOPBACK, is_taken, remembered_port
from portal.embedded.signals import Stop, wait_until
from portal.embedded.steps import COLLECT, Steps, static_fingerprint, why_ended

BASE = Path(__file__).resolve().parent.parent.parent
HEALTHY_WITHIN = 90


def run(data: Path) -> int:
    """Start everything, stay until asked to stop or until a part ends, stop everything; the exit code."""
    stop = Stop()
    port = wanted_port(os.environ)
    folder = Folder(data)
    with folder.lock() as held:
        if not held:
            raise Trouble(
                f"The portal already runs on {folder.root} (process {folder.holder()}): stop that one first, or start "
                "another beside it with DATA_DIR=/other/folder PORT=8001 make run"
            )
        roll = Roll(folder.run / "children.json")
        roll.end_leftovers()
        try:
            return _serve(folder, roll, stop, port)
        except StopAsked:
            say(f"stopping ({stop.last.name})")
            return 0
        except OSError as error:
            raise Trouble(sentence_for(error, folder.root)) from error
        finally:
            roll.stop_all(stop)


def wanted_port(given: Mapping[str, str]) -> int:
    """The port asked for by PORT."""
    text = given.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PORT={text} is no port: choose a number from 1024 to 65535, for example PORT=8001 make run")
    return int(text)


def _serve(folder: Folder, roll: Roll, stop: Stop, port: int) -> int:
    if is_taken(port):
        raise Trouble(f"Port {port} is in use by another program: choose another, for example PORT={port + 1} make run")
    portal = Portal(folder, roll, stop, port)
    portal.prepare()
    portal.start()
    if portal.demo:
        say(f"demo password: {folder.secret('demo-password', 12)}")
    say(f"ready: http://localhost:{port}")
    while True:
        stop.check()
        fallen = roll.fallen()
        if fallen:
            raise Trouble(why_ended(fallen, folder))
        time.sleep(0.2)


class Portal:
    """One start of the portal: what its parts are and in which order they come up."""

    def __init__(self, folder: Folder, roll: Roll, stop: Stop, port: int) -> None:
        """Start the servers; everything else gets their addresses from its environment."""
        self.folder = folder
        self.roll = roll
        self.stop = stop
        self.port = port
        self.steps = Steps(BASE, folder, roll, stop)
        say("starting the database and the queue")
        addresses = servers.start(folder, roll, stop)
        self.owner = {"DATABASE_OWNER_URL": addresses.pop("DATABASE_OWNER_URL")}
        self.env = environment(os.environ, folder, port) | addresses
        self.demo = self.env["DEMO"] == "1"
        self.collecting: Child | None = None
        self.fingerprint = static_fingerprint(BASE)
        self.fingerprint_file = folder.run / "static-fingerprint"
        self.own_mail = not self.env.get("EMAIL_URL")

    def prepare(self) -> None:
        """The tables, as their owner; static files beside, since compressing them takes a while."""
        say("preparing tables, the forum's data and static files")
        collected = (self.folder.root / "static" / "staticfiles.json").exists()
        if not collected or _read(self.fingerprint_file) != self.fingerprint:
            self.collecting = self.steps.begin("collectstatic", COLLECT, self.env)
        self.steps.do("migrate", ["migrate", "--database", "owner", "--noinput"], self.env | self.owner)

    def start(self) -> None:
        """Mail receiver, worker and scheduler before the demo: its deeds tell people and wait for it. Then the web."""
        forum = self.steps.begin("loadforum", ["loadforum"], self.env)
        mail_port = self._start_mail() if self.own_mail else 0
        say("starting mail, worker, scheduler and web")
        celery = ["-m", "celery", "-A", "portal"]
        schedule = self.folder.run / "beat-schedule"
        self._spawn("worker", [*celery, "worker", "--loglevel=INFO", "--concurrency=2", "--without-mingle"], 15)
        self._spawn("beat", [*celery, "beat", "--loglevel=INFO", f"--schedule={schedule}"], 5)
        self.steps.finish(forum)
        if mail_port and not self._wait_for_mail(mail_port):
            raise Trouble(f"The mail receiver does not listen on port {mail_port}: see {self.folder.log / 'mail.log'}")
        if not self.collecting:
            self._spawn("web", self._gunicorn(), 12)
        if self.demo:
            password = {"DEMO_PASSWORD": self.folder.secret("demo-password", 12)}
            self.steps.do("loaddemo", ["loaddemo"], self.env | password)
        if self.collecting:
            self.steps.finish(self.collecting)
            self.fingerprint_file.write_text(self.fingerprint, encoding="ascii")
            self._spawn("web", self._gunicorn(), 12)
        self._wait_for_health()

    def _gunicorn(self) -> list[str]:
        return [
            "-m",
            "gunicorn",
            "portal.wsgi:application",
            f"--bind={LOOPBACK}:{self.port}",
            "--workers=2",
            "--preload",
            "--threads=4",
            "--timeout=60",
            "--graceful-timeout=8",
            "--no-control-socket",
        ]

    def _start_mail(self) -> int:
        """Start the portal's own receiver; whoever starts after it knows its address."""
        port = remembered_port(self.folder.run / "mail-port")
        if not self.env.get("BOUNCE_MAILBOX"):
            returned = self.folder.root / "returned"
            (returned / "new").mkdir(parents=True, exist_ok=True)
            self.env["BOUNCE_MAILBOX"] = f"maildir:{quote(str(returned))}"
        self._spawn("mail", ["manage.py", "receivemail", "--port", str(port)], 5)
        self.env |= {"EMAIL_URL": f"smtp://{LOOPBACK}:{port}", "EMAIL_KEPT_BY_PORTAL": "1"}
        return port

    def _spawn(self, name: str, arguments: list[str], grace: float) -> Child:
        return self.roll.add(
            spawn(
                name,
                [sys.executable, *arguments],
                env=self.env,
                log=self.folder.log / f"{name}.log",
                cwd=BASE,
                ending=signal.SIGTERM,
                grace=grace,
                endless=True,
            )
        )

    def _wait_for_mail(self, port: int) -> bool:
        wait_until(lambda: is_taken(port), 30, self._is_over)
        self._check()
        return is_taken(port)

    def _wait_for_health(self) -> None:
        wait_until(lambda: health(self.port)[0] == 200, HEALTHY_WITHIN, self._is_over)
        self._check()
        status, words = health(self.port)
        if status != 200:
            raise Trouble(
                f"The portal did not become healthy within {HEALTHY_WITHIN} s: /healthz answered {status or 'nothing'} "
                f"{words}; see the logs in {self.folder.log}. The last lines of web.log:\n"
                f"{tail(self.folder.log / 'web.log', 8)}"
            )

    def _is_over(self) -> bool:
        """Whether there is nothing to wait for any more: a stop was asked for, or a part ended."""
        return bool(self.stop.times) or self.roll.fallen() is not None

    def _check(self) -> None:
        self.stop.check()
        fallen = self.roll.fallen()
        if fallen:
            raise Trouble(why_ended(fallen, self.folder))


def environment(given: Mapping[str, str], folder: Folder, port: int) -> dict[str, str]:
    """What web, worker and beat get: never the owner's address, and a value for all that is not given."""
    env = {name: value for name, value in given.items() if name not in ("DATABASE_OWNER_URL", "DEMO_PASSWORD")}
    env |= {"DATA_DIR": str(folder.root), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    env["SECRET_KEY"] = given.get("SECRET_KEY") or folder.secret("secret-key", 48)
    env["BASE_URL"] = given.get("BASE_URL") or f"http://localhost:{port}"
    hosts = [host for host in given.get("ALLOWED_HOSTS", "").split(",") if host]
    env["ALLOWED_HOSTS"] = ",".join([*hosts, "localhost", "127.0.0.1", "[::1]"])
    env["DEMO"] = "0" if given.get("DEMO", "1").lower() in ("0", "false", "no", "off") else "1"
    # Invented people have a password alone; who runs the portal in earnest leaves the demonstration out.
    env.setdefault("MFA_REQUIRED", "0" if env["DEMO"] == "1" else "1")
    return env


def health(port: int) -> tuple[int, str]:
    """Status and text of the health page; 0 when nobody answers."""
    talk = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        talk.request("GET", "/healthz", headers={"Host": "localhost"})
        answer = talk.getresponse()
        text = answer.read(2000).decode("utf-8", errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        talk.close()
    try:
        return answer.status, json.dumps(json.loads(text))
    except ValueError:
        return answer.status, " ".join(text.split())[:200]


def say(line: str) -> None:
    """One line on the console; a console that has gone away is no reason to stop."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        return


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except FileNotFoundError:
        return ""

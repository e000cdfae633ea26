"""How a night went reaches a real mail server and a real web server, or is said to have failed."""

from __future__ import annotations

import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from pipeline.notification import notify
from pipeline.settings import Mail, Notify

FACTS = {"new": 3, "list": "lists/call-list.csv"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Inbox:
    """Keeps what a mail server is given."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope)
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    yield inbox, server.port
    server.stop()


@pytest.fixture
def hook() -> Iterator[tuple[list[dict[str, Any]], str]]:
    posts: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/broken":
                self.send_error(503)
                return
            posts.append(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield posts, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def send(settings: Notify, problems: bool = False) -> list[str]:
    return notify(settings, subject="Door Opener night ok", text="3 neue – für Größner", facts=FACTS, problems=problems)


def mail(port: int, **more: Any) -> Mail:
    return Mail(
        to=("you@firm.example",), sender="opener@firm.example", host="127.0.0.1", port=port, security="none", **more
    )


def test_nothing_is_sent_unless_asked_for(mailbox: tuple[Inbox, int]) -> None:
    assert send(Notify()) == []
    assert send(Notify(when="problems", mail=mail(mailbox[1]))) == []
    assert mailbox[0].mails == []


def test_a_mail_arrives_with_its_umlauts(mailbox: tuple[Inbox, int]) -> None:
    inbox, port = mailbox
    assert send(Notify(mail=mail(port))) == []
    [envelope] = inbox.mails
    assert envelope.rcpt_tos == ["you@firm.example"]
    message = message_from_bytes(envelope.content, policy=email.policy.default)
    assert message["Subject"] == "Door Opener night ok"
    assert message.get_content().strip() == "3 neue – für Größner"  # type: ignore[attr-defined]


def test_a_webhook_gets_the_facts(hook: tuple[list[dict[str, Any]], str]) -> None:
    posts, address = hook
    assert send(Notify(when="problems", webhook=address), problems=True) == []
    assert posts == [{"subject": "Door Opener night ok", "text": "3 neue – für Größner", **FACTS}]


def test_what_does_not_arrive_is_one_line_without_the_secret_address(hook: tuple[list[dict[str, Any]], str]) -> None:
    _, address = hook
    [line] = send(Notify(webhook=f"{address}/broken"))
    assert "503" in line and address not in line
    [line] = send(Notify(webhook="http://127.0.0.1:9/token-1234"))
    assert "token-1234" not in line
    [line] = send(Notify(mail=mail(9)))
    assert line.startswith("notify.mail 127.0.0.1:9")


def test_a_missing_password_names_its_variable(mailbox: tuple[Inbox, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENER_MAIL_PASSWORD", raising=False)
    [line] = send(Notify(mail=mail(mailbox[1], user="opener")))
    assert "OPENER_MAIL_PASSWORD" in line


def test_the_password_of_the_environment_logs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        seen.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=True)

    inbox = Inbox()
    server = Controller(
        inbox, hostname="127.0.0.1", port=free_port(), authenticator=check, auth_require_tls=False, auth_required=True
    )
    server.start()
    try:
        monkeypatch.setenv("OPENER_MAIL_PASSWORD", "s3cret")
        assert send(Notify(mail=mail(server.port, user="opener"))) == []
    finally:
        server.stop()
    assert seen == [("opener", "s3cret")] and len(inbox.mails) == 1

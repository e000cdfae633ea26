"""Tells how a night went, by mail or webhook; off unless the settings say where to."""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import EmailMessage
from http.client import HTTPException

from pipeline.settings import Mail, Notify

SECONDS = 20


def notify(notify: Notify, *, subject: str, text: str, facts: Mapping[str, object], problems: bool) -> list[str]:
    """Send what the settings ask for; returns a line for each way that failed. A night never fails by its message."""
    if notify.when == "problems" and not problems:
        return []
    failed = []
    if notify.mail is not None:
        try:
            _mail(notify.mail, subject, text)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            failed.append(f"notify.mail {notify.mail.host}:{notify.mail.port}: not sent: {error}")
    if notify.webhook is not None:
        try:
            _post(notify.webhook, {"subject": subject, "text": text, **facts})
        except (OSError, HTTPException, ValueError) as error:
            reason = f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
            failed.append(f"notify.webhook: not delivered ({reason})")  # the address may hold a secret
    return failed


def _mail(mail: Mail, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, ", ".join(mail.to), subject
    message.set_content(text)
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if mail.security == "tls":
        server = smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    with server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user is not None:
            password = os.environ.get(mail.password_env)
            if password is None:
                raise ValueError(f"set the password in the environment variable {mail.password_env}")
            server.login(mail.user, password)
        server.send_message(message)


def _post(address: str, facts: Mapping[str, object]) -> None:
    body = json.dumps(facts, ensure_ascii=False, default=str).encode("utf-8")
    request = urllib.request.Request(address, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - http(s) only, checked by the settings
        answer.read(1000)

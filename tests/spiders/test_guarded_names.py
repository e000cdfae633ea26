"""What a name's DNS answer may be: no inside address is connected to, whichever record carries it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_web import LIMITS, Web, night, source

# Stands before the operating system's resolver in the crawl process: names of the test answer as a name server would.
_ANSWERS = """
import socket
before = socket.getaddrinfo
table = {
    "rebind.example": ["127.0.0.1"], "six.example": ["::1"], "mapped.example": ["::ffff:127.0.0.1"],
    "metadata-by-name.example": ["169.254.169.254"], "erlaubt.example": ["127.0.0.1"],
    "unique-local.example": ["fd00::1"], "nat64.example": ["64:ff9b::7f00:1"],
    "beides.example": ["127.0.0.1", "192.168.1.1", "fe80::1"],
}
def getaddrinfo(host, port, *more, **named):
    name = host.decode() if isinstance(host, bytes) else host
    if name not in table:
        return before(host, port, *more, **named)
    rows = []
    for address in table[name]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sockaddr = (address, port or 0, 0, 0) if ":" in address else (address, port or 0)
        rows.append((family, socket.SOCK_STREAM, 6, "", sockaddr))
    return rows
socket.getaddrinfo = getaddrinfo
"""
INSIDE = {
    "rebind": "127.0.0.1", "six": "::1", "mapped": "::ffff:127.0.0.1", "metadata-by-name": "169.254.169.254",
    "unique-local": "fd00::1", "nat64": "64:ff9b::7f00:1", "beides": "fe80::1",
}  # fmt: skip


def test_no_inside_answer_is_connected_to_and_the_report_names_it(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(_ANSWERS, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delenv("http_proxy")
    port = web.url.rpartition(":")[2]
    for name in ("erlaubt", *INSIDE):
        web.paper(f"{name}.example:{port}", 1)
    sources = [source(name, f"http://{name}.example:{port}/feed.xml") for name in ("erlaubt", *INSIDE)]
    reports = night(tmp_path, "1", replace(LIMITS, allow_private_hosts=(f"erlaubt.example:{port}",)), *sources)
    assert reports["erlaubt"].fetched == 1 and reports["erlaubt"].errors == []
    for name, address in INSIDE.items():
        reason = f"address guard: {name}.example answers with the private address {address}"
        assert reports[name].left_out == {reason: 1}
        assert reports[name].left_out_pages == [f"http://{name}.example:{port}/feed.xml: {reason}"]
    assert {url.split("/")[2] for url in web.asked} == {f"erlaubt.example:{port}"}


def test_the_proxy_may_be_inside_and_have_a_name(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", web.url.replace("127.0.0.1", "localhost"))
    assert night(tmp_path, "1", LIMITS, source("bote", web.paper("bote.example", 1)))["bote"].fetched == 1

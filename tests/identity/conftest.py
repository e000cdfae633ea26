"""Homes of two nights for the tests of `opener rebuild`: an import, a call, a judgement, a suppression, an erasure."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from enrich.records import Page
from pipeline.contacts import import_file, secret
from pipeline.contacts.erasure import forget
from pipeline.contacts.suppression import suppress
from pipeline.identity import resolve
from pipeline.identity.review import judge
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.stages.enrichment import Enricher, Models, enrich
from pipeline.store.opening import working_store
from spiders.batches import BatchWriter

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(days=6)
NIGHTS = (
    ("Jana Sommerfeldt ist neue Geschäftsführerin der Holtkamp Maschinenbau GmbH in Lemgo.", "Ole Brandt übernimmt die Geschäftsführung der Mohn Elektrotechnik GmbH in Plön."),
    ("Geschäftsführerin Jana Sommerfeldt von der Holtkamp Maschinenbau GmbH eröffnete die neue Halle in Lemgo.", "Birte Achterberg wird neue Vorständin der Werft Nord AG in Kiel.", "Ulf Tegethoff ist neuer Geschäftsführer der Quast Metallbau GmbH in Unna."),
)  # fmt: skip


def page(number: int, night: int, sentence: str) -> Page:
    url = f"https://news.example/{night}-{number}.html"
    html = f"""<html lang="de"><head><title>Wirtschaft {number}</title></head><body><article><h1>Aus der Wirtschaft</h1>
    <p>{sentence} Das teilte das Unternehmen am Montag mit.</p>
    <p>Die Firma arbeitet seit vielen Jahren in der Region und beschäftigt nach eigenen Angaben mehr als hundert Leute.</p>
    </article></body></html>"""
    return Page(
        url,
        url,
        "zeitung",
        "news",
        200,
        NOW + timedelta(days=night, minutes=number),
        None,
        None,
        "text/html",
        html.encode(),
    )


@pytest.fixture(scope="module")
def enricher() -> Iterator[Enricher]:
    with Enricher(Models(("de",), None, None), workers=1) as made:
        yield made


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, enricher: Enricher) -> Path:
    """A home with two nights, an imported contact, a call, a judgement, a suppression and an erased person."""
    folder = tmp_path_factory.mktemp("nights")
    made = Settings(home=folder / "store")
    contacts = folder / "kunden.csv"
    contacts.write_text("Vorname;Nachname;Firma;Ort;Versuche\nOle;Brandt;Mohn Elektrotechnik;Plön;2\n", "utf-8")
    for night, sentences in enumerate(NIGHTS):
        now = NOW + timedelta(days=night, hours=2)
        run_id = now.strftime("%Y%m%dT%H%M%SZ")
        writer = BatchWriter(made.home / "pages" / run_id, "zeitung")
        writer.add(*(page(n, night, text) for n, text in enumerate(sentences)))
        writer.close()
        with working_store(made.home) as con:
            key = secret.load(made.home)
            con.execute(
                "INSERT INTO runs BY NAME SELECT ? AS run_id, ? AS started_at, 'ok' AS status, 'publish' AS stage",
                [run_id, now],
            )
            enrich(con, made.home, enricher, today=now.date())
            resolve(con, now=now)
            if night == 0:
                import_file(con, contacts, "contacts", secret=key, now=now + timedelta(hours=5))
    with working_store(made.home) as con:
        people = dict(con.execute("SELECT name, person_id FROM people").fetchall())
        assert {"Jana Sommerfeldt", "Ole Brandt", "Birte Achterberg", "Ulf Tegethoff"} <= set(people), people
        suppress(con, key, "person", "Birte Achterberg", now=NOW, company="Werft Nord AG")
        forget(con, key, now=NOW, person_ids=[people["Ulf Tegethoff"]])
        con.execute(
            "INSERT INTO calls VALUES ('c1', ?, ?, 'no_answer', NULL, NULL, NULL, NULL, ?)",
            [people["Jana Sommerfeldt"], NOW + timedelta(days=2), NOW + timedelta(days=2)],
        )
        ids = con.execute("SELECT mention_id FROM mentions ORDER BY person").fetchall()
        judge(con, ids[0][0], ids[-1][0], "not", now=NOW)
        score(con, made, now=NOW + timedelta(days=3))
    return made.home


@pytest.fixture
def settings(tmp_path: Path, filled: Path) -> Settings:
    shutil.copytree(filled, tmp_path / "store")
    return Settings(home=tmp_path / "store")


LISTS = (
    "SELECT person_id, name, company, company_id, place, first_seen, last_seen, mentions FROM people ORDER BY ALL",
    "SELECT mention_id, person_id, decided_by, resolved_at FROM person_mentions ORDER BY ALL",
    "SELECT contact_id, person_id, how FROM person_contacts ORDER BY ALL",
    "SELECT prospect_id, state, score, attempts, known_contact, mention_id FROM prospects ORDER BY ALL",
    "SELECT * FROM judgements ORDER BY ALL",
    "SELECT * FROM calls ORDER BY ALL",
    "SELECT * FROM suppressions ORDER BY ALL",
    "SELECT url, batch, people FROM pages ORDER BY ALL",
)


def lists(home: Path) -> list[list[tuple[object, ...]]]:
    with duckdb.connect(str(home / "work.duckdb"), read_only=True) as con:
        return [con.execute(query).fetchall() for query in LISTS]

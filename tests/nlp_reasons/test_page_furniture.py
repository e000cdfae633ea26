"""People come from the article of a page only: what stands around it names others, and none of them is a lead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from enrich.reader import Reader
from enrich.records import Document, Page

ARTICLE = """<article><h1>Neue Geschäftsführerin bei Ostermann Pumpen</h1>
<time datetime="2026-03-02T08:00:00+01:00">2. März 2026</time>
<p>Die Ostermann Pumpen GmbH in Lindenau hat eine neue Geschäftsführerin: Katharina Brönner leitet seit Montag das
Unternehmen mit 140 Beschäftigten. Sie folgt auf Dieter Ostermann, der in den Ruhestand geht.</p>
<p>„Wir wollen wachsen und suchen Fachkräfte“, sagte Katharina Brönner, Geschäftsführerin der Ostermann Pumpen GmbH. Das
Unternehmen fertigt Pumpen für Wasserwerke und exportiert sie in dreißig Länder. Im vergangenen Jahr stieg der Umsatz
auf 31 Millionen Euro, für das laufende Jahr rechnet das Haus mit einem weiteren Zuwachs.</p>
<p>Die Belegschaft wurde am Vormittag auf einer Versammlung in der Montagehalle unterrichtet. Am Standort Lindenau soll
in den kommenden zwei Jahren eine weitere Halle entstehen, die Genehmigung liegt bereits vor.</p></article>"""
# Every one of these names somebody with a role at a firm, as furniture of real pages does.
FURNITURE = {
    "navigation": """<nav><ul><li><a href="/a">Hans Teichert, Geschäftsführer der Teichert GmbH, im Gespräch</a></li>
        <li><a href="/b">Wirtschaft</a></li><li><a href="/c">Sport</a></li></ul></nav>""",
    "most read": """<aside class="most-read"><h2>Meistgelesen</h2><ol>
        <li><a href="/1">Hans Teichert, Geschäftsführer der Teichert GmbH, verlässt das Unternehmen</a></li>
        <li><a href="/2">Das Wetter am Wochenende</a></li></ol></aside>""",
    "teasers": """<section class="related-articles"><h3>Mehr zum Thema</h3>
        <div class="teaser"><a href="/t1"><h4>Wechsel an der Spitze</h4><p>Hans Teichert, Geschäftsführer der Teichert GmbH,
        gibt sein Amt ab.</p></a></div>
        <div class="teaser"><a href="/t2"><h4>Messe öffnet</h4><p>Am Samstag beginnt die Frühjahrsmesse.</p></a></div></section>""",
    "comments": """<section id="comments" class="comments"><h3>2 Kommentare</h3><div class="comment"><b>wiesel77</b>
        <p>Hans Teichert, Geschäftsführer der Teichert GmbH, hat das schon vor Jahren gesagt!</p></div>
        <div class="comment"><b>anna_l</b><p>Na endlich.</p></div></section>""",
    "footer": """<footer><p>Herausgeber: Hans Teichert, Geschäftsführer der Teichert GmbH</p>
        <a href="/impressum">Impressum</a></footer>""",
    "newsletter": """<div class="newsletter-box"><h3>Newsletter</h3><p>Hans Teichert, Geschäftsführer der Teichert GmbH, liest
        ihn jeden Morgen. Jetzt anmelden!</p><form><input type="email"><button>Anmelden</button></form></div>""",
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def read(reader: Reader, body: str) -> Document:
    html = f'<!DOCTYPE html><html lang="de"><head><title>Ostermann Pumpen</title></head><body>{body}</body></html>'
    url = "https://www.lindenauer-bote.example/wirtschaft/ostermann-pumpen"
    return reader.read_article(
        Page(
            url,
            url,
            "test",
            "news",
            200,
            datetime(2026, 3, 2, tzinfo=UTC),
            None,
            None,
            "text/html; charset=utf-8",
            html.encode(),
        )
    )


@pytest.mark.parametrize("before", [False, True], ids=["after the article", "before the article"])
@pytest.mark.parametrize("kind", FURNITURE)
def test_furniture_names_no_leads(reader: Reader, kind: str, before: bool) -> None:
    main = f"<main>{ARTICLE}</main>"
    found = read(reader, FURNITURE[kind] + main if before else main + FURNITURE[kind])
    people = {mention.person for mention in found.people}
    assert "Katharina Brönner" in people
    assert not any("Teichert" in person for person in people)
    assert "Teichert" not in found.text


def test_all_furniture_at_once_changes_nothing(reader: Reader) -> None:
    plain = read(reader, f"<main>{ARTICLE}</main>")
    full = read(reader, f"{FURNITURE['navigation']}<main>{ARTICLE}{FURNITURE['teasers']}</main>"
                f"{FURNITURE['most read']}{FURNITURE['comments']}{FURNITURE['footer']}")  # fmt: skip
    assert [(m.person, m.role, m.company, m.evidence) for m in full.people] == [
        (m.person, m.role, m.company, m.evidence) for m in plain.people
    ]


def test_evidence_is_verbatim_at_its_offsets(reader: Reader) -> None:
    found = read(reader, f"<main>{ARTICLE}</main>{FURNITURE['teasers']}")
    assert found.people
    for mention in found.people:
        assert mention.evidence_start is not None
        assert found.text[mention.evidence_start : mention.evidence_end] == mention.evidence

"""XML documents that are no HTML are read by their lines; XHTML stays what it is."""

from __future__ import annotations

from enrich.article import read_article

LINES = (
    "Die Kochmann Bau GmbH aus Lindenau hat im vergangenen Jahr deutlich mehr verdient als im Jahr zuvor.",
    "Geschäftsführer Hans Kochmann sprach von einem guten Ergebnis und kündigte zwölf neue Stellen an.",
)


def xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Document><Head lang="de"/><Text>{text}</Text></Document>'.encode()


def test_lines_are_paragraphs_and_marks_leave_no_blanks() -> None:
    body = "\n".join(LINES).replace("Hans Kochmann", '<Node id="1"/>Hans Kochmann<Node id="2"/>')
    article = read_article(xml(body), "https://zeitung.example/a.xml")
    assert article.text == "\n\n".join(LINES)


def test_signs_are_escaped_once() -> None:
    article = read_article(xml("\n".join(LINES).replace("Kochmann Bau", "Kochmann &amp; Rehm")), "https://z.example/a")
    assert "Kochmann & Rehm GmbH" in article.text


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    article = read_article(xml("\n".join(LINES) + "<open>"), "https://zeitung.example/a.xml")
    assert LINES[0] in article.text


def test_xhtml_with_a_declaration_keeps_its_paragraphs() -> None:
    page = f'<?xml version="1.0"?><html><body><p>{LINES[0][:40]}\n{LINES[0][40:]}</p><p>{LINES[1]}</p></body></html>'
    article = read_article(page.encode(), "https://zeitung.example/a")
    assert len(article.blocks) == 2

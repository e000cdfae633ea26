"""`opener sources` as the user meets it: real commands, real crawls on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_web import CONTACT, PARAGRAPH, Web, article

from pipeline.cli.main import cli
from spiders.definitions import load_file
from spiders.sources import Source

SPEAKS = "Erika Mustermann, Geschäftsführerin der Holzmann GmbH, dankte allen Beteiligten am Standort. "


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "opener.yml"
    file.write_text(
        f"home: store\nsources: sources\ncrawl: {{contact: '{CONTACT}', delay: 0, page_seconds: 2}}\n", "utf-8"
    )
    return file


def opener(settings: Path, *arguments: str) -> Result:
    """Run `opener sources`; the crawls are child processes as always."""
    return CliRunner().invoke(cli, ["sources", *arguments, "--config", str(settings)])


def test_add_writes_a_definition_and_shows_what_one_visit_brings(web: Web, settings: Path) -> None:
    headlines = {
        f"http://bote.example/wirtschaft/2026/halle-{n}-fuer-die-zimmerei.html": f"Halle {n}" for n in range(9)
    }
    for url, title in headlines.items():
        web.add(url, article(title, SPEAKS + PARAGRAPH * 4))
    web.feed("http://bote.example/rss", headlines)
    links = "".join(f'<a href="{url}">Neue Halle für die Zimmerei am Ort</a>' for url in headlines)
    feed_link = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    web.add("http://bote.example/", f"<html><head><title>Bote: Nachrichten</title>{feed_link}</head>{links}</html>")

    done = opener(settings, "add", "http://bote.example/", "--json")
    assert done.exit_code == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["kind"], facts["form"], facts["pages"]) == ("news", "front page with a feed", 9)
    assert facts["people"] >= 9
    source = load_file(Path(facts["file"]), Source)
    assert (source.name, source.start, source.enabled) == ("bote", ("http://bote.example/rss",), True)

    again = opener(settings, "add", "http://bote.example/rss", "--name", "anders", "--no-visit")
    assert again.exit_code == 1 and "is watched by the source bote already" in again.stderr
    assert len(again.stderr.strip().splitlines()) == 1

    listed = opener(settings, "list", "--json")
    assert [json.loads(line)["name"] for line in listed.stdout.splitlines()] == ["bote"]

    assert opener(settings, "disable", "bote").exit_code == 0
    assert load_file(Path(facts["file"]), Source).enabled is False


def test_an_article_leads_to_its_site_and_few_links_to_the_sitemap(web: Web, settings: Path) -> None:
    web.article("http://amt.example/meldung/neue-leitung.html", "Neue Leitung im Rathaus der Stadt")
    web.add("http://amt.example/", "<title>Presse der Stadt</title><h1>Presse</h1><a href='/presse'>Pressemitteilungen</a>"
            "<a href='/politik'>Politik</a><a href='/kultur'>Kultur</a><p>Redaktion, veröffentlicht</p>")  # fmt: skip
    web.add("http://amt.example/robots.txt", "Sitemap: http://amt.example/sitemap.xml\n", content_type="text/plain")
    entry = "<url><loc>http://amt.example/meldung/neue-leitung.html</loc></url>"
    web.add("http://amt.example/sitemap.xml", f"<urlset>{entry}</urlset>", content_type="application/xml")
    done = opener(
        settings, "add", "http://amt.example/meldung/neue-leitung.html", "--name", "amt", "--no-visit", "--json"
    )
    assert done.exit_code == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["form"], facts["start"]) == ("sitemap of the site", ["http://amt.example/sitemap.xml"])


def test_check_is_red_for_nothing_and_says_what_changed(web: Web, settings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    starts = {
        "gut": web.paper("gut.example", 3),
        "leer": "http://leer.example/",
        "stumm": web.paper("stumm.example", 2),
    }
    web.add("http://leer.example/", "<html><h1>Umgebaut</h1></html>")
    for name, start in starts.items():
        people = ", people_per_page_min: 0.5" if name == "stumm" else ""
        text = f"name: {name}\ntitle: {name}\nkind: news\nstart: ['{start}']\nexpect: {{pages_min: 1{people}}}\n"
        (folder / f"{name}.yml").write_text(text, "utf-8")
    (folder / "kaputt.yml").write_text("name: kaputt\ntitel: falsch\n", "utf-8")
    done = opener(settings, "check")
    assert done.exit_code == 3
    lines = {line.split()[1].rstrip(":"): line for line in done.stdout.splitlines()}
    assert lines["gut"].startswith("green")
    assert lines["leer"].startswith("RED") and "0 articles" in lines["leer"] and "no articles found" in lines["leer"]
    assert lines["stumm"].startswith("RED") and "no people on 2 pages" in lines["stumm"]
    assert "kaputt.yml:1: title: is missing" in done.stderr
    good = opener(settings, "check", "gut")  # the broken definition of another source is not what was asked about
    assert good.exit_code == 0 and good.stderr == ""
    broken = opener(settings, "check", "kaputt")
    assert broken.exit_code == 3 and "kaputt.yml:1: title: is missing" in broken.stderr
    assert opener(settings, "check", "fehlt").exit_code == 1


def test_a_visit_that_brings_nothing_is_said_and_not_green(web: Web, settings: Path) -> None:
    web.add("http://leer.example/", "<title>Leer</title><h1>Willkommen</h1>")
    done = opener(settings, "add", "http://leer.example/", "--kind", "event")
    assert done.exit_code == 3 and "brought nothing" in done.stderr and "--kind" in done.stderr
    assert (settings.parent / "sources" / "leer.yml").exists()


def test_an_address_that_does_not_answer_is_one_line(web: Web, settings: Path) -> None:
    done = opener(settings, "add", "http://gibt-es-nicht.example/")
    assert done.exit_code == 1 and "answers 404" in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert opener(settings, "add", "keine adresse").exit_code == 1

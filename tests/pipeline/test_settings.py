"""Settings and definitions: a mistake is one line with file, line, key and mend."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import data
from pipeline.settings import Settings, load_settings, parse_block
from spiders.definitions import DefinitionError, load_text


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("crawl:\n  delai: 3\n", 2, "crawl.delai: unknown key; known are"),
        ("home: a\nhome: b\n", 2, "given twice"),
        ("timezone: Mars/Base\n", 1, "unknown time zone"),
        ("languages: []\n", 1, "languages is empty"),
        ("calling:\n  blocks: ['Mo 10']\n", 2, "write days and hours"),
        ("exhaustion: {max_attempts: 0}\n", 1, "greater than or equal to 1"),
        ("crawl: [1\n", 2, "not valid YAML"),
        ("- 1\n", 1, "expected `key: value` lines"),
        ("ideal_customer:\n  role_levels:\n    - owner\n    - boss\n", 4, "input should be"),
    ],
)
def test_a_mistake_names_file_line_key_and_mend(text: str, line: int, words: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_text(text, Settings, "opener.yml")
    message = str(caught.value)
    assert message.startswith(f"opener.yml:{line}:")
    assert words in message
    assert "\n" not in message


def test_the_commented_example_is_valid_and_equals_the_defaults_where_it_shows_them() -> None:
    example = load_text(data.path("opener.example.yml").read_text("utf-8"), Settings, "example")
    assert example.exhaustion == Settings().exhaustion
    assert example.calling == Settings().calling
    assert example.crawl == Settings().crawl


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "opener.yml"
    file.write_text("home: here\n", "utf-8")
    assert load_settings(file).home == tmp_path / "here"


def test_missing_and_badly_encoded_files_say_so(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no such file"):
        load_settings(tmp_path / "none.yml")
    (tmp_path / "latin.yml").write_bytes("home: Grüße".encode("latin-1"))
    with pytest.raises(DefinitionError, match="not UTF-8"):
        load_settings(tmp_path / "latin.yml")


def test_calling_blocks_are_read() -> None:
    assert parse_block("Mo-Fr 09:00-10:30") == ((0, 1, 2, 3, 4), time(9), time(10, 30))
    assert parse_block("Di,Do 14:00-15:00") == ((1, 3), time(14), time(15))


@given(st.text(max_size=40))
def test_any_text_as_block_is_read_or_refused_with_the_mend(text: str) -> None:
    try:
        days, start, end = parse_block(text)
    except ValueError as error:
        assert "write days and hours" in str(error)
    else:
        assert days and start < end

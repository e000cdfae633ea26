"""Reads tables of people as users have them: CSV in any usual encoding and delimiter, XLSX, Parquet."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import OpenerError

MAX_CELL = 20_000
MAX_UNPACKED = 1_000_000_000  # bytes of a workbook; a million rows of a CRM have a tenth of it
MAX_ROWS = 2_000_000


@dataclass
class Table:
    """A file's header and rows of text cells; `line` is where a row starts (CSV) or its row number (XLSX)."""

    name: str
    headers: list[str]
    rows: list[list[str]]
    lines: list[int]
    encoding: str = "utf-8"
    delimiter: str = ","
    unclosed: frozenset[int] = frozenset()  # lines with a quote that is never closed


def _decoded(raw: bytes, name: str) -> tuple[str, str]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace"), "utf-16"
    if raw[:3] == b"\xef\xbb\xbf":
        return raw[3:].decode("utf-8", "replace"), "utf-8-sig"
    if b"\x00" in raw[:4096]:
        raise OpenerError(f"{name}: this is no text file; save the list as CSV (UTF-8) or XLSX")
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        # a few broken bytes in a UTF-8 file spoil their own rows only
        good = raw.decode("utf-8", "ignore")
        if len(raw) > 2000 and len(raw) - len(good.encode("utf-8")) < max(3, len(raw) // 10_000) and not good.isascii():
            return raw.decode("utf-8", "replace"), "utf-8 with broken bytes"
        del error
        if any(
            0x80 <= byte < 0xA0
            and byte
            not in (
                0x80,
                0x82,
                0x84,
                0x85,
                0x91,
                0x92,
                0x93,
                0x94,
                0x95,
                0x96,
                0x97,
                0x8A,
                0x8E,
                0x9A,
                0x9E,
                0x89,
                0x8B,
                0x9B,
                0x99,
            )
            for byte in raw[:200_000]
        ):
            return raw.decode("cp850"), "cp850"
        return raw.decode("cp1252", "replace"), "cp1252"


def _delimiter(text: str) -> str:
    """Return the delimiter that gives the most columns, evenly, in the first lines."""
    lines = [line for line in text[:60_000].splitlines()[:25] if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4]
    best, best_score = ",", 0.0
    for mark in (";", ",", "\t", "|"):
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        score = widths[0] * (sum(w == widths[0] for w in widths) / len(widths)) ** 2
        if score > best_score:
            best, best_score = mark, score
    return best


def _csv(path: Path) -> Table:
    text, encoding = _decoded(path.read_bytes(), path.name)
    delimiter = _delimiter(text)
    if text.lower().startswith("sep="):
        text = text.split("\n", 1)[1] if "\n" in text else ""
    if not text.strip():
        raise OpenerError(f"{path.name}: the file is empty; export the list with its header row")
    csv.field_size_limit(max(MAX_CELL * 50, 131_072))
    rows: list[list[str]] = []
    lines: list[int] = []
    headers: list[str] | None = None
    unclosed: set[int] = set()
    for line, row, sound in _records(text, delimiter):
        if not any(cell.strip() for cell in row):
            continue
        if headers is None:
            headers = [cell.strip() for cell in row]
            continue
        rows.append(row)
        lines.append(line)
        if not sound:
            unclosed.add(line)
    if headers is None:
        raise OpenerError(f"{path.name}: the file is empty; export the list with its header row")
    return Table(path.name, headers, rows, lines, encoding, delimiter, frozenset(unclosed))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str], bool]]:
    """Yield (first line, cells, sound); a quote that is never closed costs its own line only."""
    physical = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    width: int | None = None
    at = 0
    while at < len(physical):
        line = physical[at]
        if '"' not in line:
            row = line.split(delimiter)
            width = width or (len(row) if line.strip() else None)
            yield at + 1, row, True
            at += 1
            continue
        taken = 1
        chunk = line
        # quotes that are not balanced go on in the next lines, for as long as a cell can reasonably be
        while chunk.count('"') % 2 and taken < 40 and at + taken < len(physical):
            chunk += "\n" + physical[at + taken]
            taken += 1
        if chunk.count('"') % 2 == 0:
            row = next(csv.reader(io.StringIO(chunk, newline=""), delimiter=delimiter), [])
            if taken == 1 or width is None or len(row) == width:
                width = width or len(row)
                yield at + 1, row, True
                at += taken
                continue
        yield at + 1, line.split(delimiter), False
        at += 1


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _xlsx(path: Path) -> Table:
    import openpyxl  # noqa: PLC0415 - slow to import, only for workbooks

    spoiled = OpenerError(f"{path.name}: not a readable XLSX workbook; save it again as XLSX or CSV")
    raw = io.BytesIO(path.read_bytes())  # a workbook may have any ending; openpyxl would judge by that
    try:
        with zipfile.ZipFile(raw) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise OpenerError(f"{path.name}: unpacks to more than {MAX_UNPACKED // 1_000_000} MB; save it as CSV")
        book = openpyxl.load_workbook(raw, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except OpenerError:
        raise
    except Exception as error:  # a spoiled archive makes every layer of the library fail in its own way
        raise spoiled from error
    try:
        rows: list[list[str]] = []
        lines: list[int] = []
        headers: list[str] | None = None
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_text(v) for v in values]
            if not any(c.strip() for c in cells):
                continue
            if headers is None:
                if sum(bool(c.strip()) for c in cells) < 2 and len(cells) > 2:
                    continue  # a title line above the header
                headers = [c.strip() for c in cells]
                while headers and not headers[-1]:
                    headers.pop()
                continue
            rows.append(cells[: len(headers)])
            lines.append(number)
            if len(rows) > MAX_ROWS:
                raise OpenerError(f"{path.name}: more than {MAX_ROWS:,} rows; import it in parts")
    except OpenerError:
        raise
    except Exception as error:
        raise spoiled from error
    finally:
        book.close()
    if headers is None:
        raise OpenerError(f"{path.name}: the first sheet is empty; put the list with its header row there")
    return Table(path.name, headers, rows, lines, "xlsx", "")


def _parquet(path: Path) -> Table:
    table = read_parquet(path)
    columns = [[_text(v) for v in table[name].to_pylist()] for name in table.column_names]
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    return Table(path.name, list(table.column_names), rows, list(range(1, len(rows) + 1)), "parquet", "")


def read_parquet(path: Path) -> pa.Table:
    """Read a Parquet file; raises OpenerError when it is none."""
    try:
        return pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise OpenerError(f"{path.name}: not a readable Parquet file: {str(error).splitlines()[0]}") from error


def read_table(path: Path) -> Table:
    """Read a CSV, TSV, XLSX or Parquet file as text cells. Raises OpenerError with the mend on one line."""
    if not path.is_file():
        raise OpenerError(f"{path}: no such file")
    head = path.open("rb").read(4)
    if head[:4] == b"PK\x03\x04":
        return _xlsx(path)
    if head[:4] == b"PAR1":
        return _parquet(path)
    if head[:4] == b"\xd0\xcf\x11\xe0":
        raise OpenerError(f"{path.name}: an old XLS workbook; save it as XLSX or CSV")
    return _csv(path)

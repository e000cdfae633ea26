"""Writing list files: CSV, XLSX, Parquet, vCard by the ending; whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import OpenerError
from pipeline.lists.presets import Row
from pipeline.lists.presets import preset as column_set

# A cell that starts so is run as a formula by spreadsheets (OWASP, CSV injection), also in full-width letters.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
XLSX_CELL = 32_767  # characters that a cell of a workbook can hold


def harmless(value: object) -> str:
    """Return the text of a cell that no spreadsheet runs; an E.164 phone number stays as it is."""
    text = "" if value is None else str(value)
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\n" else " " if c in "\t\r" else "" for c in text)
    if text.startswith("+") and text[1:].isdigit():
        return text
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def csv_bytes(
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    excel_de: bool = False,
    delimiter: str = ",",
    byte_order_mark: bool = False,
) -> bytes:
    """Return RFC 4180 CSV in UTF-8; `excel_de`: BOM and semicolons for a German Excel."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if excel_de else delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row[c] if isinstance(row[c], int) else harmless(row[c]) for c in columns])
    return out.getvalue().encode("utf-8-sig" if excel_de or byte_order_mark else "utf-8")


def _xlsx(columns: Sequence[str], rows: Sequence[Row], choices: Mapping[str, Sequence[str]]) -> bytes:
    """Return a workbook; columns of `choices` offer their values in a drop-down list."""
    import openpyxl  # noqa: PLC0415 - slow to load, only for workbooks
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("calls")
    for at, column in enumerate(columns, start=1):
        if column in choices and rows:
            letter = get_column_letter(at)
            rule = DataValidation(
                type="list", formula1=f'"{",".join(v for v in choices[column] if v)}"', allow_blank=True
            )
            rule.add(f"{letter}2:{letter}{len(rows) + 1}")
            sheet.data_validations.append(rule)
    sheet.append(list(columns))
    for row in rows:
        sheet.append([row[c] if isinstance(row[c], int) else harmless(row[c])[:XLSX_CELL] for c in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    table = pa.table({c: _arrow([row[c] for row in rows]) for c in columns})
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _arrow(cells: list[object]) -> pa.Array:
    """Return a column: numbers where all are, else text; an empty list is text."""
    if cells and all(isinstance(cell, int) for cell in cells):
        return pa.array(cells, pa.int64())
    return pa.array([str(cell) if cell is not None else "" for cell in cells], pa.string())


def _vcard(rows: Sequence[Row]) -> bytes:
    def safe(value: object) -> str:
        text = "" if value is None else str(value)
        text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
        text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\r", "").replace("\n", "\\n")

    lines: list[str] = []
    for row in rows:
        lines += [
            "BEGIN:VCARD", "VERSION:4.0",
            f"N:{safe(row['last_name'])};{safe(row['first_name'])};;{safe(row['title'])};",
            f"FN:{safe(' '.join(x for x in (row['title'], row['first_name'], row['last_name']) if x))}",
            f"ORG:{safe(row['company'])}", f"TITLE:{safe(row['role'])}",
        ]  # fmt: skip
        lines += [f"TEL;VALUE=text;TYPE=work:{safe(row['phone'])}"] if row["phone"] else []
        lines += [f"EMAIL:{safe(row['email'])}"] if row["email"] else []
        lines += [f"URL:{safe(row['website'])}"] if row["website"] else []
        if row["town"]:
            lines.append(f"ADR:;;{safe(row['street'])};{safe(row['town'])};;{safe(row['postcode'])};")
        lines += [
            f"NOTE:{safe(row['reason'])}\\n{safe(row['opening_line'])}",
            f"UID:{safe(row['prospect_id'])}",
            "END:VCARD",
        ]
    return ("\r\n".join(_fold(line) for line in lines) + "\r\n").encode("utf-8") if lines else b""


def _fold(line: str) -> str:
    """Fold a content line at 75 octets (RFC 6350, 3.2) without cutting a character."""
    if len(line) * 4 <= 74 or len(line.encode("utf-8")) <= 75:
        return line
    parts, current, size = [], "", 0
    for c in line:
        width = len(c.encode("utf-8"))
        if size + width > 74:
            parts.append(current)
            current, size = "", 1
        current += c
        size += width
    return "\r\n ".join([*parts, current])


ENDINGS = (".csv", ".parquet", ".vcf", ".xlsx")


def checked_ending(path: Path) -> str:
    """Return the ending of a list file. Raises OpenerError for an unknown one."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise OpenerError(f"{path}: unknown ending {ending or '(none)'}; use {', '.join(ENDINGS)}")
    return ending


def list_bytes(path: Path, columns: Sequence[str], rows: Sequence[Row], preset: str) -> bytes:
    """Return the content of a list file by the ending of `path`.

    Rows in the documented columns are turned into those of the preset; other columns (events) stay, in its spelling.
    Raises OpenerError for an unknown ending or preset.
    """
    ending = checked_ending(path)
    if ending == ".vcf":
        return _vcard(rows)
    chosen = column_set(preset)
    calls = tuple(columns) == column_set("default").names
    names, cells = (chosen.names, [chosen.row(row) for row in rows]) if calls else (tuple(columns), list(rows))
    if ending == ".xlsx":
        choices = {c.name: c.values for c in chosen.columns if c.values and c.value == ""} if calls else {}
        return _xlsx(names, cells, choices)
    if ending == ".parquet":
        return _parquet(names, cells)
    return csv_bytes(names, cells, delimiter=chosen.delimiter, byte_order_mark=chosen.byte_order_mark)

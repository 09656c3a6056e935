"""A file of invitations, read into rows: CSV in UTF-8 with commas, or XLSX. All else is refused in a sentence."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from audit.files import inert
from members.rules import NotAllowed

COLUMNS = ("email", "name", "role", "participant", "function", "letter", "until", "body")
NEEDED = ("email", "role")
MOST_ROWS, MOST_BYTES = 2000, 1024 * 1024
MOST_UNPACKED, MOST_ENTRIES = 20 * 1024 * 1024, 200
LONGEST_CELL = 300


def rows_of(name: str, content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells by column of each row that is not empty. Raises NotAllowed with a sentence."""
    if len(content) > MOST_BYTES:
        raise _refused("The file is larger than 1 MB. Send the invitations in several files.")
    if name.lower().endswith(".csv"):
        table: Iterable[list[str]] = _csv_table(content)
    elif name.lower().endswith(".xlsx"):
        table = _xlsx_table(content)
    else:
        raise _refused("Choose a file whose name ends with .csv or .xlsx.")
    return _named(table)


def _named(table: Iterable[list[str]]) -> list[tuple[int, dict[str, str]]]:
    lines = enumerate(table, 1)
    head = next(lines, (0, []))[1]
    heads = [cell.strip().lower() for cell in head]
    if unknown := [cell for cell in heads if cell and cell not in COLUMNS]:
        raise _refused(f"The first line names a column “{unknown[0][:40]}”. Known are: {', '.join(COLUMNS)}.")
    if missing := [cell for cell in NEEDED if cell not in heads]:
        raise _refused(f"The first line names no column “{missing[0]}”. It holds: {', '.join(COLUMNS)}.")
    if len(set(filter(None, heads))) < len(list(filter(None, heads))):
        raise _refused("The first line names a column twice.")
    found: list[tuple[int, dict[str, str]]] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(found) == MOST_ROWS:
            raise _refused(f"The file has more than {MOST_ROWS} rows. Send the invitations in several files.")
        found.append(
            (line, {head: cell.strip()[:LONGEST_CELL] for head, cell in zip(heads, cells, strict=False) if head})
        )
    if not found:
        raise _refused("The file has no row below the first line.")
    return found


def _csv_table(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("The file is not in UTF-8. Save it as “CSV UTF-8 (comma delimited)”.") from error
    if "\x00" in text:
        raise _refused("The file holds characters that no text has. Save it as “CSV UTF-8 (comma delimited)”.")
    first = text.split("\n", 1)[0]
    if ";" in first and "," not in first:
        raise _refused("The columns are parted by semicolons. Save the file with commas between them.")
    try:
        yield from csv.reader(io.StringIO(text), strict=True)
    except csv.Error as error:
        raise _refused("The file is not a table with commas: a quotation mark is not closed.") from error


def _xlsx_table(content: bytes) -> Iterator[list[str]]:
    """The first sheet. Formulas are read as text and never worked out."""
    _check_package(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        for row in sheet.iter_rows(max_col=len(COLUMNS) + 8):
            yield [_cell(cell) for cell in row]
    except (InvalidFileException, BadZipFile, KeyError, ValueError, IndexError, TypeError, SyntaxError) as error:
        raise _refused("The file cannot be read as a workbook. Save it again as .xlsx, or as CSV.") from error


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _check_package(content: bytes) -> None:
    """Before anything parses it: few entries, not much when unpacked, no macros, no DOCTYPE."""
    try:
        with ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
                raise _refused("The workbook unpacks to more than a list of invitations needs. Save it as CSV.")
            for one in entries:
                if one.flag_bits & 1 or "vbaproject" in one.filename.lower() or "embeddings" in one.filename.lower():
                    raise _refused("The workbook is locked or holds macros or other files. Save it as CSV.")
                if one.filename.endswith((".xml", ".rels")) and _has_doctype(package, one):
                    raise _refused("The workbook holds a DOCTYPE, which no workbook needs. Save it as CSV.")
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zipfile.LargeZipFile) as error:
        raise _refused("The file is not a workbook. Save it as .xlsx, or as CSV.") from error


def _has_doctype(package: ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Reads no more than the package says it holds, whatever really is in it."""
    with package.open(entry) as file:
        text = file.read(MOST_UNPACKED + 1)
    if len(text) > MOST_UNPACKED:
        raise _refused("The workbook unpacks to more than a list of invitations needs. Save it as CSV.")
    return b"<!doctype" in text.replace(b"\x00", b"").lower() or b"<!entity" in text.replace(b"\x00", b"").lower()


def _refused(sentence: str) -> NotAllowed:
    return NotAllowed(sentence, "file")


def as_csv(rows: Iterable[dict[str, Any]]) -> str:
    """Rows with what is wrong with each, to be corrected and sent again; no cell runs as a formula."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([*COLUMNS, "line", "what is wrong"])
    for row in rows:
        cells = [*(row["typed"].get(name, "") for name in COLUMNS), str(row["line"]), row["sentence"]]
        table.writerow([inert(cell) for cell in cells])
    # The mark at the beginning tells spreadsheets that the text is UTF-8.
    return "\ufeff" + text.getvalue()

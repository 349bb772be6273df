"""The archive's documents: read by the libraries of the lesson, and the same each time they are made."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from workshop.tools import archive
from workshop.tools.pdf_file import pdf
from workshop.tools.xlsx_file import xlsx


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(tmp_path))


def test_the_handbook_can_be_read_page_by_page() -> None:
    reader = PdfReader(archive.document("handbook.pdf"))
    assert len(reader.pages) == archive.PAGES
    lines = reader.pages[140].extract_text().splitlines()
    assert lines[:2] == ["Handbook of weather dangers, page 141", "Avalanches, section 1"]


def test_the_register_can_be_read_row_by_row() -> None:
    rows = (
        CalamineWorkbook.from_path(archive.document("register.xlsx")).get_sheet_by_name("Storms").to_python()
    )
    assert len(rows) == archive.ENTRIES + 1
    assert rows[0][:3] == ["year", "state", "county"]
    assert rows[1][0] == 1950
    # More than one value of a history may have (2 MB).
    assert sum(len(str(cell)) for row in rows for cell in row) > 2 * 2**20


@pytest.mark.parametrize("name", ["handbook.pdf", "register.xlsx"])
def test_a_document_is_the_same_each_time(name: str) -> None:
    path = archive.document(name)
    first = hashlib.sha256(path.read_bytes()).hexdigest()
    path.unlink()
    assert hashlib.sha256(archive.document(name).read_bytes()).hexdigest() == first
    assert [one.name for one in path.parent.iterdir()] == [name]


def test_what_is_not_in_the_archive_is_told() -> None:
    with pytest.raises(ValueError, match=r"no 'x\.pdf'; it has handbook\.pdf and register\.xlsx"):
        archive.document("x.pdf")


def test_signs_that_mean_something_in_a_file_are_kept() -> None:
    page = PdfReader(io.BytesIO(pdf([["a (b) \\ c"]]))).pages[0]
    assert page.extract_text().strip() == "a (b) \\ c"
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx("A & B", [("<1> & 2", 3)])))
    assert book.get_sheet_by_name("A & B").to_python() == [["<1> & 2", 3.0]]

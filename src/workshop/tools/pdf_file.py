"""Writes a plain PDF: pages of text in one font, and nothing else. The same pages give the same bytes.

The format: ISO 32000-1, https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf (7.5, file
structure; 9.4, text objects).
"""

from __future__ import annotations

from collections.abc import Sequence

_SIZE = 10
_LEADING = 14
_LEFT, _TOP = 60, 780
_OTHERS = 3
"""Objects besides two for each page: the catalog, the list of pages, the font."""


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A document of A4 pages.

    Args:
        pages: Of each page its lines, in Latin-1; some fifty of them fit.
    """
    kids = " ".join(f"{_OTHERS + 1 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, lines in enumerate(pages):
        content = _content(lines)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {_OTHERS + 2 + 2 * n} 0 R >>"
        )
        objects.append(f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream")
    written = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(written)
    entries = "".join(f"{place:010} 00000 n \n" for place in places)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}".encode()
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(written)


def _content(lines: Sequence[str]) -> str:
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    return f"BT\n/F1 {_SIZE} Tf\n{_LEADING} TL\n{_LEFT} {_TOP} Td\n{shown}ET"


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


__all__ = ["pdf"]

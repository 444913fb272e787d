"""What does a text file say, whatever its compression, encoding, byte-order mark and line ends?"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from workbench.errors import DataError

GLANCE = 65_536
"""How much of a file is looked at to recognise it. [bytes]"""


def is_gzipped(path: Path) -> bool:
    """Return whether the file begins as gzip does, whatever its name says."""
    with path.open("rb") as handle:
        return handle.read(2) == b"\x1f\x8b"


def first_text(path: Path) -> str:
    """Return the beginning of a text file, to recognise it by; "" where it cannot be read at all."""
    try:
        if not path.is_file():
            return ""
        with gzip.open(path) if is_gzipped(path) else path.open("rb") as handle:
            return decoded(handle.read1(GLANCE))
    except (OSError, EOFError, zlib.error):
        return ""


def first_line(path: Path) -> str:
    """Return the first line of a text file without its end; "" where it cannot be read at all."""
    return next(iter(first_text(path).splitlines()), "")


def read_text(path: Path) -> str:
    """Return the whole text.

    Raises
    ------
    DataError
        if it is empty, or compressed and broken; names the file and what to do.
    """
    try:
        with gzip.open(path) if is_gzipped(path) else path.open("rb") as handle:
            content = handle.read()
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(
            f"{path.name}: the gzip file is cut off or damaged. Copy it again from where it was made."
        ) from None
    except OSError as error:
        raise DataError(
            f"{path.name}: cannot be opened ({error.strerror}). A readable file is needed."
        ) from None
    if not content.strip():
        raise DataError(f"{path.name}: is empty (0 bytes of text). Export it again.")
    return decoded(content)


def decoded(content: bytes) -> str:
    """Return bytes as text: by their byte-order mark, else UTF-8, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(content) >= GLANCE:
            return content.decode("utf-8-sig", errors="ignore")
        return content.decode("cp1252", errors="replace")


def line_ends(text: str) -> dict[str, int]:
    """Return how many lines end as Windows ends them, and how many as everybody else does."""
    windows = text.count("\r\n")
    return {"CR LF": windows, "LF": text.count("\n") - windows, "CR": text.count("\r") - windows}

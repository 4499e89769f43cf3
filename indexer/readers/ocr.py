"""Pictures of pages to lines of text, through the Tesseract command where it is installed."""

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from statistics import mean, median

from indexer.readers.arabic_pdf import is_rtl
from indexer.readers.pdf_document import Picture
from indexer.readers.pdf_page import Line
from search.errors import SourceError

LANGUAGES = ("ara", "eng")

_INSTALL = "apt install tesseract-ocr tesseract-ocr-ara tesseract-ocr-eng"
_TIMEOUT_S = 120
# In percent, of a word and of a page's words together. On pages in Arabic and English Tesseract is sure of 82 and more,
# on one in Urdu of 52.
_LEAST_CONFIDENCE = 20.0
_LEAST_MEAN_CONFIDENCE = 65.0
_LINE = itemgetter("block_num", "par_num", "line_num")
_LATIN_COMMA = re.compile("(?<=[\u0621-\u064a]),")
_BIDI_CONTROLS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))


class OcrFailedError(Exception):
    """Tesseract could not read one page. Its text says why; other pages may do."""


def recognise(page: Picture) -> list[Line]:
    """The lines that Tesseract reads in a page's picture, in its order; none where it is unsure of the page.

    Raises `SourceError` where Tesseract or its data for Arabic or English is missing, `OcrFailedError` when it fails.
    """
    return list(_lines(_tesseract(page.pgm, dpi=round(page.scale * 72)), page.scale, page.page_height))


def _tesseract(picture: bytes, *, dpi: int) -> str:
    command = [_program(), "stdin", "stdout", "-l", "+".join(LANGUAGES), "--dpi", str(dpi), "--psm", "3", "tsv"]
    try:
        # One thread: with more, Tesseract's wait for each other.
        done = subprocess.run(  # noqa: S603
            command,
            input=picture,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_S,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"Tesseract took longer than {_TIMEOUT_S} s for a page.", hint="Leave the file out."
        ) from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise OcrFailedError(f"Tesseract failed: {reason}")
    return done.stdout.decode("utf-8", "replace")


@cache
def _program() -> str:
    program = shutil.which("tesseract")
    if program is None:
        raise SourceError("Reading pictures of text needs Tesseract, which is not installed.", hint=f"Run {_INSTALL}")
    command = [program, "--list-langs"]
    listed = subprocess.run(command, capture_output=True, check=False, text=True, timeout=_TIMEOUT_S)  # noqa: S603
    missing = set(LANGUAGES).difference(listed.stdout.split())
    if missing:
        raise SourceError(f"Tesseract has no data for {', '.join(sorted(missing))}.", hint=f"Run {_INSTALL}")
    return program


def _lines(table: str, scale: float, page_height: float) -> Iterator[Line]:
    """Lines from Tesseract's table of words. Its measures are in pixels from the top left."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["text"] and row["text"].strip()]
    if not words or mean(float(word["conf"]) for word in words) < _LEAST_MEAN_CONFIDENCE:
        return
    words = [word for word in words if float(word["conf"]) > _LEAST_CONFIDENCE]
    # Heights of lines differ by what letters are in them, sizes of type do not.
    size = median([int(word["height"]) for word in words]) / scale
    for _, group in groupby(words, key=_LINE):
        line = list(group)
        text = " ".join(" ".join(word["text"] for word in line).translate(_BIDI_CONTROLS).split())
        left = min(int(word["left"]) for word in line)
        right = max(int(word["left"]) + int(word["width"]) for word in line)
        foot = median([int(word["top"]) + int(word["height"]) for word in line])
        yield Line(
            text=_LATIN_COMMA.sub("،", text),
            left=left / scale,
            right=right / scale,
            baseline=page_height - foot / scale,
            size=size,
            rtl=is_rtl(text),
        )

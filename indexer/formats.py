"""Which format a file is in: its content decides first, and for text its ending.

A table of signatures of our own, since the libraries name thousands of formats of which few matter to a folder of
documents, and none of them tells what is in a zip file or whether text is mail, a web page or JSON.
"""

import json
import re
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO
from zipfile import ZipFile

from indexer.archives import MAX_UNPACKED_BYTES, inflates_too_much, open_zip
from indexer.lines import TextLines
from indexer.signatures import look
from search.errors import SourceError


class Format(StrEnum):
    """The formats that are read."""

    TXT = "txt"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    PPTX = "pptx"
    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"
    JSON = "json"
    EPUB = "epub"
    EML = "eml"
    MBOX = "mbox"
    ZIP = "zip"


_HEAD_BYTES = 2**16
_HINT = f"Jisr reads {', '.join(Format)}."

_BY_ENDING = {
    **dict.fromkeys((".md", ".markdown"), Format.MARKDOWN),
    **dict.fromkeys((".html", ".htm", ".xhtml"), Format.HTML),
    **dict.fromkeys((".csv", ".tsv", ".tab", ".xls", ".xlsx"), Format.CSV),  # web exports name tables of text .xls
    **dict.fromkeys((".jsonl", ".ndjson"), Format.JSONL),
    ".json": Format.JSON,
    ".eml": Format.EML,
    ".mbox": Format.MBOX,
}
# Text that is no document: what lies beside a saved web page, programs and their settings.
_NO_DOCUMENT = re.compile(
    r"\.(atom|bat|c|cfg|cpp|css|h|ics|ini|java|js|jsx|lock|map|mjs|php|ps1|py|rss|sh|sql|svg|toml|ts|tsx|vcf|xml|ya?ml)"
)

_PDF = re.compile(rb"%PDF-\d")
_PAGE = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"\s*<\?xml\b")
_MBOX = re.compile(r"From \S.*\d\d:\d\d.*\d{4}.*\n[!-9;-~]+:")
_HEADER = re.compile(r"(?:[!-9;-~]+:.*\n(?:[ \t].*\n)*){2,}")
_OF_MAIL = re.compile(r"^(Received|Message-ID|MIME-Version|Return-Path):", re.IGNORECASE | re.MULTILINE)

_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def detect_format(stream: BinaryIO, name: str) -> Format:
    """The format of a file that can be sought in, which is left at its start; `name` may be a path.

    Raises `SourceError` for an empty file and for one that is not read, and says what it looks like.
    """
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    try:
        return _detect(stream, head, PurePath(name).suffix.lower())
    finally:
        stream.seek(0)


def _detect(stream: BinaryIO, head: bytes, ending: str) -> Format:
    if not head:
        raise SourceError("The file is empty.", hint="Leave it out.")
    if head.startswith(b"%PDF-"):
        return Format.PDF
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _packed(stream)
    seen = look(head, stream)
    if seen:
        raise SourceError(f"It is {seen.what}, which is not read{seen.advice and ': '}{seen.advice}.", hint=_HINT)
    text = _text(head)
    if text is not None:
        return _of_text(text, ending)
    if _PDF.search(head[:1024]):
        return Format.PDF
    raise SourceError("It is neither text nor in any other format that is read.", hint=_HINT)


def _packed(stream: BinaryIO) -> Format:
    """What a zip file is, by its members."""
    with open_zip(stream) as archive:
        members = set(archive.namelist())
        found = _office(members) or _self_declared(archive, members)
        if found is None:
            return Format.ZIP
        unpacked_bytes = sum(member.file_size for member in archive.infolist())
        if unpacked_bytes > MAX_UNPACKED_BYTES or any(
            inflates_too_much(member, member.file_size) for member in archive.infolist()
        ):
            raise SourceError(
                f"Unpacked, the file takes {unpacked_bytes / 2**20:,.0f} MiB: no document does.", hint="Leave it out."
            )
        return found


def _office(members: set[str]) -> Format | None:
    """Office Open XML (ECMA-376), by the folder that its parts are in."""
    if "[Content_Types].xml" not in members:
        return None
    if "xl/workbook.bin" in members:
        raise SourceError("It is a binary Excel workbook (.xlsb), which is not read: save it as .xlsx.", hint=_HINT)
    for folder, found in (("word/", Format.DOCX), ("ppt/", Format.PPTX), ("xl/", Format.XLSX)):
        if any(member.startswith(folder) for member in members):
            return found
    return None


def _self_declared(archive: ZipFile, members: set[str]) -> Format | None:
    """OpenDocument and EPUB, by the type that they hold in a member of its own."""
    declared = ""
    if "mimetype" in members and archive.getinfo("mimetype").file_size < 100:
        try:
            declared = archive.read("mimetype").decode("ascii", "replace").strip()
        except Exception as error:  # zipfile raises a dozen kinds for a damaged member
            raise SourceError(
                "The archive is damaged: its first member cannot be unpacked.", hint="Copy or download it again."
            ) from error
    if declared == "application/epub+zip" or "META-INF/container.xml" in members:
        return Format.EPUB
    kind = declared.removeprefix(_OPEN_DOCUMENT)
    if kind in ("text", "text-template"):
        return Format.ODT
    if kind != declared:
        raise SourceError(
            f"It is an OpenDocument {kind}, which is not read: save it as .docx, .xlsx or .pptx.", hint=_HINT
        )
    return None


def _text(head: bytes) -> str | None:
    """The beginning of a text, None for what is not text."""
    try:
        return "".join(TextLines.of(BytesIO(head)))
    except SourceError:
        return None


def _of_text(text: str, ending: str) -> Format:
    if _MBOX.match(text):
        return Format.MBOX
    if _PAGE.match(text):
        return Format.HTML
    if _is_mail(text):
        return Format.EML
    if _NO_DOCUMENT.fullmatch(ending):
        raise SourceError(f"Files ending in {ending!r} hold text, but no documents.", hint=_HINT)
    if _XML.match(text) and ending not in _BY_ENDING:
        raise SourceError("It is XML of a kind that is not read.", hint=_HINT)
    by_ending = _BY_ENDING.get(ending, Format.TXT)
    if by_ending in (Format.JSON, Format.JSONL, Format.TXT):
        return _of_json(text) or by_ending
    return by_ending


def _is_mail(text: str) -> bool:
    """Whether the text begins with the header of a message that was sent (RFC 5322)."""
    header = _HEADER.match(text)
    return header is not None and _OF_MAIL.search(header[0]) is not None


def _of_json(text: str) -> Format | None:
    """JSON lines when the first line is an object and the next one begins another, JSON when it is an array of them."""
    start = text.lstrip()
    if re.match(r"\[\s*(\{|\]\s*$)", start):
        return Format.JSON
    first, _, rest = start.partition("\n")
    if not first.startswith("{") or (rest.strip() and not rest.lstrip().startswith("{")):
        return None
    try:
        return Format.JSONL if isinstance(json.loads(first), dict) else None
    except (ValueError, RecursionError):
        return None

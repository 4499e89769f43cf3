"""What a file looks like that is not read, by its first bytes, in words for people."""

import re
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is, with its article, and what to do about it where something can be done."""

    what: str
    advice: str = ""


_SCAN = "add the PDF of the scan"
_UNPACK = "unpack it"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_BYTES = 2**26

# From the formats' own specifications, as collected in file(1)'s magic; long enough that no text begins like it.
_SIGNATURES = (
    (rb"\xff\xd8\xff", Look("a JPEG image", _SCAN)),
    (rb"\x89PNG\r\n", Look("a PNG image", _SCAN)),
    (rb"II\*\0|MM\0\*", Look("a TIFF image", _SCAN)),
    (rb"GIF8[79]a", Look("a GIF image")),
    (rb"RIFF....WEBP", Look("a WebP image")),
    (rb"BM.{4}\0{4}.\0\0\0", Look("a BMP image")),
    (rb"\0\0..ftyp(avif|hei[cfx]|mif1)", Look("a HEIF image")),
    (rb"8BPS\0", Look("a Photoshop image")),
    (rb"\0\0..ftyp", Look("an MP4 video or sound file")),
    (rb"\x1a\x45\xdf\xa3", Look("a Matroska video")),
    (rb"RIFF....(AVI |WAVE)", Look("a video or sound file")),
    (rb"OggS\0|fLaC\0|ID3[\2-\4]|\xff[\xf2\xf3\xfb]", Look("a sound file")),
    (rb"MZ.[\0-\3]|\x7fELF|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe", Look("a program")),
    (rb"SQLite format 3\0", Look("an SQLite database", "export its table as .csv or .jsonl")),
    (rb"\0\x01\0\0Standard (Jet|ACE) DB", Look("an Access database", "export its table as .csv")),
    (rb"PAR1[\x15\0]", Look("a Parquet table", "export it as .csv or .jsonl")),
    (rb"!BDN", Look("an Outlook mailbox (.pst)", "export its messages as .mbox or .eml")),
    (rb"\{\\rtf", Look("an RTF document", "save it as .docx")),
    (rb"%!PS", Look("a PostScript document", "save it as .pdf")),
    (rb"AT&TFORM", Look("a DjVu document", "save it as .pdf")),
    (rb".{60}BOOKMOBI", Look("a Kindle book", "convert it to .epub")),
    (rb"ITSF\x03", Look("a compiled help file (.chm)")),
    (rb"\x1f\x8b|BZh\d1AY|\xfd7zXZ\0|\x28\xb5\x2f\xfd", Look("a compressed file", _UNPACK)),
    (rb"Rar!\x1a\x07", Look("a RAR archive", _UNPACK)),
    (rb"7z\xbc\xaf\x27\x1c", Look("a 7z archive", _UNPACK)),
    (rb".{257}ustar", Look("a tar archive", _UNPACK)),
    (rb"\0\x01\0\0|OTTO\0|wOF[F2]", Look("a font")),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), look) for pattern, look in _SIGNATURES)

# [MS-CFB] 2.6.1: what a compound file is shows in the name of a stream, UTF-16 in a field padded with zeros.
_STREAMS = (
    ("EncryptedPackage", Look("an Office document that needs a password", "save it without one")),
    ("WordDocument", Look("an old Word document (.doc)", "save it as .docx")),
    ("PowerPoint Document", Look("an old PowerPoint presentation (.ppt)", "save it as .pptx")),
    ("Workbook", Look("an old Excel workbook (.xls)", "save it as .xlsx")),
    ("Book", Look("an old Excel workbook (.xls)", "save it as .xlsx")),
    ("__properties_version1.0", Look("an Outlook message (.msg)", "save it as .eml")),
)


def look(head: bytes, stream: BinaryIO) -> Look | None:
    """What a file that begins like this is, None for one without a signature. A compound file is read in part."""
    if head.startswith(_COMPOUND):
        stream.seek(0)
        return _compound(stream.read(_COMPOUND_BYTES))
    return next((look for pattern, look in _PATTERNS if pattern.match(head)), None)


def _compound(data: bytes) -> Look:
    for name, found in _STREAMS:
        if name.encode("utf-16-le") + b"\0\0\0" in data:
            return found
    return Look("an old Office document", "save it in a format of today, such as .docx")

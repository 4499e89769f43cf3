"""Mail messages: the words of one as an item, and each attachment that can be read as items of its own.

The old policy of `email` is asked for, not `policy.default`: that parses headers as the standards have them, and falls
over those of mailers that never did. Encodings are told as everywhere else, by `indexer.decoding`.
"""

import email.errors
import email.header
import email.utils
import itertools
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from io import BytesIO
from typing import BinaryIO

from indexer.decoding import decode
from indexer.readers import Health, ReadOptions, Skip, SourceItem, whole
from indexer.readers.members import Names, inside, read_member
from indexer.readers.prose import text_of
from search.errors import SourceError

_QUOTED = re.compile(r"^(?:>[ \t]?)+")
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_DRESS = re.compile(r"image/|font/|text/css|(text|application)/(x-)?(javascript|font)")


@dataclass(slots=True)
class _Parts:
    """What a message consists of: texts that are shown one after the other, and files with their names."""

    texts: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The message as one item, its sender the author, and then its attachments, `record_id` with their names first.

    What only dresses up its HTML is passed over. Raises `SourceError` for what is no message.
    """
    message = email.message_from_bytes(whole(stream))
    if not message.keys():
        raise SourceError("It has no header of a message.", hint="Export the message again as .eml.")
    parts = _Parts()
    _gather(message, parts)
    text = "\n\n".join(filter(None, map(str.strip, parts.texts)))
    if text or not parts.files:
        yield SourceItem(
            text=text,
            title=_header(message, "Subject"),
            lang=_header(message, "Content-Language").partition(",")[0] or None,
            date=_date(message),
            author=_sender(message) or None,
        )
    yield from _attachments(parts.files, options)


def _attachments(files: list[tuple[str, bytes]], options: ReadOptions) -> Iterator[SourceItem | Skip]:
    if not files:
        return
    names = Names()
    named = [(names.distinct(name), data) for name, data in files]
    try:
        within, budget = inside(options)
    except SourceError as error:
        yield from (Skip(name, error.message) for name, _ in named)
        return
    for name, data in named:
        try:
            budget.take_member()
            budget.take_bytes(len(data))
        except SourceError as error:
            yield Skip(name, error.message)
            return
        yield from read_member(BytesIO(data), name, within)


def _gather(part: Message, parts: _Parts) -> None:
    """Add what a part of a message holds.

    Of parts that say the same, or of a page and what it shows, the first that has words: the plain one, the page.
    """
    kind = part.get_content_type()
    inner = _inner(part)
    if kind == "message/rfc822" and inner:
        parts.files.append((f"{_header(inner[0], 'Subject') or 'message'}.eml", inner[0].as_bytes()))
    elif kind in ("multipart/alternative", "multipart/related"):
        ways = [_gathered(one) for one in inner]
        parts.texts += next((way.texts for way in ways if any(map(str.strip, way.texts))), [])
        parts.files += itertools.chain.from_iterable(way.files for way in ways)
    elif inner:
        for one in inner:
            _gather(one, parts)
    elif kind in ("text/plain", "text/html") and not _is_file(part):
        parts.texts.append(_words(part))
    elif kind not in _SIGNATURES and not (_DRESS.match(kind) and (part["Content-ID"] or part["Content-Location"])):
        parts.files.append((_filename(part), _data(part)))


def _inner(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def _gathered(part: Message) -> _Parts:
    parts = _Parts()
    _gather(part, parts)
    return parts


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _filename(part: Message) -> str:
    given = part.get_filename()
    if given:
        return _decoded(given)
    return f"attachment{mimetypes.guess_extension(part.get_content_type()) or ''}"


def _data(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _words(part: Message) -> str:
    text, _ = decode(_data(part), declared=part.get_content_charset())
    return text_of(text) if part.get_content_type() == "text/html" else _unquoted(text)


def _unquoted(text: str) -> str:
    """The text without the marks of quotation, and without quoted lines that stand further up already."""
    kept: list[str] = []
    seen: set[str] = set()
    for line in text.split("\n"):
        bare = _QUOTED.sub("", line).strip()
        if bare and bare in seen and line.startswith(">"):
            continue
        seen.add(bare)
        kept.append(bare if line.startswith(">") else line.rstrip())
    return "\n".join(kept)


def _header(message: Message, name: str) -> str:
    return _decoded(_raw(message, name))


def _raw(message: Message, name: str) -> str:
    """A header as it was sent, its lines joined; bytes beyond ASCII as lone surrogates."""
    value = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return re.sub(r"\s*[\r\n]\s*", " ", str(value)).strip()


def _decoded(raw: str) -> str:
    """The words of a header that is encoded (RFC 2047), or was sent in plain bytes of some encoding."""
    if "=?" not in raw:
        return decode(raw.encode("utf-8", "surrogateescape"))[0]
    try:
        chunks = email.header.decode_header(raw)
    except (email.errors.HeaderParseError, ValueError):
        return raw.encode(errors="ignore").decode()
    words = "".join(
        chunk if isinstance(chunk, str) else decode(chunk, declared=charset)[0] for chunk, charset in chunks
    )
    return " ".join(words.encode(errors="ignore").decode().split())


def _sender(message: Message) -> str:
    raw = _raw(message, "From")
    name, address = email.utils.parseaddr(raw) if "<" in raw or "@" in raw else (raw, "")
    return _decoded(name or address or raw)


def _date(message: Message) -> str | None:
    """The day on which the message was sent, where its sender was."""
    try:
        return email.utils.parsedate_to_datetime(_raw(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None

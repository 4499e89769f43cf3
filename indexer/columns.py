"""Which column of a table, or field of a record, is which of ours: as it is told, or else guessed by its name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.dates import parse_date
from indexer.readers import SourceItem
from search.arabic import lexical_form
from search.errors import SettingError, SourceError

FIELDS = ("title", "text", "date", "lang", "publisher", "author", "id")
"""The fields that columns are mapped to. `source` is another name of `publisher`, `language` of `lang`."""

_ALIASES = {"source": "publisher", "language": "lang"}
_EXAMPLE = "Write it like title=headline,text=lead+body,date=published."

# By how likely each is to be the field; compared without case, spaces, "_", "-" and the Arabic article.
_NAMES = {
    "title": (
        "title, headline, article title, news title, post title, subject, "
        "العنوان, عنوان الخبر, عنوان المقال, العنوان الرئيسي, عنوان المادة, الموضوع"
    ),
    "text": (
        "text, body, content, full text, article, article text, article body, article content, main text, clean text, "
        "body text, content text, story, news, post, message, passage, paragraphs, transcript, "
        "النص, المحتوى, نص الخبر, نص المقال, النص الكامل, المتن, نص المادة, محتوى الخبر, محتوى المقال, الخبر, المقال, "
        "التفاصيل, المنشور, description, abstract, summary, excerpt, الوصف, الملخص"
    ),
    "date": (
        "date, published, published at, published on, publish date, published date, date published, publication date, "
        "pub date, created at, datetime, time, timestamp, "
        "التاريخ, تاريخ النشر, تاريخ الخبر, تاريخ المقال, تاريخ الإصدار"
    ),
    "lang": "lang, language, lang code, language code, اللغة, لغة النص",
    "publisher": (
        "source, publisher, publisher name, newspaper, source name, site name, site, outlet, publication, website, "
        "agency, المصدر, الصحيفة, الجريدة, الناشر, اسم المصدر, الوكالة, الموقع, جهة النشر"
    ),
    "author": (
        "author, authors, author name, byline, by, writer, reporter, journalist, creator, "
        "الكاتب, المؤلف, المحرر, المراسل, بقلم"
    ),
    "id": "id, doc id, document id, article id, uuid, guid, المعرف, رقم الخبر, رقم المقال",
    "link": "url, link, href, article url, permalink, الرابط, رابط الخبر, رابط المقال",
}
_LEAST_WORDS = 6  # a cell of running text has at least so many on average, a column's name has fewer
_LABEL_CHARS = 60


def parse_map(text: str) -> dict[str, str]:
    """What ``--map`` says, ours → theirs: ``title=headline,text=lead+body`` → ``{"title": "headline", …}``.

    Raises `SettingError` for anything else, and for a field that is not one of ours or is named twice.
    """
    mapped: dict[str, str] = {}
    for pair in text.split(","):
        given, _, column = (part.strip() for part in pair.partition("="))
        field = _ALIASES.get(given.lower(), given.lower())
        if not given or not column or not all(part.strip() for part in column.split("+")):
            raise SettingError(f"{pair.strip()!r} maps no field to a column.", hint=_EXAMPLE)
        if field not in FIELDS:
            raise SettingError(
                f"{given!r} is no field that columns are mapped to.",
                hint=f"The fields are {', '.join(FIELDS)}. {_EXAMPLE}",
            )
        if field in mapped:
            raise SettingError(
                f"The field {field!r} is mapped twice.", hint="Join columns with +, as in text=lead+body."
            )
        mapped[field] = column
    return mapped


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of each field: a `mapped` one is made of all of them, a guessed one of the first that is filled."""

    columns: Mapping[str, tuple[str, ...]]
    mapped: frozenset[str] = frozenset()

    def value(self, record: Mapping[str, str], field: str) -> str:
        """What a record says in a field, empty where it says nothing."""
        said = [record[column] for column in self.columns.get(field, ()) if record.get(column)]
        if field not in self.mapped:
            said = said[:1]
        if field == "text":
            return "\n\n".join(said)
        lines = (line.strip() for one in said for line in one.splitlines())
        return (", " if field == "author" else " ").join(filter(None, lines))

    def item(self, record: Mapping[str, str], record_id: str) -> SourceItem:
        """The record as a document, whose text may be empty."""
        return SourceItem(
            text=self.value(record, "text"),
            title=self.value(record, "title"),
            lang=self.value(record, "lang") or None,
            date=parse_date(self.value(record, "date")),
            publisher=self.value(record, "publisher") or None,
            author=self.value(record, "author") or None,
            record_id=record_id,
        )


def assign(columns: Sequence[str], rows: Sequence[Mapping[str, str]], mapped: Mapping[str, str]) -> Roles:
    """Which of these columns are which field; `rows` are some from the beginning, to tell running text by.

    Raises `SourceError` for a mapped column that is not among them, and when none can be told to be the text.
    """
    told = {field: _told(columns, field, given) for field, given in mapped.items()}
    free = [column for column in columns if not any(column in those for those in told.values())]
    found = {field: _named(free, names) for field, names in _known().items()} | told
    if not found["text"]:
        found["text"] = _wordiest([column for column in free if not _is_known(column)], rows)
    if not found["text"]:
        raise SourceError(
            f"None of its columns is known to hold the text ({_listed(columns)}): name it with --map text=….",
            hint=_EXAMPLE,
        )
    return Roles(found, frozenset(mapped))


def is_header(cells: Sequence[str], mapped: Mapping[str, str]) -> bool:
    """Whether a row of labels holds the names that are mapped, or ones that tables of documents are likely to have."""
    parts = [part for given in mapped.values() for part in (given, *given.split("+"))]
    if any(_match(cells, part.strip()) is not None for part in parts):
        return True
    return sum(map(_is_known, cells)) > 1 or bool(_named(cells, _known()["text"]))


def is_label(cell: str) -> bool:
    """Whether a cell is short enough for the name of a column, and no number or date."""
    return len(cell) <= _LABEL_CHARS and len(cell.split()) < _LEAST_WORDS and not re.search(r"\d[\d\s.,:/-]*$", cell)


def _is_known(column: str) -> bool:
    return any(_folded(column) in names for names in _known().values())


def _wordiest(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The column that holds running text, by how many words its cells have; none where none does."""
    counts = {column: [len(row[column].split()) for row in rows if row.get(column)] for column in columns}
    means = [(sum(words) / len(words), column) for column, words in counts.items() if words]
    mean, best = max(means, default=(0.0, ""))
    return (best,) if mean >= _LEAST_WORDS else ()


def _named(columns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The columns that have one of these names, in the order of the names."""
    ranked = sorted((names.index(_folded(column)), at) for at, column in enumerate(columns) if _folded(column) in names)
    return tuple(columns[at] for _, at in ranked)


def _told(columns: Sequence[str], field: str, given: str) -> tuple[str, ...]:
    whole = _match(columns, given)
    if whole is not None:
        return (whole,)
    parts = [part.strip() for part in given.split("+")]
    matches = [_match(columns, part) for part in parts]
    for part, match in zip(parts, matches, strict=True):
        if match is None:
            raise SourceError(
                f"There is no column {part!r} to be the {field}; it has {_listed(columns)}.",
                hint=f"Name columns of this file. {_EXAMPLE}",
            )
    return tuple(match for match in matches if match is not None)


def _match(columns: Sequence[str], given: str) -> str | None:
    """The column of this name, or else the one whose name differs in case, spacing or spelling only."""
    if given in columns:
        return given
    return next((column for column in columns if _folded(column) == _folded(given)), None)


def _listed(columns: Iterable[str]) -> str:
    listed = list(dict.fromkeys(columns))
    return ", ".join(listed[:30]) + (" …" if len(listed) > 30 else "")


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, ...]]:
    return {field: tuple(_folded(name) for name in names.split(",")) for field, names in _NAMES.items()}


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    """A column's name without what people write in different ways."""
    words = re.split(r"[\s_\-.:]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip()))
    return "".join(lexical_form(word).text.removeprefix("ال") for word in words)

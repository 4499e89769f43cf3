"""Packages made by hand: as little of a document as its format allows, so that a test shows the part it is about."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from indexer.readers import Reader, ReadOptions, SourceItem
from tests.indexer.readers import PLAIN, items

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = {
    "w": W,
    "r": RELATIONS,
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "v": "urn:schemas-microsoft-com:vml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}


def one(read: Reader, data: bytes, options: ReadOptions = PLAIN) -> SourceItem:
    (item,) = items(read, data, options)
    assert isinstance(item, SourceItem)
    return item


def paragraphs(read: Reader, data: bytes) -> list[str]:
    text = one(read, data).text
    return text.split("\n\n") if text else []


def zipped(parts: Mapping[str, str | bytes], packing: int = ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", packing) as package:
        for path, content in parts.items():
            package.writestr(path, content)
    return stream.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as package:
        return {path: package.read(path) for path in package.namelist()}


def edited(data: bytes, path: str, old: str, new: str) -> bytes:
    """The package with `new` in the place of `old` in one of its parts."""
    parts = unzipped(data)
    assert old.encode() in parts[path]
    return zipped(parts | {path: parts[path].replace(old.encode(), new.encode())})


def xml(root: str, content: str = "") -> str:
    """An element that knows all the namespaces of the formats."""
    known = " ".join(f'xmlns:{prefix}="{namespace}"' for prefix, namespace in NAMESPACES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {known}>{content}</{root.split()[0]}>'


def related(**targets: str) -> str:
    """A list of relations; each key is an id, each value the last word of a type and a target."""
    entries = ""
    for key, value in targets.items():
        kind, target = value.split(" ", 1)
        entries += f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'
    )


def word(body: str, *, relations: str = "", **parts: str) -> bytes:
    """A Word document; `parts` are further parts of the folder word/, `styles` for word/styles.xml."""
    named = {name: f"{name} {name}.xml" for name in parts}
    content: dict[str, str | bytes] = {
        "_rels/.rels": related(main="officeDocument word/document.xml"),
        "word/document.xml": xml("w:document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": related(**named).replace("</Rel", f"{relations}</Rel"),
    }
    return zipped(content | {f"word/{name}.xml": part for name, part in parts.items()})


def open_text(body: str, *, styles: str = "", meta: str = "", **parts: str) -> bytes:
    """An OpenDocument text whose automatic styles and metadata are these."""
    content = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": xml("office:document-content", content),
            "meta.xml": xml("office:document-meta", f"<office:meta>{meta}</office:meta>"),
            **parts,
        }
    )


def slides(*trees: str, **parts: str | bytes) -> bytes:
    """A presentation whose slides have these shapes."""
    numbers = range(1, len(trees) + 1)
    listed = "".join(f'<p:sldId id="{255 + number}" r:id="s{number}"/>' for number in numbers)
    content: dict[str, str | bytes] = {
        "_rels/.rels": related(main="officeDocument ppt/presentation.xml"),
        "ppt/presentation.xml": xml("p:presentation", f"<p:sldIdLst>{listed}</p:sldIdLst>"),
        "ppt/_rels/presentation.xml.rels": related(
            **{f"s{number}": f"slide slides/slide{number}.xml" for number in numbers}
        ),
    }
    for number, tree in zip(numbers, trees, strict=True):
        content[f"ppt/slides/slide{number}.xml"] = xml("p:sld", f"<p:cSld><p:spTree>{tree}</p:spTree></p:cSld>")
    return zipped(content | parts)


def epub(chapters: Mapping[str, str | bytes], *, metadata: str = "", manifest: str = "", **parts: str) -> bytes:
    """A book of these chapters, in the folder OEBPS; `metadata` and `manifest` are added to its package document."""
    listed = "".join(
        f'<item id="c{number}" href="{path}" media-type="application/xhtml+xml"/>'
        for number, path in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata>'
        f"<manifest>{listed}{manifest}</manifest><spine>{spine}</spine></package>"
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": (
                '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
                '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
                "</rootfiles></container>"
            ),
            "OEBPS/content.opf": opf,
            **{f"OEBPS/{path}": page for path, page in chapters.items()},
            **parts,
        }
    )

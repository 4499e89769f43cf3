"""Writes the PDFs of `pdfs/` anew from the seed documents, each beside the text that it shows.

    python -m tests.indexer.readers.make_pdfs [name ...]

Needs what no test needs: Chromium, LibreOffice Writer, XeLaTeX with polyglossia, reportlab, arabic-reshaper,
python-bidi and Pillow, and the fonts Noto Naskh Arabic and Amiri. Every font is embedded as a subset.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from html import escape
from io import BytesIO
from pathlib import Path

from arabic_reshaper import reshape  # type: ignore[import-not-found,import-untyped,unused-ignore]
from bidi.algorithm import get_display  # type: ignore[import-not-found,import-untyped,unused-ignore]
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-not-found,import-untyped,unused-ignore]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-not-found,import-untyped,unused-ignore]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-not-found,import-untyped,unused-ignore]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-not-found,import-untyped,unused-ignore]

from indexer.readers import ReadOptions, SourceItem
from indexer.reading import read_items
from tests.conftest import SEEDS

FOLDER = Path(__file__).parent / "pdfs"
ARABIC_AND_LATIN = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
MARGIN_POINTS, LEADING_POINTS, SIZE_POINTS = 72, 20, 13

Paragraphs = list[str]


def article(name: str) -> Paragraphs:
    """The title and the paragraphs of a seed document."""
    items = read_items(SEEDS / "documents" / name, ReadOptions())
    found = next(item for item in items if isinstance(item, SourceItem))
    return [found.title, *found.text.split("\n\n")]


def page(paragraphs: Paragraphs, *, lang: str = "ar", style: str = "") -> str:
    """The paragraphs as a web page, each in its own direction."""
    title, *rest = paragraphs
    body = "".join(
        f'<p dir="{"ltr" if paragraph[0].isascii() else "rtl"}">{escape(paragraph)}</p>' for paragraph in rest
    )
    font = "body { font: 12pt/1.6 'Noto Naskh Arabic'; margin: 0 }"
    return (
        f'<!doctype html><html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{font} {style}</style></head>"
        f"<body><h1>{escape(title)}</h1><div>{body}</div></body></html>"
    )


def run(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def chromium(html: str) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.html").write_text(html, "utf-8")
        headless = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
        run(*headless, "--print-to-pdf=page.pdf", "page.html", folder=folder)
        return (folder / "page.pdf").read_bytes()


def libreoffice(html: str) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.html").write_text(html, "utf-8")
        profile = f"-env:UserInstallation=file://{name}/profile"
        options = ("--headless", "--infilter=HTML (StarWriter)", "--convert-to", "pdf:writer_pdf_Export")
        run("soffice", profile, *options, "page.html", folder=folder)
        return (folder / "page.pdf").read_bytes()


def xelatex(source: str) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.tex").write_text(source, "utf-8")
        for _ in range(2):
            run("xelatex", "-interaction=nonstopmode", "page.tex", folder=folder)
        return (folder / "page.pdf").read_bytes()


def arabic_book(paragraphs: Paragraphs) -> str:
    """Small pages with a running head and numbers, so that paragraphs run on over their ends."""
    title, *rest = paragraphs
    return "\n".join(
        [
            r"\documentclass[12pt]{article}",
            r"\usepackage[a5paper,margin=18mm,headheight=16pt]{geometry}",
            r"\usepackage{polyglossia,fancyhdr}",
            r"\setmainlanguage[numerals=maghrib]{arabic}\setotherlanguage{english}",
            r"\newfontfamily\arabicfont[Script=Arabic]{Amiri}",
            r"\pagestyle{fancy}\fancyhf{}\fancyhead[C]{صحيفة المرفأ، العدد ٤١٢}\fancyfoot[C]{\thepage}",
            r"\begin{document}",
            rf"{{\Large {title}\par}}\bigskip",
            "\n\n".join(rest),
            r"\end{document}",
        ]
    )


def english_columns(paragraphs: Paragraphs) -> str:
    """Two narrow columns with hyphenated words."""
    title, *rest = paragraphs
    body = "\n\n".join(rest).replace("%", r"\%").replace("$", r"\$")
    return "\n".join(
        [
            r"\documentclass[10pt,twocolumn]{article}",
            r"\usepackage[a5paper,margin=15mm]{geometry}\usepackage{fontspec}\pagestyle{plain}",
            r"\setmainfont{lmroman10-regular.otf}[Ligatures=TeXOff]",
            rf"\begin{{document}}\twocolumn[{{\LARGE {title}\par}}\bigskip]",
            body,
            r"\end{document}",
        ]
    )


def canvas(paragraphs: Paragraphs, *, shaped: bool = True, turned: bool = False, password: str | None = None) -> bytes:
    """Lines drawn glyph by glyph from the left: joined and in visual order, or else just as the text has them."""
    pdfmetrics.registerFont(TTFont("DejaVu", ARABIC_AND_LATIN))
    target = BytesIO()
    drawn = Canvas(target, pagesize=A4, encrypt=password, invariant=True)
    drawn.setTitle(paragraphs[0])
    if turned:
        drawn.translate(A4[0], 0)
        drawn.rotate(90)
    drawn.setFont("DejaVu", SIZE_POINTS)
    height = A4[1] - MARGIN_POINTS
    for paragraph in paragraphs:
        for line in wrapped(paragraph, reshape if shaped else str):
            visual = get_display(reshape(line), base_dir="R") if shaped else line
            drawn.drawRightString(A4[0] - MARGIN_POINTS, height, visual)
            height -= LEADING_POINTS
        height -= LEADING_POINTS / 2
    drawn.save()
    return target.getvalue()


def wrapped(paragraph: str, drawn_as: Callable[[str], str]) -> list[str]:
    """The paragraph in lines that fit."""
    lines = [""]
    for word in paragraph.split():
        longer = f"{lines[-1]} {word}".strip()
        if pdfmetrics.stringWidth(drawn_as(longer), "DejaVu", SIZE_POINTS) > A4[0] - 2 * MARGIN_POINTS:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def scanned(pdf: bytes) -> bytes:
    """The first page as a picture, in black and white as an office scanner keeps it."""
    target = BytesIO()
    picture = PdfDocument(pdf)[0].render(scale=200 / 72, grayscale=True).to_pil()
    picture.convert("1").save(target, "PDF", resolution=200)
    return target.getvalue()


def mixed() -> Paragraphs:
    """An Arabic page on a subject that is full of Latin names, with two paragraphs of the English piece."""
    arabic, english = article("ar/military-production-edex.md"), article("en/taxila-aoi-coproduction.md")
    return [*arabic[:5], *english[1:3], *arabic[6:8]]


def texts() -> dict[str, tuple[Paragraphs, Callable[[Paragraphs], bytes]]]:
    """Each PDF's name, what it says and what writes it."""
    two_columns = "div { column-count: 2; column-gap: 10mm; text-align: justify }"
    return {
        "chromium": (article("ar/coast-guard-training.html"), lambda text: chromium(page(text))),
        "chromium_columns": (
            article("ar/naval-exercises-history.txt"),
            lambda text: chromium(page(text, style=two_columns)),
        ),
        "chromium_mixed": (mixed(), lambda text: chromium(page(text))),
        "libreoffice": (article("ar/solar-wadi-halima.md"), lambda text: libreoffice(page(text))),
        "xelatex": (article("ar/military-production-edex.md"), lambda text: xelatex(arabic_book(text))),
        "xelatex_english": (article("en/solar-wadi-halima.txt"), lambda text: xelatex(english_columns(text))),
        "reportlab": (article("ar/haftar-rawalpindi-visit.md")[:5], canvas),
        "reportlab_unshaped": (article("ar/grid-interconnection.md")[:5], lambda text: canvas(text, shaped=False)),
        "reportlab_turned": (
            article("ar/dates-exports.md")[:3],
            lambda text: canvas(text, turned=True),
        ),
        "locked": (article("ar/dates-exports.md")[:2], lambda text: canvas(text, password="tamr")),
        "scan": (article("ar/diabetes-screening-schools.txt")[:4], lambda text: scanned(chromium(page(text)))),
    }


def main(names: list[str]) -> None:
    for name, (paragraphs, write) in texts().items():
        if not names or name in names:
            (FOLDER / f"{name}.pdf").write_bytes(write(paragraphs))
            (FOLDER / f"{name}.txt").write_text("\n\n".join(paragraphs) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""A small archive of what is hard to keep: copies and near duplicates, names in both scripts, dates that are not whole,
signs that mean something to a database, a third language, slides, and of the seeds those that are told in both
languages.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pptx import Presentation

from tests.conftest import SEEDS

BRIDGE = (
    "The footbridge over the Orontes was closed since the spring floods, when two of its wooden piers were torn away "
    "and a third was left leaning. Engineers replaced all three with concrete and raised the deck by almost a metre. "
    "Schoolchildren who had walked an hour each way to the nearest crossing were the first to use it, followed by "
    "farmers leading donkeys loaded with apricots."
)
BRIDGE_AGAIN = f"{BRIDGE} The mayor, Said O'Hara, promised lamps before winter."
PORT = (
    "استأنف ميناء المخا استقبال السفن التجارية بعد توقف دام ثلاثة أعوام، ورست فيه أمس سفينة تحمل أربعة آلاف طن من "
    "القمح. وقال مدير الميناء شوكت الحمادي إن الرافعات أُصلحت بأيدٍ محلية، وإن السفينة التالية تصل مطلع الأسبوع المقبل."
)
CALLIGRAPHY = (
    'The calligrapher wrote \\alif\\ first, then \'lam\', then "meem": "each 100% straight_line", she said; a {brace}, '
    "a [bracket], $5, a ; semicolon -- and a ☕ at O'Neil's. DROP TABLE passages; was the title of her last show in "
    "Sana'a."
)
NAMES = (
    "وصل السفير عبدالرحمن الغنوشي إلى تعز برفقة المهندسة ليلى القحطاني، وتفقدا طائرة من طراز JF-17 كان قد وصفها "
    "الخبير الفرنسي جان دوبوا بأنها «أرخص ما في السوق». ولم تُعرف كلفة الزيارة."
)
ARRIVAL = (
    "Ambassador Abdulrahman al-Ghannouchi arrived in Taiz with the engineer Layla al-Qahtani. They looked at a JF-17 "
    "that the French expert Jean Dubois had called the cheapest on the market. What the visit cost was not made known."
)
LETTERS = (
    "قال النحويون إنّ «الهمزة» أصعبُ ما في الإملاء: سأل، رؤوف، بيئة، شيء، ماء. وكتب المعلّم على اللوح: مـكـتـبـة، ثم محا "
    "التطويل. ٪١٠٠ من التلاميذ أصابوا، وكان ذلك في ١٧ آذار."
)
BREAD = (
    "Le prix du pain a augmenté de trois dirhams dans les boulangeries de la vieille ville, où l'on fait la queue dès "
    "l'aube. Les meuniers disent que le blé vient désormais de plus loin et que le transport coûte cher cette année."
)


@dataclass(frozen=True)
class Entry:
    """A line of the archive's JSONL file."""

    id: str
    title: str
    text: str
    date: str | None = None
    source: str | None = None


ENTRIES = [
    Entry("bridge", "A footbridge is open again", BRIDGE, "2024-03-18", 'O\'Neil & Sons "Daily"'),
    Entry("bridge-copy", "Children cross the Orontes", BRIDGE, None, "The Harbor Ledger"),
    Entry("bridge-third", "Apricots over the Orontes", BRIDGE),
    Entry("bridge-again", "Lamps promised for the bridge", BRIDGE_AGAIN, None, 'o\'neil & sons "daily"'),
    Entry("calligraphy", "Signs and 'wonders' \\ 100%", CALLIGRAPHY, None, "A\\B_%"),
    Entry("names", "السفير الغنوشي في تعز", NAMES, "2024-12-31", "صحيفة المرفأ"),
    Entry("arrival", "Al-Ghannouchi arrives in Taiz", ARRIVAL, "2025-01-01", "The Harbor Ledger"),
    Entry("letters", "", LETTERS, None, "صحيفه المرفا"),
    Entry("bread", "Le pain plus cher", BREAD, "2024-02-29"),
    Entry("short", "☕", "Rain.", "1999-12-31", "☕"),
]

DATED = {"bridge-copy": "2024-04", "bridge-again": "2024", "letters": "2023-02"}
"""Documents that are dated by a month or a year: no reader makes such dates, but a catalogue may hold them."""

FOLDER = "o'neil's \"notes\" 100%_x"
FILES = {
    f"{FOLDER}/back\\slash.txt": f"Notes from the river\n\n{BRIDGE.split('. ')[1]}. {CALLIGRAPHY}",
    "أخبار الموانئ/ميناء المخا.md": (
        f"---\ntitle: ميناء المخا يعود\ndate: 2024-11-05\nsource: صحيفة المرفأ\n---\n\n{PORT}\n"
    ),
    f"{FOLDER}-else/port.txt": f"ميناء المخا يعود\n\n{PORT}",
}
SEEDS_TOLD_TWICE = ("haftar-rawalpindi-visit", "meteorite-dhofar", "egypt-pakistan-cairo-talks", "handball-final-sfax")
SLIDES = ["The harbour master of Mocha showed plans for a second quay.", "يبلغ طول الرصيف الثاني مئتي متر."]


def write_archive(folder: Path) -> Path:
    """Write the archive's files to a new folder; returns it."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name in SEEDS_TOLD_TWICE:
        for path in (SEEDS / "documents").glob(f"*/{name}.*"):
            target = folder / path.parent.name / path.name
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
    lines = (json.dumps(_record(entry), ensure_ascii=False) for entry in ENTRIES)
    (folder / "desk.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    deck = Presentation()
    for text in SLIDES:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = text
    deck.save(str(folder / "quay.pptx"))
    return folder


def _record(entry: Entry) -> dict[str, str]:
    told = {"_id": entry.id, "title": entry.title, "text": entry.text, "date": entry.date, "source": entry.source}
    return {name: value for name, value in told.items() if value is not None}


def date_by_month(catalogue: Path) -> None:
    """Give the documents of `DATED` their dates."""
    with closing(sqlite3.connect(catalogue)) as connection, connection:
        connection.executemany(
            "UPDATE documents SET date = ? WHERE record_id = ?", [(date, record) for record, date in DATED.items()]
        )

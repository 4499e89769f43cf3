"""Two days of a small bilingual newsroom, and what its readers ask."""

from pathlib import Path

from search.searcher import Searcher

NEWS = {
    "ar/سفينة.txt": "---\ntitle: تحرير سفينة «نور ستار»\ndate: 2025-11-12\nsource: صحيفة المرفأ\nlang: ar\n---\n"
    "حررت قوة بحرية سفينة البضائع «نور ستار» من القراصنة جنوب شرقي باب المندب.\n\n"
    "وقضى 22 بحاراً تسع ساعات في غرفة محصنة قرب المحركات.",
    "ar/خبز.md": "# سعر رغيف الخبز\n\nرفعت الحكومة التونسية سعر رغيف **الخبز** للمرة الأولى منذ عشر سنوات.",
    "ar/موجز.jsonl": '{"_id": "dam", "text": "امتلأ سدّ وادي زركان بالطمي، وتعمل جرافة عائمة على تنظيفه."}\n'
    '{"_id": "cup", "text": "فاز منتخب الجزائر بكأس إفريقيا لكرة اليد في صفاقس."}',
    "en/wheat.md": "# Egypt buys wheat\n\nEgypt's grain buyer took 300,000 tonnes of Romanian wheat on Tuesday.",
    "en/ship.txt": "Naval commandos freed the bulk carrier Nour Star from pirates near Bab el-Mandeb after nine hours.",
    "en/solar.txt": "Sun over Wadi Halima\n\nJordan opened a solar park of 200 megawatts in Wadi Halima on Sunday, "
    "its largest so far.\n\nThe park will power 60,000 homes in the south, the energy ministry said.\n",
}
# Apart, since the process that reads it takes longer to load trafilatura than all else of a build takes.
PAGE = {
    "en/solar.html": "<html lang=en><head><title>Sun over Wadi Halima</title></head><body><nav><a href=/>Home</a></nav>"
    "<article><p>Jordan opened a solar park of 200 megawatts in Wadi Halima on Sunday, its largest so far.</p>"
    "<p>The park will power 60,000 homes in the south, the energy ministry said.</p></article></body></html>",
}
QUESTIONS = [
    "قراصنة يهاجمون سفينة بضائع",
    "bread price in Tunisia",
    "كرة اليد",
    "Who bought wheat?",
    "طاقة شمسية",
    "dam silt",
]


def write(folder: Path, files: dict[str, str]) -> Path:
    """These files below `folder`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def answers(searcher: Searcher) -> list[list[tuple[str, float, str, str]]]:
    """For each question the passages found, with score, file and language."""
    return [
        [
            (hit.passage.text, hit.score, hit.document.source, hit.passage.lang)
            for hit in searcher.search(question, k=20)
        ]
        for question in QUESTIONS
    ]

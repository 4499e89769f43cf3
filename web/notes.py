"""What the page says about an answer, in the language of who asked: one catalogue for each, Arabic and English."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes in one language.

    `places` say in how many other places nearly the same stands, by plural form; what has a form "other" is complete.
    `same_story` leads to a document that tells the same in another language, by that language, or "other" ones.
    """

    lang: str
    score: str
    page: str
    weak: str
    unanswered: str
    unanswered_in_language: str
    read_as: str
    as_typed: str
    spelled: str
    without_spellings: str
    names_off: str
    names_on: str
    places: Mapping[str, str]
    same_story: Mapping[str, str]

    def elsewhere(self, count: int) -> str:
        """In how many other places, one at least, nearly the same stands."""
        form = _plural(count)
        return self.places[form if form in self.places else "other"].format(count)

    def same_story_in(self, lang: str) -> str:
        """What leads to a document that tells the same in this language."""
        return self.same_story.get(lang, self.same_story["other"])


_ENGLISH = Notes(
    lang="en",
    score="score",
    page="p. {}",
    weak="weak match",
    unanswered="No good answer in this index. The nearest passages:",
    unanswered_in_language="No good answer in this language. The nearest passages:",
    read_as="Read as Arabic:",
    as_typed="Search for it as typed",
    spelled="Also spelled here:",
    without_spellings="Search without spellings from the other script",
    names_off="Names are looked for only as you spelled them.",
    names_on="Look for them in the other script, too",
    places={"one": "also in 1 other place", "other": "also in {} other places"},
    same_story={
        "ar": "The same story in Arabic:",
        "en": "The same story in English:",
        "other": "The same story in another language:",
    },
)
_ARABIC = Notes(
    lang="ar",
    score="الدرجة",
    page="ص {}",
    weak="تطابق ضعيف",
    unanswered="لا توجد إجابة جيدة في هذا الفهرس. أقرب المقاطع:",
    unanswered_in_language="لا توجد إجابة جيدة بهذه اللغة. أقرب المقاطع:",
    read_as="قُرئ بالعربية:",
    as_typed="ابحث عنه كما كُتب",
    spelled="يُكتب هنا أيضًا:",
    without_spellings="ابحث عن الأسماء كما كتبتها فقط",
    names_off="يجري البحث عن الأسماء كما كتبتها فقط.",
    names_on="ابحث عنها بالحروف الأخرى أيضًا",
    places={
        "one": "ورد أيضًا في موضع آخر",
        "two": "ورد أيضًا في موضعين آخرين",
        "few": "ورد أيضًا في {} مواضع أخرى",
        "many": "ورد أيضًا في {} موضعًا آخر",
        "other": "ورد أيضًا في {} موضع آخر",
    },
    same_story={
        "ar": "الخبر نفسه بالعربية:",
        "en": "الخبر نفسه بالإنجليزية:",
        "other": "الخبر نفسه بلغة أخرى:",
    },
)
CATALOGUES: Mapping[str, Notes] = {notes.lang: notes for notes in (_ENGLISH, _ARABIC)}


def notes_for(lang: str) -> Notes:
    """The notes for who asks in a language; English ones where there are none in it."""
    return CATALOGUES.get(lang, _ENGLISH)


def _plural(count: int) -> str:
    """The plural form of a count in the language that has most of them (Unicode CLDR, Arabic cardinals)."""
    if count in {1, 2}:
        return {1: "one", 2: "two"}[count]
    if 3 <= count % 100 <= 10:
        return "few"
    return "many" if count % 100 >= 11 else "other"

"""Two news sites that do not exist, each with all that such sites hang around their articles.

The articles are those of the seeds. A page is made as a browser shows it (HTML) and as "save as text" leaves it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from indexer.readers import ReadOptions, SourceItem
from indexer.reading import read_items
from tests.conftest import SEEDS

_LEAST_PARAGRAPHS = 4
_ADVERTISED_AFTER, _LINKED_AFTER = 2, 3


@dataclass(frozen=True, slots=True)
class Site:
    """What stands around an article. In the lines, {other} and {another} are titles of other articles."""

    name: str
    lang: str
    menu: tuple[str, ...]
    above: tuple[str, ...]
    below_title: tuple[str, ...]
    between: tuple[str, ...]
    link: tuple[str, ...]
    tags: tuple[str, ...]
    related: tuple[str, ...]
    form: tuple[str, ...]
    sidebar: tuple[str, ...]
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An article on its site: its own lines, and those of the site."""

    site: Site
    title: str
    paragraphs: tuple[str, ...]
    others: tuple[str, str]
    number: int

    @property
    def furniture(self) -> list[str]:
        """Every line of the page that is not the article's."""
        site = self.site
        parts = (
            *(site.menu, site.above, site.below_title, site.between, site.link),
            *(site.tags, site.related, site.form, site.sidebar, site.footer),
        )
        return [line for part in parts for line in self._filled(part)]

    @property
    def text(self) -> str:
        """The page as text; some sites leave empty lines between the lines of their furniture, some do not."""
        lines = [*self._filled(self.site.menu), *self._filled(self.site.above), "", self.title, ""]
        lines += self._filled(self.site.below_title)
        for number, paragraph in enumerate(self.paragraphs, start=1):
            lines += ["", paragraph]
            lines += ["", *self._inserted(number)]
        site = self.site
        for part in (site.tags, site.related, site.form, site.sidebar, site.footer):
            lines += ["", *self._filled(part)]
        return ("\n\n" if self.site.lang == "ar" else "\n").join(lines)

    @property
    def html(self) -> str:
        """The page as its server sends it, much of the furniture inside the article's own element."""
        site = self.site
        body = ""
        for number, paragraph in enumerate(self.paragraphs, start=1):
            body += f"<p>{escape(paragraph)}</p>\n"
            body += "".join(f"<div class='insert'><p>{escape(line)}</p></div>\n" for line in self._inserted(number))
        return f"""<!doctype html>
<html lang="{site.lang}"><head><meta charset="utf-8"><title>{escape(self.title)} | {escape(site.name)}</title>
<meta property="og:site_name" content="{escape(site.name)}"></head><body>
<header><nav><ul>{self._elements("li", site.menu)}</ul></nav>{self._elements("div", site.above)}</header>
<main><article><h1>{escape(self.title)}</h1>
<div class="meta">{self._elements("span", site.below_title)}</div>
<div class="body">{body}</div>
<div class="topics">{self._elements("p", site.tags)}</div>
<div class="more"><ul>{self._elements("li", site.related)}</ul></div></article>
<section class="comments"><form>{self._elements("p", site.form)}</form></section></main>
<aside>{self._elements("div", site.sidebar)}</aside>
<footer>{self._elements("p", site.footer)}</footer><script>track("visitor")</script></body></html>"""

    def _inserted(self, number: int) -> list[str]:
        if number == len(self.paragraphs):
            return []
        return self._filled({_ADVERTISED_AFTER: self.site.between, _LINKED_AFTER: self.site.link}.get(number, ()))

    def _filled(self, lines: tuple[str, ...]) -> list[str]:
        other, another = self.others
        return [line.format(other=other, another=another, number=7 + 13 * self.number) for line in lines]

    def _elements(self, tag: str, lines: tuple[str, ...]) -> str:
        return "\n".join(f"<{tag}>{escape(line)}</{tag}>" for line in self._filled(lines))


ENGLISH = Site(
    name="The Quayside Post",
    lang="en",
    menu=("Skip to main content", "The Quayside Post", "Home", "World", "Business", "Culture", "Opinion", "Log in"),
    above=("Home > World > Middle East",),
    below_title=(
        "By Nadia Farrow",
        "Published 12 November 2025, 09:31",
        "{number} Comments",
        "4 min read",
        "Share this article",
        "Facebook",
        "X",
        "WhatsApp",
        "Copy link",
    ),
    between=("ADVERTISEMENT", "Story continues below advertisement"),
    link=("Read also: {other}",),
    tags=("Tags: harbours, trade, {number} more",),
    related=("You may also like", "{other}", "3 hours ago", "{another}", "12 May 2025"),
    form=(
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Comment *",
        "Name *",
        "Email *",
        "Website",
        "Save my name, email, and website in this browser for the next time I comment.",
        "Post Comment",
    ),
    sidebar=(
        "Latest market prices",
        "Brent $83.12 ▲0.4%",
        "BTC 3.28%",
        "EUR/USD 1.0842 -0.1%",
        "Most read",
        "1",
        "{another}",
        "2",
        "{other}",
        "Sign up for our morning newsletter",
        "The day's first news from the quays, every morning at six.",
    ),
    footer=(
        "About us",
        "Contact us",
        "Privacy Policy",
        "© 2025 The Quayside Post. All rights reserved.",
        "We use cookies to understand how our pages are read. By continuing to use this site you agree to this.",
        "Accept all cookies",
    ),
)

ARABIC = Site(
    name="صحيفة الميناء الجديد",
    lang="ar",
    menu=("تخطى إلى المحتوى", "صحيفة الميناء الجديد", "الرئيسية", "سياسة", "اقتصاد", "رياضة", "ثقافة وفنون", "رأي"),
    above=("الرئيسية / اقتصاد / موانئ",),
    below_title=(
        "كتب: سامر الحلاق",
        "نُشر في 12 نوفمبر 2025 - 09:31",
        "آخر تحديث: ١٢/١١/٢٠٢٥ ١٠:٠٥",
        "شارك الخبر",
        "فيسبوك",
        "تويتر",
        "واتساب",
        "نسخ الرابط",
        "حجم الخط",
    ),
    between=("إعلان", "المقال يستمر بعد الإعلان"),
    link=("اقرأ أيضاً: {other}",),
    tags=("الكلمات المفتاحية: موانئ، تجارة، {number} وسماً",),
    related=("أخبار ذات صلة", "{other}", "منذ 3 ساعات", "{another}", "12/05/2025"),
    form=(
        "اترك تعليقاً",
        "لن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *",
        "التعليق *",
        "الاسم *",
        "البريد الإلكتروني *",
        "الموقع الإلكتروني",
        "احفظ اسمي، بريدي الإلكتروني، والموقع الإلكتروني في هذا المتصفح لاستخدامها المرة المقبلة في تعليقي.",
        "إرسال التعليق",
    ),
    sidebar=(
        "أسعار العملات",
        "الدولار 48.20 ▲",
        "اليورو 52.75 ▼",
        "الذهب عيار 21",
        "5,410",
        "الأكثر قراءة",
        "1",
        "{another}",
        "2",
        "{other}",
        "اشترك في النشرة البريدية",
        "تصلك أهم الأخبار كل صباح من أرصفة الميناء.",
        "تابعنا على أخبار جوجل",
        "اكتشف المزيد من صحيفة الميناء الجديد",
    ),
    footer=(
        "من نحن",
        "اتصل بنا",
        "سياسة الخصوصية",
        "جميع الحقوق محفوظة © صحيفة الميناء الجديد 2025",
        "نستخدم ملفات تعريف الارتباط لتحسين تجربتك في الموقع. باستمرارك في التصفح فإنك توافق على ذلك.",
        "موافق",
    ),
)


def pages(site: Site) -> list[Page]:
    """The seeds' articles in the site's language, on its pages."""
    articles = list(_articles(site.lang))
    titles = [title for title, _ in articles]
    return [
        Page(site, title, paragraphs, (titles[at - 1], titles[at - 2]), at)
        for at, (title, paragraphs) in enumerate(articles)
    ]


def _articles(lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for path in sorted((SEEDS / "documents" / lang).iterdir()):
        for item in read_items(path, ReadOptions()):
            if not isinstance(item, SourceItem):
                continue
            paragraphs = tuple(item.text.replace("\n\n", "\n").split("\n"))
            if len(paragraphs) >= _LEAST_PARAGRAPHS:
                yield item.title, paragraphs

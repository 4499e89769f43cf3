"""Where the article is on a page: what stays in spite of its words, and what goes for its place."""

import textwrap

import pytest

from indexer.cleaning import clean
from indexer.furniture import Reason

PORTS = "Ports along the coast reopened on Wednesday after a storm."
SHIPS = "Two ships waited off Damietta until the evening."
STORM = "Forecasters expect another storm at the end of the week."


def left(text: str, *, title: str = "") -> list[str]:
    return clean(textwrap.dedent(text), title=title).text.replace("\n\n", "\n").split("\n")


def page(*lines: str) -> str:
    return "\n\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        """\
        A chronology of the siege

        1 March 2025

        The garrison closed the gates and counted its flour.

        4 March 2025

        A treaty was signed at noon.
        """,
        """\
        Grain prices this week

        Prices of grain rose in all ports that we ask.

        Exchange rates

        Wheat
        $250
        +3.2%
        Barley
        $210
        +1.1%

        They are expected to fall again by the summer.
        """,
        """\
        What to take on a boat

        Here is what you need for a week along the coast.

        • Water
        • Telephone
        • Email
        • News
        """,
        """\
        Minutes of the harbour board

        The board agreed to dredge the inner basin before the winter.

        Comments

        Mr Salem asked who would pay, and was told that the port would.

        Markets

        The secretary will send figures by Friday.

        N. Farrow
        12 November 2025
        """,
        """\
        قصيدة البحر

        يا بحر خذني إلى المرسى البعيد
        وارجع بنا إن طال ليل الانتظار
        شارك
        الناس في المرفأ
        """,
        """\
        مجلس الميناء يجتمع في دمياط

        تابع الوزير حديثه عن العاصفة: لم نخسر سفينة واحدة.
        شارك الآلاف في تنظيف الأرصفة بعد العاصفة.
        تابعنا على مدى أسبوع كامل عودة السفن إلى الميناء.
        الكلمات المفتاحية في خطابه كانت الصبر والعمل.
        اشتركوا في القتال ثم عادوا إلى قراهم سالمين.
        حمل تطبيق الخطة الجديدة مفاجآت للصيادين.
        شاهد أيضا السفينة وهي تغرق قرب الرصيف.
        """,
        """\
        The minister and the fishermen

        Share prices of three shipping lines fell by 3%.
        "Follow us and you will see," a pilot said.
        Subscribe to our view or not, the sea does not ask.
        Comments by the minister angered the fishermen.
        By clicking his tongue the pilot called his dog.
        Copyright law was changed in the same session.
        Related families live on both banks of the canal.
        """,
    ],
    ids=["chronology", "prices", "list", "minutes", "poem", "Arabic prose", "English prose"],
)
def test_what_only_looks_like_furniture_stays(text: str) -> None:
    assert clean(textwrap.dedent(text)).removed == ()


@pytest.mark.parametrize(
    "furniture",
    [
        ("Advertisement",),
        ("إعلان",),
        ("Facebook", "X", "WhatsApp"),
        ("Read also: Egypt buys wheat from Romania",),
        ("اقرأ أيضاً", "مصر تشتري القمح من رومانيا"),
        ("Related articles", "Egypt buys wheat from Romania", "Tunisia raises the price of bread again"),
        ("Sign up for our newsletter", "Enter your email"),
        ("تابعونا على تلغرام",),
    ],
    ids=lambda lines: lines[0],
)
def test_inside_an_article_what_is_certain_goes(furniture: tuple[str, ...]) -> None:
    assert left(page(PORTS, SHIPS, *furniture, STORM)) == [PORTS, SHIPS, STORM]
    assert left(page(PORTS, SHIPS, *furniture, "What comes next", STORM, SHIPS))[-3:] == [
        "What comes next",
        STORM,
        SHIPS,
    ]


def test_inside_an_article_a_heading_between_furniture_stays() -> None:
    lines = (PORTS, "Advertisement", "What comes next", "Read also: Egypt buys wheat from Romania", STORM)
    assert left(page(*lines)) == [PORTS, "What comes next", STORM]


def test_above_an_article_its_headline_stays() -> None:
    head = ("Skip to content", "World", "Egypt", "12 May 2025 09:31", "Ports reopen after the storm", "By Nadia Farrow")
    assert left(page(*head, "Egypt, Damietta", PORTS, SHIPS)) == [
        "Ports reopen after the storm",
        "Egypt, Damietta",
        PORTS,
        SHIPS,
    ]


def test_below_a_list_of_headlines_the_last_one_is_the_article_s() -> None:
    head = (
        "Most read",
        "Egypt buys wheat from Romania",
        "Tunisia raises the price of bread",
        "Ports reopen after storm",
    )
    assert left(page(*head, PORTS, SHIPS)) == ["Ports reopen after storm", PORTS, SHIPS]


def test_a_list_of_headlines_above_an_article_has_its_own_dates() -> None:
    head = (
        "Most read",
        "Egypt buys wheat from Romania",
        "3 hours ago",
        "Tunisia raises the price of bread",
        "12 May 2025",
    )
    text = page(*head, "Ports reopen after the storm", "12 November 2025", PORTS, SHIPS)
    assert left(text) == ["Ports reopen after the storm", PORTS, SHIPS]
    dates = [removed.text for removed in clean(text).removed if removed.reason is Reason.DATE]
    assert dates == ["12 November 2025"]


@pytest.mark.parametrize("heading", ["Security", "12 November 2025", "By Nadia Farrow"])
def test_a_line_alone_above_an_article_stays(heading: str) -> None:
    assert left(page(heading, PORTS, SHIPS)) == [heading, PORTS, SHIPS]


def test_a_title_that_is_given_stays_whatever_it_says() -> None:
    assert left(page("Latest news", "Subscribe now", PORTS, SHIPS), title="Subscribe Now") == [
        "Subscribe now",
        PORTS,
        SHIPS,
    ]


class TestBelow:
    ARTICLE = (PORTS, SHIPS, f"{STORM} {PORTS} {SHIPS}")

    def test_teasers_go_with_their_dates_and_what_is_offered(self) -> None:
        below = (
            *(
                "Share this article",
                "The Lantern",
                "Discover more",
                "Egypt 12 May 2025 09:31",
                "Egypt buys wheat again",
            ),
            *("Egypt's grain buyer took three cargoes from Romania.", "Sign up for our newsletter"),
            "The news from the quays, every morning.",
        )
        assert left(page(*self.ARTICLE, *below)) == list(self.ARTICLE)

    def test_prose_that_nothing_announces_stays(self) -> None:
        below = ("Read also: Egypt buys wheat again", "The Lantern asked the ministry for comment.")
        assert left(page(*self.ARTICLE, *below)) == [*self.ARTICLE, below[-1]]

    def test_two_sentences_in_a_row_are_the_article_s(self) -> None:
        below = ("Discover more", "12 May 2025", "Egypt buys wheat again", PORTS, SHIPS)
        assert left(page(*self.ARTICLE, *below))[-2:] == [PORTS, SHIPS]

    def test_a_signature_stays(self) -> None:
        below = ("Nadia Farrow", "Damietta, 12 November 2025")
        assert left(page(*self.ARTICLE, *below)) == [*self.ARTICLE, *below]

    def test_a_ticker_goes_that_nothing_announces(self) -> None:
        below = ("BTC 3.28%", "$92,051", "ETH 4.40%", "EUR/USD 1.0842 -0.1%")
        assert left(page(*self.ARTICLE, *below)) == list(self.ARTICLE)

    def test_tags_go(self) -> None:
        assert left(page(*self.ARTICLE, "Tags", "#ports #storm")) == list(self.ARTICLE)

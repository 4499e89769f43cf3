from pathlib import Path

import pytest

from search import store
from search.concordance import Concordance, write_names
from search.evaluation import read_collection
from search.names import NamesIndex
from search.romanisation import fit, plain_spellings, transliterated
from search.romanised import read
from search.searcher import Searcher
from search.settings import Settings
from tests.conftest import SEEDS

# The Arabic queries of the seeds, as people from Baghdad to Casablanca would type them.
SEED_QUERIES = {
    "q41-ar": "kayf ya3thor el fanniyoun 3ala makan inqita3 kabl el internet fi qa3 el ba7r w kayf yoslihounah",
    "q42-ar": "ta2thir miyah el magari 3ala qodret morgan el 3aqaba 3ala ta7ammol el 7arara",
    "q43-ar": "tasree7 mowazafin ba3d ta2jil mashrou3 el hydrogen el akhdar fel maghreb",
    "q44-ar": "hal tastati3 el seen man3 bakistan min bay3 moqatilat JF-17 li dowal okhra",
    "q45-ar": "hal to3awed oghanda far2 taman el namousiyat el gadida men 3elag el malaria",
    "q46-ar": "nazih karkour",
    "q47-ar": "rujoo3 sufun al 7awiyat ila qanat al suwais badal ras al raja2 al sali7",
    "q48-ar": "kolfat ta7wil el amwal men el khalij ila el sudan wel yaman",
    "q49-ar": "tarmim al mudarrajat al jabaliya lil 7add min injiraf al turba",
    "q50-ar": "makhatir al mulu7a 3ind saqi al a3laf bi miyah sarf mu3alaja fil urdun",
    "q51-ar": "limaza yunsa7 bi2an tabda2 masr wa bakistan bi tasni3 al zakhira qabl al modara3at",
    "q52-ar": "ghiyab el rus 3an monaqasat el amh el masreya",
    "q53-ar": "kahraba shamsiya li 3iyadat el qadarif",
    "q54-ar": "7afla mogahaza le gera7et el 3oyoun tegoub qora sohag w qena",
    "q55-ar": "el 3adda2 el eritri yohannes tesfay",
    "q56-ar": "kif byi7sal el marid el 3iraqi 3ala wasfet dawa iza ma fi tabib b baldto",
    "q57-ar": "ta3wid sayyadi al lathiqiya 3an ayyam al taqs al sayyi2",
    "q58-ar": "himayat at-tuyur al-muhajira min marawih tawlid al-kahraba",
    "q59-ar": "meen sa7eb el na2a el fayza b khetam mawsem el hogon",
    "q60-ar": "limatha yaflit muharribu as-silah wal-mukhaddirat min al-iqab fi khalij adan",
    "q61-ar": "lesh ma yestafeed el mozare3 el sagheer men bay3 el tamr el so3oudi fil kharej",
    "q62-ar": "a3rad el sokkari 3and el atfal",
    "q63-ar": "kam satuwaffir misr wal-urdun min rabt shabakatay al-kahraba",
    "q64-ar": "noudoub el miyah el jawfiya f sahra2 el jazairiya",
    "q65-ar": "hal rakhosat as3ar el khodar fi nouakchott",
    "q66-ar": "nass 9adeem 3an dozan alat el 3oud",
    "q67-ar": "da3wat bakistan ila ma3rad es-sila7 fil qahira",
    "q68-ar": "dor el tayareen el pakistaniyeen fi 7arb el 3obour",
    "q69-ar": "e7timal qiyam takattol 3askari bein ankara wel riyad wel qahera w islam abad",
    "q70-ar": "tanabbo2 mobaker bel 3awasef el torabiya b wasetat qamar sana3o tollab",
    "q71-ar": "hojoum mosalla7in 3ala safinat bada2e3 qorb bab el mandab",
    "q72-ar": "sabab tafashi al kolera fil 7odayda wa talawwoth al abar",
    "q73-ar": "shakawi sayyadi 3oman men mokhallafat ma7attat el ta7lya",
    "q74-ar": "limadha tunawwi al-qahira masadir tasliha ba'd dukhul brics",
    "q75-ar": "3alam ettafaq nagl haftar ma3 qeyadet el geish el bakistani",
    "q76-ar": "niha2i korat al yad al nisa2iya al ifriqiya",
    "q77-ar": "mondho mata saqatat qit3at al qamar fi saltanat 3uman",
    "q78-ar": "takhzin at-taqa ash-shamsiyya li-istikhdamiha laylan fil-urdunn",
    "q79-ar": "kam wazifa da2ima wafarat-ha ma7attat shams el janoub",
    "q80-ar": "ta3awon taxila ma3 al hay2a al 3arabiya lil tasni3",
}
OTHERS = [
    "ziyarat haftar ila bakistan",
    "el 7arb fi el sudan",
    "mubadarat as-salam",
    "qanat es suwees",
    "tasdir al-tumur ila indunisia wal-brazil",
    "imtihan al-mudaddat al-hayawiyya fi as-saydaliyyat",
    "ra3i ebel 3omani we naizak men el 2amar",
    "9aydaliyat el 3ira9 bedoun wa9fa",
    "mokafa7at el malaria fi oghanda",
    "makhtoutat tilimsan",
    "rab6 el kahraba bein ma9r wel ordon",
    "7aql shams wadi halima",
    "hujum al qarasina 3ala safina",
    "lemaza ertafa3 se3r el ta2meen 3ala el sofon fel ba7r el a7mar",
    "difa3 moshtarak bein el so3oudia w bakistan",
    "6ayarat jf-17 lil jaysh al masri",
    "ta3leem el banat fi rif el sudan",
    "sibaq el hijn bel robot",
    "bank el maghreb yokhaffed el fayda",
    "fa7s sokkar el atfal fil madaris",
    "jara7at 3uyun majjaniya",
    "mo3alajat miyah as-sarf",
]
NOT_ARABIC = [
    "Haftar visit to Pakistan",
    "Al Jazeera report on Gaza",
    "al jazeera report gaza",
    "Sharm el-Sheikh summit",
    "sharm el sheikh summit",
    "sharm el sheikh",
    "JF-17",
    "COVID-19",
    "3D printing",
    "G7 summit",
    "top 5 teams",
    "top5 teams",
    "el nino drought",
    "el salvador gangs",
    "al qaeda leader killed",
    "bashar al-assad regime",
    "omar al bashir trial",
    "al shabaab attack somalia",
    "ras al khaimah tourism",
    "abu dhabi grand prix",
    "bab el mandeb shipping",
    "bab al-mandab strait",
    "khan el khalili market",
    "al aqsa mosque clashes",
    "al ahly zamalek final",
    "el clasico barcelona madrid",
    "mohamed salah goals",
    "mohammed bin salman neom",
    "muammar al gaddafi",
    "egyptian president el sisi",
    "el sisi cairo",
    "al azhar grand imam",
    "mp3 download",
    "h2o molecule",
    "co2 emissions",
    "iphone6 battery",
    "windows7 update",
    "web3 wallet",
    "b2b marketing",
    "face2face learning",
    "peer2peer lending",
    "4x4 trucks",
    "5G network rollout",
    "2nd division",
    "9th symphony",
    "3rd gender",
    "7eleven stores",
    "2pac shakur",
    "gr8 deals",
    "l33t hackers",
    "r2d2 c3po",
    "ps5 games",
    "u2 concert",
    "salam fayyad",
    "dar es salaam",
    "dar es salaam port",
    "rabat sale",
    "hayat tahrir al-sham",
    "hezbollah al manar",
    "beirut blast",
    "ahmed el tayeb",
    "sadat assassination",
    "mubarak trial verdict",
    "hajj stampede mina",
    "kuwait oil ministry",
    "hay'at tahrir al sham idlib",
    "umm al quwain",
    "wadi al-hitan fossils",
    "tel el amarna letters",
    "deir ez-zor offensive",
    "deir ez zor",
    "ain el-arab",
    "wadi rum hike",
    "souk el gharb battle",
    "fi fo fum",
    "wi-fi speed",
    "scifi novels",
    "hal 9000",
    "guerre au soudan",
    "la visite de haftar au pakistan",
    "canal de suez",
    "le canal el suez",
    "guerra en sudan",
    "el presidente de egipto",
    "el canal de suez",
    "el barco hundido",
    "la paz en gaza",
    "tarif internet maroc",
    "les prix du gaz algerie",
    "el gran canal",
    "el tren maya",
    "el cambio climatico",
    "al pacino filmography",
    "al gore climate",
    "kabul airport",
    "pakistan zindabad",
    "bayt al-hikma",
    "house of wisdom bayt al hikma baghdad",
    "mohamed el baradei nobel",
    "kitab al-aghani",
    "harb el sudan",
    "fatah hamas unity",
    "sultanat oman",
    "banat riyadh novel",
    "salat times cairo",
    "zakat calculation",
    "zakat al-fitr",
    "zakat al fitr amount",
    "wa state myanmar",
    "ma long table tennis",
    "hijrat",
    "shariat court",
    "jamaat e islami",
    "tablighi jamaat",
    "maa durga",
    "mata hari spy",
    "mata amritanandamayi",
    "wal mart",
    "lil wayne",
    "lil nas x",
    "bel air fresh prince",
    "man utd vs al nassr",
    "al hilal vs al nassr",
    "al nassr ronaldo salary",
    "bein sports",
    "bein sports al ahly",
]

ARABIC = [
    "أعلنت القاهرة مبادرة السلام الجديدة، وبدأت زيارة حفتر إلى باكستان.",
    "الحرب في السودان مستمرة، ولم تبدأ خطة إسعاف الجرحى.",
    "عادت السفن إلى قناة السويس. مبادرة أخرى من أجل السلام.",
    "الكهرباء في الأردن ومياه الشرب في اليمن.",
]
ENGLISH = [
    "Haftar went to Pakistan.",
    "The Suez Canal is open to ships.",
    "Power supply in Jordan and a ceasefire summit.",
]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> NamesIndex:
    path = tmp_path_factory.mktemp("names") / "names.sqlite"
    write_names(path, {"ar": enumerate(ARABIC), "en": enumerate(ENGLISH, start=len(ARABIC))})
    return NamesIndex(Concordance(path))


@pytest.fixture(scope="module")
def seed_names(seed_settings: Settings) -> NamesIndex:
    return NamesIndex(Concordance(store.current(seed_settings.folder) / "names.sqlite"))


@pytest.mark.parametrize(
    ("query", "arabic"),
    [
        ("mobadarat el salam", "مبادرة السلام"),
        ("mubadarat as-salam", "مبادرة السلام"),
        ("mubādarat as-salām", "مبادرة السلام"),
        ("MOBADARAT EL SALAM", "مبادرة السلام"),
        ("ziyarat haftar ila bakistan", "زيارة حفتر إلى باكستان"),
        ("Ziyarat Haftar ila Pakistan", "زيارة حفتر إلى باكستان"),
        ("el 7arb fi el sudan", "الحرب في السودان"),
        ("el 7arb fel soudan", "الحرب في السودان"),
        ("is3af fil sudan", "اسعاف في السودان"),
        ("qanat es suwees", "قناة السويس"),
        ("9anat el swes", "قناة السويس"),
        ("kahraba lil urdun w miyah lel yaman", "كهرباء للأردن ومياه لليمن"),
        ("el 7arb w el salam li el sudan", "الحرب والسلام للسودان"),
        ("7arb 2025 fil sudan w JF-17", "حرب 2025 في السودان وJF-17"),
    ],
)
def test_words_are_read_as_those_of_the_corpus(names: NamesIndex, query: str, arabic: str) -> None:
    reading = read(query, names)
    assert reading is not None
    assert reading.text == arabic


def test_a_reading_tells_what_each_word_was_read_as(names: NamesIndex) -> None:
    reading = read("el 7arb wel salam", names)
    assert reading is not None
    assert reading.words == (("el", "الـ"), ("7arb", "حرب"), ("wel", "والـ"), ("salam", "سلام"))


def test_a_word_that_the_corpus_lacks_is_written_as_it_sounds(names: NamesIndex) -> None:
    reading = read("el 7arb fi lubnan", names)
    assert reading is not None
    assert reading.text == "الحرب في لبنان"


@pytest.mark.parametrize("query", NOT_ARABIC)
def test_english_and_its_neighbours_are_left_alone(names: NamesIndex, seed_names: NamesIndex, query: str) -> None:
    for variant in (query, query.lower(), query.upper(), query.title()):
        assert read(variant, names) is None
        assert read(variant, seed_names) is None


@pytest.mark.parametrize("query", ["", "2025", "؟", "قناة السويس", "el قناة", "7", "'", "a2'" * 300, "el " * 300])
def test_what_has_nothing_to_read_is_left_alone(names: NamesIndex, query: str) -> None:
    assert read(query, names) is None


def test_four_of_five_romanised_queries_are_recognised(seed_names: NamesIndex) -> None:
    queries = [*SEED_QUERIES.values(), *OTHERS]
    recognised = [query for query in queries if read(query, seed_names)]
    assert len(queries) >= 60
    assert len(recognised) / len(queries) >= 0.8


def test_readings_find_what_the_arabic_queries_find(seed_searcher: Searcher, seed_names: NamesIndex) -> None:
    qrels = read_collection(SEEDS).qrels
    found = 0
    for query_id, query in SEED_QUERIES.items():
        reading = read(query, seed_names)
        hits = seed_searcher.search(reading.text if reading else query, k=5)
        found += any((hit.document.record_id or hit.document.source) in qrels[query_id] for hit in hits)
    assert found / len(SEED_QUERIES) >= 0.8


@pytest.mark.parametrize("name", ["xquad", "ntrex-news", "tatoeba", "names", "places"])
def test_no_public_english_query_is_taken_for_arabic(shared: Path, seed_names: NamesIndex, name: str) -> None:
    # The seeds know few English words, so nearly all evidence has to come from the queries themselves.
    queries = [query.text for query in read_collection(shared / "eval" / name).queries if query.lang == "en"]
    assert queries
    assert [query for query in queries if read(query, seed_names)] == []


def test_a_spelling_fits_its_own_word_best() -> None:
    words = ["حرب", "حارب", "هرب", "خراب", "غرب", "عرب"]
    assert max(words, key=lambda word: fit("7arb", word)) == "حرب"
    assert max(words, key=lambda word: fit("3arab", word)) == "عرب"
    assert fit("7arb", "حرب") == pytest.approx(1 - 0.05 / 3)
    assert fit("salam", "كتاب") < 0


def test_the_feminine_ending_is_known() -> None:
    assert fit("mubadarat", "مبادره") > fit("mubadarat", "مبادرات") > fit("mubadarat", "مبادر")
    assert plain_spellings("ma7atat") == {"mahatat", "mahata"}


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [("lubnan", "لبنان"), ("madrasa", "مدرسة"), ("awlad", "أولاد"), ("7adeed", "حديد"), ("mi9r", "مصر")],
)
def test_transliterations(latin: str, arabic: str) -> None:
    assert transliterated(latin) == arabic

"""Names in running text: a test set of names alone as queries, made from the news documents of the shared test sets.

The table holds facts, how newspapers write a name in either language. Which documents contain it is looked up when the
set is made, in the documents' own words, so that none of their text is kept here.
"""

import json
import re
from pathlib import Path

from search.arabic import lexical_form
from search.evaluation import Collection, Query

NEWS = Path("eval") / "ntrex-news"
"""Where the documents are, below the folder of shared test sets."""

# Latin = Arabic, alternatives apart by strokes; the first that occurs is what is searched.
_NAMES = """
Brett Kavanaugh = بريت كافانو | بريت كافانا | بريت كافانوه | كافانو | كافانا
Christine Blasey Ford = كريستين بلاسي فورد | بلاسي فورد | بليسي فورد
Donald Trump = دونالد ترامب
Jordan Spieth = جوردان سبيث | سبيث
Tommy Fleetwood = تومي فليتوود | فليتوود
Francesco Molinari = فرانشيسكو موليناري | فرانسيسكو موليناري | موليناري
Justin Thomas = جاستن توماس | جوستين توماس
Ian Poulter = إيان بولتر | بولتر
Gjorge Ivanov = جورجي إيفانوف | جورج إيفانوف | إيفانوف
Joko Widodo = جوكو ويدودو
Sutopo Purwo Nugroho = سوتوبو بورو نوجروهو | نوجروهو | نوغروهو
Boris Johnson = بوريس جونسون
Theresa May = تيريزا ماي
Jeremy Corbyn = جيريمي كوربين | جيرمي كوربن | كوربين
Kim Jong Un | Kim Jong-un = كيم جونغ أون | كيم جونج أون | كيم يونغ أون
Ri Yong Ho = ري يونغ هو | ري يونج هو
Mike Pompeo = مايك بومبيو
Robert Mueller = روبرت مولر | روبرت مويلر | مولر
Kanye West = كانييه ويست | كاني ويست | كانيه ويست
Ariana Grande = أريانا غراندي | أريانا جراندي | آريانا غراندي
Steven Gerrard = ستيفن جيرارد | ستيفن جيرراد | جيرارد
Liam Kelly = ليام كيلي
Declan Gallagher = ديكلان غالاغر | ديكلان جالاجر | ديكلان غالاغير | ديكلان جالاهر
Craig Halkett = كريج هالكيت | كريغ هالكيت | هالكيت
Alan Lithgow = آلان ليثغو | ليثغو | ليثجو | ليثجوو
Allan McGregor = آلان ماكجريجور | ماكغريغور | مكجريجور | ماكجريجور
Glenn Middleton = جلين ميدلتون | غلين ميدلتون | ميدلتون
Gary Holt = غاري هولت | جاري هولت
Wayde Sims = وايد سيمز | وايد سيمس | واد سيمز
Patrick Reed = باتريك ريد
Tiger Woods = تايغر وودز | تايجر وودز
Dustin Johnson = داستن جونسون | داستين جونسون | دوستين جونسون
Rory McIlroy = روري ماكلروي | روري ماكيلروي | ماكلروي | ماكيلروي
Phil Mickelson = فيل ميكلسون | فيل ميكيلسون | ميكلسون
Eden Hazard = إيدن هازارد | إدين هازارد | هازارد | هازار
Xherdan Shaqiri = شيردان شاكيري | شاكيري | جيردان شاكيري
Mateo Kovacic = ماتيو كوفاسيتش | كوفاسيتش | كوفاتشيتش
Holly Willoughby = هولي ويلوبي | ويلوبي | ويلوغبي
Gwyneth Paltrow = جوينيث بالترو | غوينيث بالترو | بالترو
Ant McPartlin = آنت ماكبارتلين | أنت ماكبارتلين | ماكبارتلين
Oliver Cromwell = أوليفر كرومويل | كرومويل
Oriol Junqueras = أوريول جونكويراس | جونكيراس | خونكيراس | أوريول يونكيراس
Alfredo Morelos = ألفريدو موريلوس | موريلوس
Kenny Miller | Kenny Miler = كيني ميلر
Leroy Sane = ليروي ساني | ساني
Pep Guardiola = بيب جوارديولا | بيب غوارديولا | غوارديولا | جوارديولا
Andres Manuel Lopez Obrador = أندريس مانويل لوبيز أوبرادور | لوبيز أوبرادور | أوبرادور
Kai-Fu Lee = كاي فو لي
Emily Ratajkowski = إميلي راتاجكوسكي | راتاجكوسكي | راتايكوفسكي | راتاجكوفسكي
Rihanna = ريهانا
Mandela = مانديلا
Morales = موراليس
Erdogan = أردوغان
Feinstein = فاينشتاين | فينشتاين | فينستين | فاينستاين
Flake = فليك | فلايك
Palin = بالين
Warren = وارن
Thatcher = تاتشر | ثاتشر
Puff Daddy = باف دادي | بف دادي
Washington = واشنطن
Palu = بالو
Donggala = دونجالا | دونغالا
Lombok = لومبوك
Sulawesi = سولاويسي | سولاوسي
Aceh = آتشيه | أتشيه | اتشيه
Jakarta = جاكرتا
Indonesia = إندونيسيا | اندونيسيا
Singapore = سنغافورة
Birmingham = برمنغهام | برمنجهام | بيرمنغهام
Nevada = نيفادا
Arizona = أريزونا
Iowa = أيوا | آيوا
Utah = يوتا
Texas = تكساس
California = كاليفورنيا
Massachusetts = ماساتشوستس
Tennessee = تينيسي
Pennsylvania = بنسلفانيا
Mississippi = ميسيسيبي | مسيسيبي | المسيسيبي
Michigan = ميشيغان | ميشيجان | ميتشيغان
Alaska = ألاسكا
Wasilla = واسيلا
Nashville = ناشفيل
Las Vegas = لاس فيغاس | لاس فيجاس
Baton Rouge = باتون روج
San Diego = سان دييغو | سان دييجو
Pyongyang = بيونغ يانغ | بيونج يانج
Beijing = بكين | بيجين
Guizhou = قويتشو | غويتشو | جويتشو
Macedonia = مقدونيا
Strumica = ستروميكا | ستروميتسا
Belfast = بلفاست
Glasgow = غلاسكو | جلاسكو | غلاسغو | جلاسجو
Liverpool = ليفربول
Chelsea = تشيلسي
Naples = نابولي
Barcelona = برشلونة
Madrid = مدريد
Catalonia = كتالونيا | كاتالونيا
Cologne = كولونيا | كولون
Birkenhead = بيركينهيد | بركنهيد | بيركنهيد
Nebraska = نبراسكا
Omaha = أوماها
Manitoba = مانيتوبا
Qinghai = تشينغهاي | تشينجهاي | شينغهاي
Somerset = سومرست | سومرسيت
Flagstaff = فلاجستاف | فلاغستاف
Hiroshima = هيروشيما
Bolivia = بوليفيا
Titicaca = تيتيكاكا
Holyoke = هوليوك
Wheeling = ويلينغ | ويلنج | ويلينج
Harlem = هارلم
Twitter = تويتر
Instagram = إنستغرام | انستجرام | إنستجرام | انستغرام
Facebook = فيسبوك | فيس بوك
Google = جوجل | غوغل
Amazon = أمازون
Microsoft = مايكروسوفت
Reuters = رويترز
WhatsApp = واتساب | واتس آب | الواتساب
Brexit = بريكسيت | بريكست | البريكست | بريكزيت
YouGov = يوجوف | يوغوف
Debenhams = ديبنهامز | دبنهامز | ديبينهامز
Superdrug = سوبردراج | سوبر دراج | سوبردرج
Revlon = ريفلون
Maybelline = مايبيلين | ميبيلين | مايبلين
Lidl = ليدل
Aldi = ألدي
Valentino = فالنتينو
Hibernian = هيبرنيان | هيبيرنيان
Videoton = فيديوتون
Hoffenheim = هوفنهايم
Napoli = نابولي
Carnegie Mellon = كارنيجي ميلون | كارنيغي ميلون
"""
_PROCLITICS = "[وف]?[بكل]?(?:ال|لل)?"


def names_in_text(shared: Path) -> Collection:
    """The names as queries in both languages, judged by which documents contain them in their own language.

    A name is left out of a direction of which no document contains it.
    """
    documents = _documents(shared / NEWS / "corpus.jsonl")
    queries: list[Query] = []
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_NAMES.strip().splitlines()):
        sides = [[name.strip() for name in side.split("|")] for side in line.split("=")]
        spellings = dict(zip(("en", "ar"), sides, strict=True))
        found = {name: 1 for name, (lang, text) in documents.items() if _contains(text, spellings[lang])}
        if {documents[name][0] for name in found} != {"en", "ar"}:
            continue
        for lang, forms in spellings.items():
            spelling = next(form for form in forms if any(_contains(documents[name][1], [form]) for name in found))
            queries.append(Query(f"name-{number:03}-{lang}", spelling, lang))
            qrels[queries[-1].query_id] = found
    languages = {name: lang for name, (lang, _) in documents.items()}
    return Collection(shared / NEWS / "corpus.jsonl", queries, qrels, languages)


def _documents(path: Path) -> dict[str, tuple[str, str]]:
    """Language and text in lexical form of each document, by name."""
    records = map(json.loads, path.read_text("utf-8").splitlines())
    return {
        record["_id"]: (record["metadata"]["lang"], lexical_form(f"{record['title']}\n{record['text']}").text)
        for record in records
    }


def _contains(text: str, spellings: list[str]) -> bool:
    """Whether one of the spellings stands in a text in lexical form, be it behind proclitics."""
    forms = "|".join(re.escape(lexical_form(spelling).text) for spelling in spellings)
    return bool(re.search(rf"\b{_PROCLITICS}(?:{forms})\b", text))

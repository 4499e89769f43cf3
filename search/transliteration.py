"""How Latin spellings are written in Arabic letters, from the most usual to the rare, and what departing from it costs.

Both transliterated Arabic names (Qaddafi) and foreign names in Arabic (Vladivostok) are read by this one table. Arabic
typed in Latin letters (`2ahwa`) is the business of `search.romanised`.
"""

# Usual | possible | rare. `^` and `$` stand for the beginning and end of a word, `-` for nothing written.
_TABLE = {
    "a": "ا | - ه ع عا اع | ي و ء",
    "aa": "ا | ع عا",
    "ae": "اي ي | ا",
    "ah$": "ه ا اه",
    "ai": "اي ي | عي ئ",
    "au": "او و | ا ؤ ع",
    "aw": "او و",
    "ay": "اي ي",
    "a$": "ا ه | - ي | ع اء",
    "^a": "ا | ع عا",
    "^aa": "ا ع عا",
    "b": "ب | | - ف",
    "bb": "ب",
    "b$": "ب | -",
    "c": "ك | س تش ش ق ث ج | خ",
    "cc": "ك | تش س",
    "ce": "س سي | | ث تش",
    "ci": "سي | تش شي | ث",
    "ch": "تش ش | ك خ ح | كه",
    "chr": "كر",
    "ck": "ك | ق",
    "cq": "ك",
    "cz": "تش | ز س",
    "d": "د | ض | ذ - ظ ت ط",
    "dd": "د | ض ذ",
    "d$": "د ض | - ت | ذ ظ",
    "dge": "دج ج",
    "dh": "ذ ظ د ض",
    "dj": "ج | دج د",
    "dz": "دز | ز ج",
    "e": "ي | - ا | ه ع و اي ئ",
    "^e": "ا اي | ي ع | عي",
    "e$": "- ي ه | ا | يه",
    "ea": "ي | يا ا يه",
    "ee": "ي",
    "ei": "اي ي",
    "eo": "يو | و ي",
    "er$": "ر ير | يه ار | ه",
    "et$": "يت | يه ي | ات",
    "eu": "يو و | او",
    "ew": "يو و",
    "ey": "ي | اي",
    "f": "ف | | ڤ",
    "ff": "ف",
    "g": "غ ج | ك ق - | خ ي ش ح",
    "gg": "غ ج قج",
    "gh": "غ | - | غه ج ف ق",
    "gli": "ليي لي غلي | جلي",
    "gn": "ن غن ني",
    "gu": "غو غ جو ج",
    "h": "ه ح | - خ | ا",
    "^h": "ه ح | خ | ا -",
    "i": "ي | - ا | اي ع ئ ه و",
    "^i": "ا اي | ع عي | ي",
    "ia": "يا ي | يه",
    "ie": "ي | يي يه | ا اي",
    "i$": "ي | اي | -",
    "iy": "ي",
    "j": "ج | ي خ ش | - غ ه ز",
    "^je": "جي ي",
    "k": "ك ق | غ | خ ج -",
    "kh": "خ | كه ك ح ج",
    "kn": "ن كن",
    "kk": "ك | ق",
    "^kn": "ن كن",
    "l": "ل | | - ي",
    "ll": "ل | ي | ج",
    "ly": "لي",
    "m": "م",
    "mm": "م",
    "n": "ن | | م -",
    "nn": "ن",
    "ng": "نغ نج | ن نك | نق",
    "o": "و | - ا | او ع ه عو",
    "^o": "او و | ا عو ع",
    "oa": "وا و",
    "oe": "و وي | ي",
    "oi": "وا وي",
    "oo": "و",
    "ou": "و او | - | ا",
    "ow": "او و",
    "oy": "وي | وا",
    "p": "ب پ | | ف -",
    "ph": "ف",
    "pp": "ب پ",
    "q": "ق ك | | غ خ ج",
    "qu": "كو ق قو ك",
    "r": "ر | | - غ",
    "rr": "ر",
    "rh": "ر",
    "s": "س ص | ز ش | - ث",
    "sc": "س سك | ش",
    "sch": "ش | شت سك تش | س",
    "sh": "ش | سه | س",
    "shch": "شتش ش",
    "sp": "سب | شب",
    "ss": "س ص | | ش ز",
    "ssi": "سي شي",
    "st": "ست شت",
    "sz": "ش س ز",
    "s$": "س ز | ص | - ش",
    "t": "ت ط | | ث - د",
    "t$": "ت ط | - | ث د ه",
    "tch": "تش",
    "th": "ث ت ذ | ط | ظ د",
    "ti": "تي طي | شي",
    "tion": "شن شيون | تيون",
    "tj": "تج",
    "ts": "تس | ز س",
    "tsch": "تش | | ش",
    "tt": "ت ط",
    "tz": "تز تس ز | تش",
    "u": "و | - | ا يو ي ع ه او",
    "^u": "او و | ا ي ع عو يو",
    "ue": "و وي | - ي",
    "ui": "وي و ي",
    "uu": "و",
    "v": "ف ڤ | و | ب",
    "w": "و | ف | - ا",
    "^wr": "ر",
    "wh": "و | ه",
    "x": "كس | س ش ز خ | ك",
    "^x": "ز كس ش س",
    "x$": "كس | - | س",
    "y": "ي | - | اي ا يي",
    "^y": "ي | اي",
    "z": "ز | س ظ ذ تس ج | ض ث ص ش تز",
    "zh": "ج ز | جه",
    "zz": "ز تز تس | تش",
}
_COLUMN_COSTS = (0.0, 0.25, 0.5)
_SHORT_VOWEL = 0.15

LETTER = 1.0
LEFT_OUT = {"^": 0.0, "$": 0.0, **dict.fromkeys("aeiouwyh", 0.4)}
"""What a Latin letter costs that the Arabic word leaves out, where it is not `LETTER`."""
LEFT_OVER = {**dict.fromkeys("اويءئؤع", 0.3), "ه": 0.4}
"""What an Arabic letter costs that nothing stands for in the Latin word, where it is not `LETTER`."""
LENGTH = dict.fromkeys("aeiouwyhاويءئؤعه", 0.5)
"""What a letter counts for the length of a word, where it is not `LETTER`: the vowels."""


def _costs(latin: str, row: str) -> dict[str, float]:
    costs: dict[str, float] = {}
    for cost, column in zip(_COLUMN_COSTS, row.split("|"), strict=False):
        for spelling in column.split():
            if spelling == "-":
                costs[""] = min(cost, _SHORT_VOWEL) if latin in "aeiou" else cost
            else:
                costs.setdefault(spelling, cost)
    return costs


SPELLINGS: dict[str, dict[str, float]] = {latin: _costs(latin, row) for latin, row in _TABLE.items()}
"""Latin spelling → Arabic spelling in lexical form → what it costs, in shares of a letter."""

"""The words that a query can do without, Arabic and English, as `search.arabic.lexical_form` writes them.

Function words only, and few: leaving out what a list is not sure of costs nothing, for BM25 itself gives frequent
words little weight, while lists made by frequency take news, system and computer for such. Folding makes علي, the
name, one word with على, and a stop word with it: a query of nothing else keeps its stop words.
"""

from search.arabic import lexical_form

_ENGLISH = """
a about after again against all also am among an and any are as at be because been before being below between both but
by could did do does doing down during each for from further had has have having he her here hers herself him himself
his how i if in into is it its itself just me more most my myself no nor not of off on once only or other our ours out
over own same she should so some such than that the their theirs them themselves then there these they this those
through to too under until up upon very was we were what when where whether which while who whom whose why will with
would you your yours
can't couldn't didn't doesn't don't hadn't hasn't haven't isn't aren't wasn't weren't won't wouldn't shouldn't
he's i'm i've it's she's that's there's they're they've we're we've what's where's who's you're you've
"""

_ARABIC = """
في على إلى عن مع من هذا هذه هذان هاتان ذلك تلك هؤلاء أولئك الذي التي الذين اللذان اللذين اللتان اللاتي اللواتي
هو هي هم هن هما أنا نحن أنت أنتم أن إن أنه أنها أنهم إنه إنها إنهم بأن بأنه بأنها لأن لأنه لأنها كأن لكن لكنه لكنها
كان كانت كانوا يكون تكون ليس ليست قد لقد سوف لم لن لا ما ماذا متى أين كيف لماذا هل أي أية كم مما ممن فيما بما
أو أم ثم حتى بل إذا إذ لو لولا كلما عندما حين حيث بينما منذ بعد قبل بين عند لدى فوق تحت خلال حول دون ضد نحو عبر
كل بعض غير سوى مثل كما أيضا فقط كذلك هنا هناك إما أما تم يتم
له لها لهم لك لنا به بها بهم منه منها منهم فيه فيها فيهم عليه عليها عليهم إليه إليها إليهم عنه عنها عنهم
ال و ف ب ل ك وال بال لل
"""

_ARABIC_STOP_WORDS = [lexical_form(word).text for word in _ARABIC.split()]

STOP_WORDS = frozenset(_ENGLISH.split()) | frozenset(form for word in _ARABIC_STOP_WORDS for form in (word, f"و{word}"))
"""Stop words of both languages in lexical form, the Arabic ones also behind the conjunction و."""

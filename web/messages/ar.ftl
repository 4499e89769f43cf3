# ما تقوله الصفحة بالعربية. لكل رسالة هنا نظيرتها في en.ftl بالاسم نفسه والقيم نفسها.

## إطار الصفحة

tagline = «جسر» يجد المقاطع بمعناها، بالعربية والإنجليزية معًا.
skip = انتقل إلى المحتوى
about = عن الموقع
api-reference = مرجع الواجهة البرمجية
interface-languages = لغة الواجهة
digits = الأرقام

## خانة البحث

search-title = البحث في وثائق عربية وإنجليزية
query-label = ما تبحث عنه، بالعربية أو بالإنجليزية
query-placeholder = ابحث بالعربية أو بالإنجليزية
passages-in = لغة المقاطع
all-languages = اللغتان معًا
search = ابحث
filters = خيارات أخرى
since = من
until = إلى
source = المصدر
or-source = أو
date-placeholder = سنة-شهر-يوم
dates-hint = يوم أو شهر أو سنة، مثل {"\u2066"}2024-03-18{"\u2069"} أو 2024. لا تدخل الوثائق التي لا تاريخ لها.
sources-hint = اسم ناشر، أو مسار ملف أو مجلد في الفهرس.
sort = الترتيب
sort-by = { $order ->
        [newest] الأحدث أولًا
        [oldest] الأقدم أولًا
       *[score] الأقرب أولًا
    }
balance = الموازنة
balance-at = { $lean ->
        [ar] العربية أولًا
        [en] الإنجليزية أولًا
       *[none] اللغتان سواء
    }
suggestions = اقتراحات
earlier-searches = عمليات بحث سابقة
forget-searches = امحُها

## لوحة المفاتيح

keys = لوحة المفاتيح
key-search = إلى خانة البحث
key-next = إلى المقطع التالي
key-before = إلى المقطع السابق
key-open = فتح المقطع
key-list = هذه القائمة
key-leave = إغلاق القائمة، أو مغادرة الخانة
keys-on = استخدام هذه المفاتيح
close = إغلاق

## الصفحة الأولى

welcome = اسأل بلغة، واقرأ باللغتين.
welcome-try = السؤال بالعربية يجد مقاطع بالإنجليزية، والعكس. جرّب:
holdings = { $documents ->
    [zero] لا وثائق
    [one] وثيقة واحدة
    [two] وثيقتان
    [few] { NUMBER($documents) } وثائق
    [many] { NUMBER($documents) } وثيقة
   *[other] { NUMBER($documents) } وثيقة
    } و{ $passages ->
    [zero] لا مقاطع
    [one] مقطع واحد
    [two] مقطعان
    [few] { NUMBER($passages) } مقاطع
    [many] { NUMBER($passages) } مقطعًا
   *[other] { NUMBER($passages) } مقطع
    } في هذا الفهرس.

## النتائج

count-of-language = { $language }: { NUMBER($count) }
list-comma = {"، "}
score = الدرجة { NUMBER($score, decimals: 2) }
page = ص { NUMBER($page) }
weak-match = تطابق ضعيف
unanswered = لا توجد إجابة جيدة في هذا الفهرس. أقرب المقاطع:
unanswered-in-language = لا توجد إجابة جيدة بهذه اللغة. أقرب المقاطع:
nothing-found = لا نتائج
nothing-answers = لا يجيب أي مقطع عن هذا السؤال.
nothing-answers-in = لا يجيب أي مقطع بهذه اللغة ({ $language }) عن هذا السؤال.
try-other-words = جرّب كلمات أخرى، أو ابحث باللغتين معًا.
try-other-filters = جرّب كلمات أخرى، أو تواريخ أو مصادر أخرى، أو ابحث باللغتين معًا.
read-as = قُرئ بالعربية:
as-typed = ابحث عنه كما كُتب
spelled-here = يُكتب هنا أيضًا:
without-spellings = ابحث عن الأسماء كما كتبتها فقط
names-off = يجري البحث عن الأسماء كما كتبتها فقط.
names-on = ابحث عنها بالحروف الأخرى أيضًا
other-places = { $count ->
    [one] ورد أيضًا في موضع آخر
    [two] ورد أيضًا في موضعين آخرين
    [few] ورد أيضًا في { NUMBER($count) } مواضع أخرى
    [many] ورد أيضًا في { NUMBER($count) } موضعًا آخر
   *[other] ورد أيضًا في { NUMBER($count) } موضع آخر
    }
same-story = { $lang ->
    [ar] الخبر نفسه بالعربية:
    [en] الخبر نفسه بالإنجليزية:
   *[other] الخبر نفسه بلغة أخرى:
    }
meant = { $kind ->
        [keyboard] هل كُتب بلوحة مفاتيح اللغة الأخرى؟ يُقرأ هكذا:
       *[spelling] هل تقصد
    }
asked = سألت عن:
answers = يقابل { $word }
hits-from = من { NUMBER($first) } إلى { NUMBER($last) }
views = طريقة العرض
view = { $view ->
        [columns] عمودان
       *[list] قائمة واحدة
    }
none-here = لا مقطع بهذه اللغة ({ $language }) بين هذه المقاطع.
search-only = ابحث بهذه اللغة وحدها ({ $language })
pages = مزيد من المقاطع
hits-before = المقاطع السابقة
hits-after = مزيد من المقاطع

## تضييق البحث

narrow = تضييق البحث
narrow-by = { $kind ->
        [lang] اللغة
        [source] المصدر
       *[year] السنة
    }
only = فقط:
only-since = من { $date }
only-until = إلى { $date }
without = إزالة التصفية { $filter }
without-filters = إزالة كل التصفيات

## سبب العثور على المقطع

why = لماذا هذا المقطع؟
ground = { $ground ->
        [meaning] المعنى
        [words] الكلمات
        [translations] الكلمات المترجمة
        [names] الأسماء
        [start] في البداية
       *[counterpart] الخبر نفسه
    }
degree = { $ground ->
        [meaning] { $degree ->
            [very] قريب جدًا
            [quite] قريب
            [somewhat] قريب إلى حد ما
           *[hardly] بعيد
        }
        [names] متشابهة في النطق
        [start] معظم المقاطع ليست هي المطلوبة
        [counterpart] { $degree ->
            [gains] يرويه مقطع جيد باللغة الأخرى أيضًا، وهذا يرفع ترتيب هذا المقطع
           *[gives-way] يرويه مقطع بلغة السؤال أيضًا، وهو مقدَّم على هذا
        }
       *[other] { $degree ->
            [very] تطابق قوي
            [quite] تطابق واضح
           *[somewhat] تطابق طفيف
        }
    }
points = النقاط: { $points }
likelihood = مجموع النقاط { $points }: احتمال أن يكون هذا هو المطلوب نحو { NUMBER($percent) } في المئة.
more-like-this = مقاطع مشابهة
similar = مقاطع تشبه هذا المقطع
similar-to = ما يشبه { $title }
nothing-similar = ليس في هذا الفهرس ما يشبه هذا المقطع.

## القراءة

back = رجوع
back-to-results = نتائج البحث عن { $query }
back-to-search = البحث
lost-passage = تغيّر الفهرس منذ أُنشئ هذا الرابط، ولذلك لا يظهر المقطع مميّزًا.
hits-here = نتائج البحث في هذه الوثيقة
hits-in-document = { $count ->
    [one] يجيب مقطع واحد هنا
    [two] يجيب مقطعان هنا
    [few] تجيب { NUMBER($count) } مقاطع هنا
    [many] يجيب { NUMBER($count) } مقطعًا هنا
   *[other] يجيب { NUMBER($count) } مقطع هنا
    }
hit-of = { NUMBER($number) } من { NUMBER($count) }
hit-number = النتيجة { NUMBER($number) }
hit-before = النتيجة السابقة
hit-after = النتيجة التالية
text-before = ما سبق من هذه الوثيقة
text-after = تتمة هذه الوثيقة
side-by-side = اقرأ النصين جنبًا إلى جنب
alone = اقرأ هذا النص وحده
cite = اقتباس
cited-passage = «{ $passage }»
cited-title = { $title }
copy = انسخ المقطع مع مصدره
copied = نُسخ
export = تصدير بصيغة
export-title = تصدير النتائج

## الخريطة

map-of-the-corpus = خريطة الوثائق
map-about = كل نقطة تمثّل مقطعًا. المقاطع التي تتناول الموضوع نفسه متجاورة، أيًّا كانت لغتها.
map-sampled = عدد المقاطع المعروضة: { NUMBER($shown) } من أصل { NUMBER($all) }، اختيرت على مسافات متساوية.
map-empty = لا مقاطع في هذا الفهرس.
map-drawing = يجري رسم الخريطة
map-drawing-hint = يستغرق ذلك بضع ثوانٍ بعد كل تغيير في الفهرس، ثم تعود الصفحة من تلقاء نفسها.
map-outdated = تغيّر الفهرس، ويجري رسم خريطة جديدة. هذه هي الخريطة السابقة.
map-query = ما تريد إبراز إجاباته
map-show = اعرض على الخريطة
map-legend = مفتاح الخريطة
map-other-languages = لغات أخرى
map-answer = إجابة مع رتبتها
map-figure = خريطة المقاطع
map-tools = التكبير والتصغير
map-zoom-in = تكبير
map-zoom-out = تصغير
map-whole = الخريطة كاملة
map-keys = تنقلك الأسهم من نقطة إلى أخرى، ويفتح مفتاح الإدخال المقطع. للتكبير +، وللتصغير -، وللخريطة كاملة 0. اسحب للتحريك.
map-hits = الإجابات المبرزة على الخريطة
map-no-hits = لا شيء على الخريطة يجيب عن هذا.
map-as-list = النتائج نفسها في قائمة
map-regions = موضوعات الخريطة
map-region-size = { $count ->
    [zero] لا مقاطع
    [one] مقطع واحد
    [two] مقطعان
    [few] { NUMBER($count) } مقاطع
    [many] { NUMBER($count) } مقطعًا
   *[other] { NUMBER($count) } مقطع
    }

## ما قد يخطئ فيه القارئ

fault-overlong-query = السؤال طويل: عدد حروفه { NUMBER($count) }.
fault-overlong-query-hint = اختصره حتى لا يزيد على { NUMBER($most) }.
fault-unknown-language = ليس في الفهرس مقاطع بلغة رمزها { $lang }.
fault-unknown-language-hint = اللغات التي فيه: { $known }.
fault-no-date = { $text } ليس تاريخًا.
fault-no-date-hint = اكتب يومًا أو شهرًا أو سنة: {"\u2066"}2024-03-18{"\u2069"} أو {"\u2066"}2024-03{"\u2069"} أو 2024.
fault-no-day-between = لا يوم يقع بعد { $since } وقبل { $until } معًا.
fault-no-day-between-hint = اكتب التاريخ الأقدم في خانة «من»، والأحدث في خانة «إلى».
fault-unknown-source = ليس في الفهرس شيء من المصدر { $source }.
fault-unknown-source-hint = اكتب اسم ناشر، أو مسار ملف أو مجلد في الفهرس.
fault-misspelt-source = ليس في الفهرس شيء من المصدر { $source }.
fault-misspelt-source-hint = اكتب اسم ناشر، أو مسار ملف أو مجلد في الفهرس. هل هو { $meant }؟
fault-end-of-list = المقاطع المطلوبة ({ NUMBER($k) } بعد أول { NUMBER($offset) }) تتجاوز نهاية القائمة.
fault-end-of-list-hint = تنتهي القائمة بعد { NUMBER($most) }: ضيّق البحث بلغة أو تاريخ أو مصدر.
fault-no-document = لا توجد وثيقة باسم { $doc_id }.
fault-no-document-hint = افتح الوثيقة من نتائج البحث.
fault-no-passage = لا يوجد مقطع باسم { $passage_id }.
fault-no-passage-hint = افتح المقطع من نتائج البحث.
fault-unavailable = البحث غير متاح في الوقت الحالي.
fault-unavailable-hint = أعد المحاولة بعد ثوانٍ قليلة.
fault-parameter = في العنوان قيمة لا يمكن استخدامها: { $names }.
fault-parameter-hint = احذفها من العنوان، أو ابدأ بحثًا جديدًا.
fault-nowhere = لا شيء في العنوان { $path }.
fault-nowhere-hint = ابدأ بالبحث.

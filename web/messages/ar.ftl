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
filters = التواريخ والمصادر
since = من
until = إلى
source = المصدر
or-source = أو
date-placeholder = سنة-شهر-يوم
dates-hint = يوم أو شهر أو سنة، مثل 2024-03-18 أو 2024. لا تدخل الوثائق التي لا تاريخ لها.
sources-hint = اسم ناشر، أو مسار ملف أو مجلد في الفهرس.

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

## القراءة

back = رجوع
back-to-results = نتائج البحث عن { $query }
back-to-search = البحث
lost-passage = تغيّر الفهرس منذ أُنشئ هذا الرابط، ولذلك لا يظهر المقطع مميّزًا.

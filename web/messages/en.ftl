# What the page says, in English. Every message stands in ar.ftl, too, under the same name and with the same values.

## Frame

tagline = Jisr finds passages by meaning, across Arabic and English.
skip = Skip to the content
about = About
api-reference = API reference
interface-languages = Language of the interface
digits = Digits

## Search box

search-title = Search Arabic and English documents
query-label = What to look for, in Arabic or English
query-placeholder = Search in Arabic or English
passages-in = Passages in
all-languages = Both languages
search = Search
filters = Dates and sources
since = From
until = to
source = Source
or-source = or
date-placeholder = YYYY-MM-DD
dates-hint = A day, a month or a year. Documents without a date are left out.
sources-hint = A publisher, or the path of a file or folder in the index.

## First page

welcome = Ask in one language, read in both.
welcome-try = A question in English finds passages in Arabic, and the reverse. Try one:
holdings = { NUMBER($documents) } { $documents ->
        [one] document
       *[other] documents
    }, { NUMBER($passages) } { $passages ->
        [one] passage
       *[other] passages
    } in this index.

## Results

count-of-language = { NUMBER($count) } { $language }
list-comma = {", "}
score = score { NUMBER($score, decimals: 2) }
page = p. { NUMBER($page) }
weak-match = weak match
unanswered = No good answer in this index. The nearest passages:
unanswered-in-language = No good answer in this language. The nearest passages:
nothing-found = Nothing found
nothing-answers = No passage answers this.
nothing-answers-in = No passage answers this in { $language }.
try-other-words = Try other words, or search both languages.
try-other-filters = Try other words, other dates or sources, or search both languages.
read-as = Read as Arabic:
as-typed = Search for it as typed
spelled-here = Also spelled here:
without-spellings = Search without spellings from the other script
names-off = Names are looked for only as you spelled them.
names-on = Look for them in the other script, too
other-places = { $count ->
    [one] also in 1 other place
   *[other] also in { NUMBER($count) } other places
    }
same-story = { $lang ->
    [ar] The same story in Arabic:
    [en] The same story in English:
   *[other] The same story in another language:
    }

## Reading

back = Back
back-to-results = Results for { $query }
back-to-search = Search
lost-passage = The index has changed since this link was made, so the passage is not marked.

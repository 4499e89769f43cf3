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
filters = More options
since = From
until = to
source = Source
or-source = or
date-placeholder = YYYY-MM-DD
dates-hint = A day, a month or a year. Documents without a date are left out.
sources-hint = A publisher, or the path of a file or folder in the index.
sort = Order
sort-by = { $order ->
        [newest] newest first
        [oldest] oldest first
       *[score] best match first
    }
balance = Balance
balance-at = { $lean ->
        [ar] Arabic first
        [en] English first
       *[none] both languages alike
    }
suggestions = Suggestions
earlier-searches = Earlier searches
forget-searches = Forget these

## Keyboard

keys = Keyboard
key-search = to the search box
key-next = to the next passage
key-before = to the passage before
key-open = open the passage
key-list = this list
key-leave = close the list, leave the box
keys-on = Use these keys
close = Close

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
meant = { $kind ->
        [keyboard] Typed in the other keyboard layout? It reads:
       *[spelling] Did you mean
    }
asked = You asked for:
answers = answers { $word }
hits-from = no. { NUMBER($first) } to { NUMBER($last) }
views = Layout
view = { $view ->
        [columns] Side by side
       *[list] One list
    }
none-here = None of these passages is in { $language }.
search-only = Search only in { $language }
pages = More passages
hits-before = Passages before
hits-after = More passages

## Narrowing

narrow = Narrow the search
narrow-by = { $kind ->
        [lang] Language
        [source] Source
       *[year] Year
    }
only = Only:
only-since = from { $date }
only-until = until { $date }
without = Remove the filter { $filter }
without-filters = Remove all filters

## Why a passage was found

why = Why this passage?
ground = { $ground ->
        [meaning] Meaning
        [words] Words
        [translations] Words in translation
        [names] Names
        [start] To begin with
       *[counterpart] Same story
    }
degree = { $ground ->
        [meaning] { $degree ->
            [very] very close
            [quite] close
            [somewhat] somewhat close
           *[hardly] hardly close
        }
        [names] sound the same
        [start] most passages are not what was asked for
        [counterpart] { $degree ->
            [gains] told well in the other language, too, which lifts this passage
           *[gives-way] told in the language of the query, too; that passage goes first
        }
       *[other] { $degree ->
            [very] match well
            [quite] match
           *[somewhat] match a little
        }
    }
points = { $points } points
likelihood = All in all { $points } points: a chance of about { NUMBER($percent) } in 100 that this is what was asked for.
more-like-this = More like this
similar = More like this passage
similar-to = More like { $title }
nothing-similar = Nothing in this index is like this passage.

## Reading

back = Back
back-to-results = Results for { $query }
back-to-search = Search
lost-passage = The index has changed since this link was made, so the passage is not marked.
hits-here = Hits in this document
hits-in-document = { $count ->
    [one] 1 passage here answers
   *[other] { NUMBER($count) } passages here answer
    }
hit-of = { NUMBER($number) } of { NUMBER($count) }
hit-number = Hit { NUMBER($number) }
hit-before = Previous hit
hit-after = Next hit
text-before = Earlier in this document
text-after = Later in this document
side-by-side = Read the two side by side
alone = Read this one alone
cite = Cite
cited-passage = {"\u201C"}{ $passage }{"\u201D"}
cited-title = { $title }
copy = Copy with its source
copied = Copied
export = Export as
export-title = Export the results

## Map

map-of-the-corpus = Map of the corpus
map-about = Each point is a passage. Passages that tell of the same stand close together, in whichever language.
map-sampled = { NUMBER($shown) } of { NUMBER($all) } passages are shown, evenly picked.
map-empty = There are no passages in this index.
map-drawing = The map is being drawn
map-drawing-hint = This takes some seconds after the index has changed. The page comes back by itself.
map-outdated = The index has changed. A new map is being drawn; this is the one before.
map-query = Light up the answers to
map-show = Show on the map
map-legend = Legend
map-other-languages = Other languages
map-answer = Answer, with its rank
map-figure = Map of passages
map-tools = Zoom
map-zoom-in = Zoom in
map-zoom-out = Zoom out
map-whole = Whole map
map-keys = Arrow keys go from point to point, the Enter key opens a passage, + and - zoom, 0 shows the whole. Drag to move.
map-hits = Lit up on the map
map-no-hits = Nothing on the map answers this.
map-as-list = The same as a list of results
map-regions = What is where
map-region-size = { $count ->
    [one] 1 passage
   *[other] { NUMBER($count) } passages
    }

## What a reader may do wrong

fault-overlong-query = The query has { $count } characters.
fault-overlong-query-hint = Shorten it to { $most } or fewer.
fault-unknown-language = The index has no passages in a language '{ $lang }'.
fault-unknown-language-hint = Use one of: { $known }.
fault-no-date = '{ $text }' is not a date.
fault-no-date-hint = Write a day, a month or a year: 2024-03-18, 2024-03 or 2024.
fault-no-day-between = No day is both since { $since } and until { $until }.
fault-no-day-between-hint = Give the earlier date as since, the later as until.
fault-unknown-source = Nothing in the index is of the source '{ $source }'.
fault-unknown-source-hint = Name a publisher, or the path of a file or folder, relative to what was indexed.
fault-misspelt-source = Nothing in the index is of the source '{ $source }'.
fault-misspelt-source-hint = Name a publisher, or the path of a file or folder, relative to what was indexed. Is it '{ $meant }'?
fault-end-of-list = { $k } hits after the first { $offset } were asked for.
fault-end-of-list-hint = A list ends after { $most } hits: narrow the search with a language, a date or a source.
fault-no-document = There is no document '{ $doc_id }'.
fault-no-document-hint = Take the doc_id from a search result.
fault-no-passage = There is no passage '{ $passage_id }'.
fault-no-passage-hint = Take the passage_id from a search result.
fault-unavailable = The search is out of reach for the moment.
fault-unavailable-hint = Try again in a few seconds.
fault-parameter = The address has a value that cannot be used: { $names }.
fault-parameter-hint = Leave it out of the address, or search anew.
fault-nowhere = Nothing is at { $path }.
fault-nowhere-hint = Start with a search.

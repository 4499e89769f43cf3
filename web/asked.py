"""What a page was asked, as its address has it, and the addresses that ask a little else."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Query

from search.searcher import MAX_HITS, Options, Sort
from web.requests import MAX_SOURCES

Parameters = dict[str, str | list[str]]
"""The parameters of an address; empty ones are what an address leaves out."""

PAGE_HITS = 10


class View(StrEnum):
    """How hits are laid out: in one list, or Arabic and English side by side."""

    LIST = "list"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for and how it is shown. `lang` is empty for all languages, as the others are for any."""

    q: str = ""
    lang: str = ""
    since: str = ""
    until: str = ""
    source: Annotated[tuple[str, ...], Query(max_length=MAX_SOURCES)] = ()
    names: bool = True
    sort: Sort = Sort.SCORE
    balance: Annotated[float, Query(ge=-1, le=1)] = 0.0
    view: View = View.LIST
    page: Annotated[int, Query(ge=1, le=MAX_HITS // PAGE_HITS)] = 1

    @property
    def sources(self) -> list[str]:
        """The sources that are named."""
        return [source for source in self.source if source.strip()]

    @property
    def is_filtered(self) -> bool:
        """Whether only documents of some days or sources are wanted."""
        return bool(self.since or self.until or self.sources)

    @property
    def year(self) -> str:
        """The only year that is wanted, if it is one."""
        return self.since if self.since == self.until and re.fullmatch(r"\d{4}", self.since) else ""

    @property
    def lean(self) -> str:
        """The language that the balance leans to, if any."""
        return "ar" if self.balance > 0 else "en" if self.balance < 0 else ""

    @property
    def page_hits(self) -> int:
        """How many hits a page has: side by side there is room for twice as many."""
        return PAGE_HITS * 2 if self.view is View.COLUMNS else PAGE_HITS

    @property
    def parameters(self) -> Parameters:
        """The parameters of an address that asks the same."""
        return {
            "q": self.q,
            "lang": self.lang,
            "since": self.since,
            "until": self.until,
            "source": self.sources,
            "names": "" if self.names else "off",
            "sort": "" if self.sort is Sort.SCORE else self.sort.value,
            "balance": f"{self.balance:g}" if self.balance else "",
            "view": "" if self.view is View.LIST else self.view.value,
            "page": "" if self.page == 1 else str(self.page),
        }

    def but(self, **others: str | list[str]) -> Parameters:
        """The parameters of an address that asks the same but for these; a list that is another begins anew."""
        return {**self.parameters, "page": "", **others}

    @property
    def options(self) -> Options:
        """How to search for it, with all that the page shows."""
        return Options(
            k=self.page_hits,
            offset=(self.page - 1) * self.page_hits,
            lang=self.lang or None,
            since=self.since,
            until=self.until,
            source=self.source,
            names=self.names,
            sort=self.sort,
            balance=self.balance,
            facets=True,
            explain=True,
            highlight=True,
        )

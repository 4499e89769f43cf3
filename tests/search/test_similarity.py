from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.allowed import AllowedRows
from search.encoder import normalised
from search.errors import NotFoundError
from search.options import MAX_HITS, Options
from search.pools import Moments
from search.searcher import Searcher
from search.similarity import Likeness, nearest_to
from search.vectors import VectorIndex, write_vectors


@pytest.mark.parametrize("allowed", [None, np.arange(3, 90, 2)])
def test_the_nearest_are_those_that_stand_out_most_in_their_pools(tmp_path: Path, allowed: np.ndarray | None) -> None:
    random = np.random.default_rng(3)
    arabic = random.normal(size=(60, 8)) * 0.3 + np.eye(8)[0]  # close together, so that their cosines are all high
    vectors = normalised(np.concatenate([arabic, random.normal(size=(40, 8))]).astype(np.float32))
    write_vectors(tmp_path / "vectors", [vectors], [range(len(vectors))], 8)
    index = VectorIndex(tmp_path / "vectors")
    pools = []
    for lang, rows in (("ar", range(60)), ("en", range(60, 100))):
        moments = Moments(8)
        moments.add(vectors[rows.start : rows.stop])
        pools.append(moments.pool(lang, rows))
    like = Likeness.to([70, 71], index, but=np.array([70, 71]), balance=0.0)
    wanted = vectors[70:72].mean(axis=0)
    cosines = vectors @ (wanted / np.linalg.norm(wanted))
    scores = np.concatenate([(c - c.mean()) / c.std() for c in (cosines[:60], cosines[60:])])
    others = [row for row in range(100) if row not in (70, 71) and (allowed is None or row in allowed)]
    expected = sorted(others, key=lambda row: -scores[row])[:20]
    among = None if allowed is None else AllowedRows(allowed)
    found = nearest_to(like, index, pools, among, 20)
    assert [candidate.row for candidate in found] == expected
    assert [candidate.score for candidate in found] == sorted((c.score for c in found), reverse=True)
    leaning = nearest_to(replace(like, balance=1.0), index, pools, among, 98)
    assert {c.row: c.score for c in found}.items() <= {c.row: c.score for c in leaning}.items()


def test_a_story_is_most_like_itself_in_the_other_language(seed_searcher: Searcher) -> None:
    for query, source in (
        ("Haftar's son in Rawalpindi", "haftar-rawalpindi"),
        ("عودة الراصد النيزكي", "meteorite-dhofar"),
    ):
        hit = next(hit for hit in seed_searcher.search(query) if source in hit.document.source)
        for answer in (
            seed_searcher.similar(hit.passage.passage_id, Options(k=5)),
            seed_searcher.similar_to_document(hit.document.doc_id, Options(k=5)),
        ):
            assert (answer.query, answer.lang) == (hit.document.title, hit.document.lang)
            assert any(source in like.document.source for like in answer.hits[:3])
            assert all(like.document.doc_id != hit.document.doc_id for like in answer.hits)
            assert [like.rank for like in answer.hits] == [1, 2, 3, 4, 5]


def test_what_is_alike_is_filtered_and_paged_as_hits_are(seed_searcher: Searcher) -> None:
    hit = seed_searcher.search("wheat tender", k=1)[0]
    passage_id = hit.passage.passage_id
    whole = seed_searcher.similar(passage_id, Options(k=MAX_HITS)).hits
    assert {like.passage.lang for like in whole} == {"ar", "en"}
    paged = [
        like
        for offset in (0, 40, 80, 120)
        for like in seed_searcher.similar(passage_id, Options(k=40, offset=offset)).hits
    ]
    assert [like.passage for like in paged] == [like.passage for like in whole[:160]]
    arabic = seed_searcher.similar(passage_id, Options(k=MAX_HITS, lang="ar", since="2025-06")).hits
    assert arabic
    assert all(like.passage.lang == "ar" and (like.document.date or "") >= "2025-06" for like in arabic)


def test_what_is_not_there_is_like_nothing(seed_searcher: Searcher) -> None:
    with pytest.raises(NotFoundError):
        seed_searcher.similar("nothing-0000")
    with pytest.raises(NotFoundError):
        seed_searcher.similar_to_document("nothing")

"""Near-duplicates against exact Jaccard similarity, on the seed documents and on news where they are at hand."""

import itertools
import json
import random
import re
import subprocess
import sys
import time
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.duplicates import SAME_STORY, SIGNATURE_BYTES, Group, fingerprint, near_duplicates, signature
from indexer.readers import ReadOptions, SourceItem
from indexer.reading import read_items
from search.arabic import lexical_form
from tests.conftest import SEEDS

ARABIC = "أُعيد فتحُ مينائِنا القديم صباحَ اليوم، ودخلته ثلاثُ سفنٍ محمّلةٍ بالقمح بعد انتظارٍ دام أسبوعين."
AS_TYPED = "اعيد فتح مينائنا القديم صباح اليوم ، ودخلته ثلاث سفن محملة بالقمح بعد انتظار دام اسبوعين"
ENGLISH = "The old harbour was opened again this morning, and three ships with wheat came in after two weeks at anchor."


def runs_of_three(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", lexical_form(text).text)
    return set(zip(words, words[1:], words[2:], strict=False))


def jaccard(one: str, other: str) -> float:
    first, second = runs_of_three(one), runs_of_three(other)
    return len(first & second) / len(first | second)


def taken_over(text: str, chance: random.Random) -> str:
    """The story as another site has it: words changed, the end cut off, or something of its own below."""
    words, share = text.split(), chance.uniform(0, 0.5)
    match chance.randrange(3):
        case 0:
            return " ".join(chance.choice(words) if chance.random() < share / 3 else word for word in words)
        case 1:
            return " ".join(words[: int(len(words) * (1 - share))])
        case _:
            return " ".join(words + chance.choices(words, k=int(len(words) * share)))


def versions(texts: list[str], count: int) -> dict[str, str]:
    """Each text and `count` versions of it, by ids that begin with the number of the text."""
    chance = random.Random(1445)  # noqa: S311
    told = {f"{at:03d}-original": text for at, text in enumerate(texts)}
    for (doc_id, text), number in itertools.product(list(told.items()), range(count)):
        told[f"{doc_id[:3]}-{number}"] = taken_over(text, chance)
    return told


@pytest.fixture(scope="module")
def seeds() -> list[str]:
    texts = []
    for path in sorted(SEEDS.glob("documents/*/*.*")):
        texts += [item.text for item in read_items(path, ReadOptions()) if isinstance(item, SourceItem)]
    return [text for text in texts if len(text.split()) >= 50]


@pytest.fixture(scope="module")
def news(shared: Path) -> list[str]:
    lines = (shared / "eval/ntrex-news/corpus.jsonl").read_text("utf-8").splitlines()
    return [text for text in (json.loads(line)["text"] for line in lines) if len(text.split()) >= 50]


def test_fingerprints_pass_over_what_normal_forms_fold() -> None:
    assert fingerprint(f"  {ENGLISH}\n\n") == fingerprint(ENGLISH.replace(" ", "\u00a0"))
    assert fingerprint("وصلت السفينةُ الـثالثة") == fingerprint("وصلت السفينة\nالثالثة")
    assert fingerprint("وصلت سفينة أحمد") != fingerprint("وصلت سفينة احمد")
    assert fingerprint("ارتفع السعر 2.5") != fingerprint("ارتفع السعر 25")
    assert len(fingerprint(ENGLISH)) == 16


def test_signatures_pass_over_marks_spelling_and_punctuation() -> None:
    assert signature(ARABIC) == signature(AS_TYPED)
    assert signature(ENGLISH) == signature(ENGLISH.lower().replace(",", ""))
    assert signature(ARABIC) != signature(ENGLISH)


def test_signatures_stay_what_they_were() -> None:
    """They are stored: when this fails, `SIGNATURE_VERSION` has to be raised."""
    assert len(signature(ARABIC)) == SIGNATURE_BYTES
    digests = [blake2b(signature(text), digest_size=8).hexdigest() for text in (ARABIC, ENGLISH, "سفينة", "")]
    assert digests == ["9c97a35ce2986f83", "54fa7b0038588350", "3bce7d32787a8ac6", "e3c0dca537dae614"]


def test_signatures_are_the_same_in_another_process() -> None:
    code = f"from indexer.duplicates import signature; print(signature({ARABIC!r}).hex())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=SEEDS.parent)
    assert done.stdout.strip() == signature(ARABIC).hex()


def assert_as_exact(texts: list[str]) -> None:
    """All versions alike by 0.9 are found and none by 0.65; at the line itself nine tenths are told right."""
    found: list[bool] = []
    exact: list[float] = []
    told = versions(texts, 6)
    signed = {doc_id: signature(text) for doc_id, text in told.items()}
    for doc_id, text in told.items():
        original = f"{doc_id[:3]}-original"
        if doc_id != original:
            pair = [(original, signed[original]), (doc_id, signed[doc_id])]
            found.append(bool(near_duplicates(pair)))
            exact.append(jaccard(told[original], text))
    hits, likeness = np.array(found), np.array(exact)
    same = likeness >= SAME_STORY
    assert hits[likeness >= 0.9].all()
    assert not hits[likeness < 0.65].any()
    assert same[hits].mean() > 0.88
    assert hits[same].mean() > 0.88


def test_versions_of_the_seeds(seeds: list[str]) -> None:
    assert_as_exact(seeds)


def test_versions_of_news(news: list[str]) -> None:
    assert_as_exact(news[::3])


def test_groups_of_the_seeds(seeds: list[str]) -> None:
    told = versions(seeds, 6)
    groups = near_duplicates((doc_id, signature(text)) for doc_id, text in told.items())
    assert len(groups) >= len(seeds) * 0.9
    for group in groups:
        for doc_id, likeness in group.members:
            assert doc_id[:3] == group.leader[:3]
            assert likeness >= SAME_STORY
            assert likeness == pytest.approx(jaccard(told[group.leader], told[doc_id]), abs=0.15)


def test_different_documents_are_not_alike(seeds: list[str]) -> None:
    assert near_duplicates((str(number), signature(text)) for number, text in enumerate(seeds)) == []


def test_copies_are_one_group() -> None:
    signed = [("en", signature(ENGLISH)), ("ar", signature(ARABIC)), ("ar-typed", signature(AS_TYPED))]
    assert near_duplicates(signed) == [Group("ar", (("ar-typed", 1.0),))]


def test_documents_without_words_are_in_no_group() -> None:
    assert near_duplicates([("empty", signature("")), ("dots", signature(" … "))]) == []
    assert near_duplicates([]) == []


def test_a_lower_line_takes_in_more(seeds: list[str]) -> None:
    told = {str(share): " ".join(seeds[0].split()[: int(len(seeds[0].split()) * share)]) for share in (0.7, 0.75, 1)}
    signed = [(doc_id, signature(text)) for doc_id, text in told.items()]
    assert [sorted(doc_id for doc_id, _ in group.members) for group in near_duplicates(signed)] == [["0.7"]]
    assert [len(group.members) for group in near_duplicates(signed, likeness=0.6)] == [2]


def test_a_signature_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="a signature of 4 bytes, not 512"):
        near_duplicates([("old", b"\0\0\0\0")])


def test_a_chain_of_small_changes_ends(seeds: list[str]) -> None:
    """Each of these is alike the one before it by 0.9 and more; the last has nothing left of the first."""
    words = " ".join(seeds).split()[:1200]
    chain = {f"{step:02d}": " ".join(words[step * 20 : step * 20 + 400]) for step in range(40)}
    assert all(jaccard(chain[one], chain[other]) > 0.89 for one, other in itertools.pairwise(sorted(chain)))
    groups = near_duplicates((doc_id, signature(text)) for doc_id, text in chain.items())
    assert len(groups) > 5
    for group in groups:
        members = [group.leader, *(doc_id for doc_id, _ in group.members)]
        assert all(jaccard(chain[one], chain[other]) > 0.5 for one, other in itertools.combinations(members, 2))


SIGNATURES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 5)), max_size=20)


@given(SIGNATURES, st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(drawn: list[tuple[int, int, int]], chance: random.Random) -> None:
    """Signatures of a few stories, each with some values of another one."""
    signed = []
    for number, (story, changed, by) in enumerate(drawn):
        values = np.random.default_rng(story).integers(0, 2**32, SIGNATURE_BYTES // 4, dtype="<u4")
        values[by * 10 : by * 10 + changed] = number
        signed.append((f"{number:02d}", values.tobytes()))
    groups = near_duplicates(signed)
    members = [doc_id for group in groups for doc_id in (group.leader, *(doc_id for doc_id, _ in group.members))]
    assert len(members) == len(set(members))
    chance.shuffle(signed)
    assert near_duplicates(signed) == groups


def test_ten_thousand_documents_take_a_moment() -> None:
    """0.35 s were measured on an idle machine, 3.3 s for 100,000; 3 in 10 are versions of the others."""
    chance = np.random.default_rng(7)
    stories = chance.integers(0, 2**32, (7_000, SIGNATURE_BYTES // 4), dtype="<u4")
    taken = stories[chance.integers(0, len(stories), 3_000)]
    taken = np.where(chance.random(taken.shape) < 0.1, chance.integers(0, 2**32, taken.shape, dtype="<u4"), taken)
    signed = [(f"{number:05d}", values.tobytes()) for number, values in enumerate(np.concatenate([stories, taken]))]
    began = time.process_time()
    groups = near_duplicates(signed)
    assert time.process_time() - began < 5
    assert 2_900 < sum(len(group.members) for group in groups) <= 3_000

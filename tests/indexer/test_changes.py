import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.changes import Changes, find_changes, without_paths
from indexer.files import SourceFile, discover, file_digest
from indexer.known import KnownFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    for name, text in {
        "ar/قمح.txt": "ارتفع سعر القمح.",
        "ar/ماء.txt": "محطة تحلية.",
        "en/wheat.txt": "Wheat rose.",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def known(*roots: Path) -> list[KnownFile]:
    """These files as a build would have recorded them just now."""
    found = [file for file in discover(roots) if isinstance(file, SourceFile)]
    return [
        KnownFile(number, file.path, file.size, file.mtime_ns, file_digest(file.path), file.source)
        for number, file in enumerate(found, start=1)
    ]


def names(files: Sequence[SourceFile]) -> list[str]:
    return [file.path.name for file in files]


def kept(changes: Changes) -> list[str]:
    return sorted(file.path.name for file, _ in changes.kept)


def test_the_first_time_all_is_new(folder: Path) -> None:
    changes = find_changes([folder], [])
    assert changes
    assert sorted(names(changes.new)) == ["wheat.txt", "قمح.txt", "ماء.txt"]
    assert (changes.kept, changes.removed, changes.skipped) == ([], 0, [])


def test_nothing_changed(folder: Path) -> None:
    changes = find_changes([folder], known(folder))
    assert not changes
    assert kept(changes) == ["wheat.txt", "قمح.txt", "ماء.txt"]
    assert (changes.new, changes.removed) == ([], 0)


def test_a_file_that_was_only_touched_is_kept_with_its_new_time(folder: Path) -> None:
    before = known(folder)
    os.utime(folder / "en" / "wheat.txt", ns=(1, 1_000_000_007))
    changes = find_changes([folder], before)
    assert not changes
    assert {file.path.name: mtime_ns for file, mtime_ns in changes.kept}["wheat.txt"] == 1_000_000_007


@pytest.mark.parametrize("text", ["Wheat fell.", "Wheat fell and fell."], ids=["same size", "other size"])
def test_a_file_with_other_content_is_new_and_not_kept(folder: Path, text: str) -> None:
    before = known(folder)
    path = folder / "en" / "wheat.txt"
    path.write_text(text, "utf-8")
    os.utime(path, ns=(1, 1_000_000_007))
    changes = find_changes([folder], before)
    assert changes
    assert names(changes.new) == ["wheat.txt"]
    assert kept(changes) == ["قمح.txt", "ماء.txt"]
    assert changes.removed == 0


def test_another_size_is_noticed_though_the_time_is_the_same(folder: Path) -> None:
    before = known(folder)
    path = folder / "en" / "wheat.txt"
    mtime_ns = path.stat().st_mtime_ns
    path.write_text("Wheat fell and fell.", "utf-8")
    os.utime(path, ns=(mtime_ns, mtime_ns))
    assert names(find_changes([folder], before).new) == ["wheat.txt"]


def test_a_file_added_and_a_file_removed(folder: Path) -> None:
    before = known(folder)
    (folder / "ar" / "قمح.txt").unlink()
    (folder / "ar" / "خبز.txt").write_text("سعر الخبز.", "utf-8")
    changes = find_changes([folder], before)
    assert names(changes.new) == ["خبز.txt"]
    assert changes.removed == 1
    assert kept(changes) == ["wheat.txt", "ماء.txt"]


def test_a_removed_file_alone_is_a_change(folder: Path) -> None:
    before = known(folder)
    (folder / "ar" / "قمح.txt").unlink()
    assert find_changes([folder], before)


def test_files_elsewhere_are_kept_even_when_they_are_gone(folder: Path) -> None:
    before = known(folder)
    (folder / "en" / "wheat.txt").unlink()
    (folder / "ar" / "قمح.txt").unlink()
    changes = find_changes([folder / "ar"], before)
    assert kept(changes) == ["wheat.txt", "ماء.txt"]
    assert changes.removed == 1


def test_a_folder_whose_name_begins_alike_is_elsewhere(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "docs-old").mkdir()
    (tmp_path / "docs-old" / "a.txt").write_text("a", "utf-8")
    before = known(folder, tmp_path / "docs-old")
    (tmp_path / "docs-old" / "a.txt").unlink()
    assert not find_changes([folder], before)


def test_a_single_file_named(folder: Path) -> None:
    before = known(folder)
    path = folder / "en" / "wheat.txt"
    assert not find_changes([path], before)
    path.write_text("Wheat fell and fell.", "utf-8")
    changes = find_changes([path], before)
    assert names(changes.new) == ["wheat.txt"]
    assert kept(changes) == ["قمح.txt", "ماء.txt"]


def test_a_file_that_can_no_longer_be_asked_is_skipped_and_gone(folder: Path) -> None:
    before = known(folder)
    path = folder / "en" / "wheat.txt"
    path.unlink()
    path.symlink_to(folder / "nowhere")
    changes = find_changes([folder], before)
    assert changes.removed == 1
    assert [skip.place for skip in changes.skipped] == ["en/wheat.txt"]


def test_a_file_that_could_not_be_read_is_new_as_soon_as_it_can(folder: Path) -> None:
    """Its state may be the same: permission to read changes neither size nor time."""
    path = folder / "en" / "wheat.txt"
    state = path.stat()
    before = [KnownFile(1, path, state.st_size, state.st_mtime_ns, "", path.name)]
    assert names(find_changes([path], before).new) == ["wheat.txt"]


def test_a_file_that_still_cannot_be_read_is_no_change(tmp_path: Path) -> None:
    path = tmp_path / "memory.txt"
    path.symlink_to("/proc/self/mem")  # its first page belongs to nobody
    state = path.stat()
    before = [KnownFile(1, path, state.st_size, state.st_mtime_ns, "", path.name)]
    assert not find_changes([path], before)


def sources(changes: Changes) -> dict[str, str]:
    found = [(file.path, file.source) for file, _ in changes.kept] + [(file.path, file.source) for file in changes.new]
    return {path.name: source for path, source in found}


def test_a_moved_and_a_renamed_file_are_known_by_their_content(folder: Path) -> None:
    before = known(folder)
    (folder / "archive").mkdir()
    (folder / "ar" / "قمح.txt").rename(folder / "archive" / "قمح.txt")
    (folder / "en" / "wheat.txt").rename(folder / "en" / "grain.txt")
    changes = find_changes([folder], before)
    assert (changes.moved, changes.removed) == (2, 0)
    assert sorted(names(changes.new)) == ["grain.txt", "قمح.txt"]
    assert changes


def test_a_copy_beside_the_original_and_a_second_copy_are_not_moved(folder: Path) -> None:
    before = known(folder)
    text = (folder / "ar" / "قمح.txt").read_bytes()
    (folder / "ar" / "نسخة.txt").write_bytes(text)
    assert find_changes([folder], before).moved == 0
    (folder / "ar" / "قمح.txt").rename(folder / "ar" / "أخرى.txt")
    changes = find_changes([folder], before)
    assert (changes.moved, changes.removed, len(changes.new)) == (1, 0, 2)


def test_a_changed_file_of_the_same_size_is_not_moved(folder: Path) -> None:
    before = known(folder)
    (folder / "en" / "wheat.txt").unlink()
    (folder / "en" / "fall.txt").write_text("Wheat fell.", "utf-8")
    changes = find_changes([folder], before)
    assert (changes.moved, changes.removed, len(changes.new)) == (0, 1, 1)


def test_a_folder_inside_a_known_one_keeps_the_sources_of_that(folder: Path) -> None:
    before = known(folder)
    (folder / "ar" / "خبز.txt").write_text("سعر الخبز.", "utf-8")
    (folder / "ar" / "ضائع.txt").symlink_to(folder / "nowhere")
    for root in (folder / "ar", folder / "ar" / "خبز.txt"):
        assert sources(find_changes([root], before))["خبز.txt"] == "ar/خبز.txt"
    changes = find_changes([folder / "ar"], before)
    assert sources(changes)["قمح.txt"] == "ar/قمح.txt"
    assert changes.skipped[0].place == "ar/ضائع.txt"
    assert not changes.renamed


def test_a_folder_around_a_known_one_gives_its_files_new_sources(folder: Path) -> None:
    before = known(folder / "ar")
    assert {file.source for file in before} == {"قمح.txt", "ماء.txt"}
    changes = find_changes([folder], before)
    assert changes.renamed
    assert sources(changes) == {"قمح.txt": "ar/قمح.txt", "ماء.txt": "ar/ماء.txt", "wheat.txt": "en/wheat.txt"}
    assert kept(changes) == ["قمح.txt", "ماء.txt"]


def test_what_is_taken_out(folder: Path) -> None:
    changes = without_paths([folder / "ar", folder / "en" / "wheat.txt.bak"], known(folder))
    assert changes
    assert (kept(changes), changes.removed) == (["wheat.txt"], 2)


def test_what_is_passed_over_is_not_taken_for_gone(folder: Path) -> None:
    inbox = folder / "index" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "brief.txt").write_text("Wheat fell.", "utf-8")
    before = known(folder, inbox)
    assert "brief.txt" in kept(find_changes([folder], before, without=folder / "index"))
    (inbox / "brief.txt").unlink()
    assert "brief.txt" in kept(find_changes([folder], before, without=folder / "index"))
    assert find_changes([inbox], before, without=folder / "index").removed == 1

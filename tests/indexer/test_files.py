import os
import socket
import subprocess
from pathlib import Path

import pytest

from indexer.files import SourceFile, absolute, discover, file_digest
from indexer.readers import Skip
from search.errors import SourceError


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name}\n", "utf-8")


def sources(*roots: Path, without: Path | None = None) -> list[str]:
    return [file.source for file in discover(roots, without=without) if isinstance(file, SourceFile)]


def skips(*roots: Path) -> list[Skip]:
    return [file for file in discover(roots) if isinstance(file, Skip)]


def test_files_below_a_folder_in_a_fixed_order(tmp_path: Path) -> None:
    write(tmp_path, "ب.txt", "أخبار/الخليج/ناقلة.md", "en/z.txt", "en/a.pdf", "b.txt")
    assert sources(tmp_path) == ["b.txt", "ب.txt", "en/a.pdf", "en/z.txt", "أخبار/الخليج/ناقلة.md"]


def test_what_is_known_of_a_file(tmp_path: Path) -> None:
    write(tmp_path, "أخبار/ناقلة.txt")
    (file,) = discover([tmp_path])
    path = tmp_path / "أخبار" / "ناقلة.txt"
    assert file == SourceFile(path, "أخبار/ناقلة.txt", path.stat().st_size, path.stat().st_mtime_ns)


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "seen.txt", ".hidden.txt", ".git/config.txt", "en/.cache/page.html", "en/seen.txt")
    assert sources(tmp_path) == ["seen.txt", "en/seen.txt"]


def test_what_is_named_is_read_even_when_hidden(tmp_path: Path) -> None:
    write(tmp_path, ".notes/a.txt", ".diary.txt")
    assert sources(tmp_path / ".notes", tmp_path / ".diary.txt") == ["a.txt", ".diary.txt"]


def test_overlapping_paths_give_each_file_once(tmp_path: Path) -> None:
    write(tmp_path, "ar/a.txt", "ar/b.txt", "en/c.txt")
    found = [
        file.path
        for file in discover([tmp_path / "ar" / "b.txt", tmp_path, tmp_path / "ar"])
        if isinstance(file, SourceFile)
    ]
    assert sorted(found) == [tmp_path / "ar" / "a.txt", tmp_path / "ar" / "b.txt", tmp_path / "en" / "c.txt"]


def test_the_folder_of_the_index_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "index/CURRENT", "index/cache/vectors.sqlite", "index.txt")
    assert sources(tmp_path, without=tmp_path / "index") == ["a.txt", "index.txt"]


def test_links(tmp_path: Path) -> None:
    write(tmp_path, "docs/a.txt", "elsewhere/b.txt")
    (tmp_path / "docs" / "linked.txt").symlink_to(tmp_path / "elsewhere" / "b.txt")
    (tmp_path / "docs" / "folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "docs" / "up").symlink_to(tmp_path / "docs")
    assert sources(tmp_path / "docs") == ["a.txt", "linked.txt"]
    assert sources(tmp_path / "docs" / "folder") == ["b.txt"]


def test_what_cannot_be_asked_for_its_state_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert skips(tmp_path) == [
        Skip("gone.txt", "No such file or directory."),
        Skip("loop.txt", "Too many levels of symbolic links."),
    ]
    assert sources(tmp_path) == ["a.txt"]


def test_pipes_and_sockets_are_named_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    os.mkfifo("pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        assert [skip.place for skip in skips(tmp_path)] == ["pipe.txt", "socket.txt"]
        assert {skip.reason for skip in skips(tmp_path)} == {"It is a pipe, a socket or a device, not a file."}


def test_names_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / os.fsdecode(b"\xce\xc8\xd1.txt")).write_text("خبر", "utf-8")
    assert skips(tmp_path) == [Skip(r"'\udcce\udcc8\udcd1.txt'", "The file's name is not valid UTF-8.")]
    folder = tmp_path / os.fsdecode(b"\xc3")
    write(folder, "b.txt")
    assert skips(folder) == [Skip("'b.txt'", "The file's name is not valid UTF-8.")]


def test_a_folder_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    handle, folder = os.open(tmp_path, os.O_RDONLY), tmp_path
    name = "مجلد" * 25
    while len(os.fsencode(folder)) < 4096:  # longer than a path may be; each folder by itself is an ordinary one
        os.mkdir(name, dir_fd=handle)
        inner = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle, folder = inner, folder / name
    os.close(handle)
    (skip,) = skips(tmp_path)
    assert skip.reason in ("The folder cannot be opened.", "File name too long.")
    assert sources(tmp_path) == ["a.txt"]


def test_paths_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "ar/a.txt")
    monkeypatch.chdir(tmp_path)
    assert absolute([Path("ar"), Path("ar/../ar/a.txt"), tmp_path]) == [
        tmp_path / "ar",
        tmp_path / "ar" / "a.txt",
        tmp_path,
    ]


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"There is no file or folder .*/وثائق\.") as caught:
        absolute([tmp_path, tmp_path / "وثائق"])
    assert caught.value.hint


def test_digests_tell_contents_apart(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("قمح", "utf-8")
    other.write_text("قمح", "utf-8")
    assert file_digest(one) == file_digest(other) != ""
    other.write_text("قمح ", "utf-8")
    assert file_digest(one) != file_digest(other)
    assert file_digest(tmp_path / "none") == ""


def test_folders_that_lie_a_thousand_deep(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("f", dir_fd=folder)
        inside = os.open("f", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inside
    os.close(os.open("deep.txt", os.O_CREAT, dir_fd=folder))
    os.close(folder)
    (found,) = discover([tmp_path])
    subprocess.run(["rm", "-rf", tmp_path / "f"], check=True)  # noqa: S607
    assert isinstance(found, SourceFile)
    assert found.source.endswith("/f/deep.txt")

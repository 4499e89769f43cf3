"""Archives: what is in them, what they call it, and those that mean harm."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from indexer.archives import Budget
from indexer.readers import ReadOptions, Skip, SourceItem
from indexer.readers.zip_ import read
from search.errors import SourceError
from tests.indexer import readers
from tests.indexer.readers.test_eml import attached


def packed(*members: tuple[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", how) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return target.getvalue()


def named(raw: bytes) -> bytes:
    """An archive of one member with this name, not marked as UTF-8."""
    return packed(("x" * len(raw), "text")).replace(b"x" * len(raw), raw)


def items(data: bytes, options: ReadOptions = readers.PLAIN) -> list[SourceItem | Skip]:
    return readers.items(read, data, options)


def ids(data: bytes) -> list[str | None]:
    return [item.record_id if isinstance(item, SourceItem) else item.place for item in items(data)]


def test_members_of_many_kinds() -> None:
    found = items(
        packed(
            ("أخبار/", ""),
            ("أخبار/ميناء.txt", "خرجت الباخرة من الميناء القديم أمس.".encode("windows-1256")),
            ("أخبار/جدول.csv", "title,text\nأ,نص\n"),
            ("corpus.jsonl", '{"_id": "a", "text": "نص."}\n{'),
            ("photo.jpg", b"\xff\xd8\xff\xe0"),
            ("wrong.pdf", "نص قصير"),
        )
    )
    assert found[:3] == [
        SourceItem(text="خرجت الباخرة من الميناء القديم أمس.", record_id="أخبار/ميناء.txt"),
        SourceItem(title="أ", text="نص", record_id="أخبار/جدول.csv, row 2"),
        SourceItem(text="نص.", record_id="corpus.jsonl, a"),
    ]
    assert isinstance(found[3], Skip)
    assert found[3].place == "corpus.jsonl, line 2"
    assert found[4:] == [
        Skip("photo.jpg", "It is a JPEG image, which is not read: add the PDF of the scan."),
        SourceItem(text="نص قصير", record_id="wrong.pdf"),
    ]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing(how: int) -> None:
    assert items(packed(("a.txt", "نص"), how=how)) == [SourceItem(text="نص", record_id="a.txt")]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("تقرير الميناء.txt", "utf-8"),
        ("تقرير الميناء.txt", "windows-1256"),
        ("تقرير الميناء.txt", "cp720"),
        ("résumé.txt", "cp437"),
        ("résumé.txt", "utf-8"),
        ("report.txt", "ascii"),
    ],
)
def test_names(name: str, encoding: str) -> None:
    assert ids(named(name.encode(encoding))) == [name]


def test_paths_are_only_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = ["/etc/jisr.txt", "../../up.txt", "C:\\news\\a.txt", "a\nb.txt"]
    assert ids(packed(*((path, "text") for path in paths))) == [paths[0], paths[1], "C:/news/a.txt", paths[3]]
    assert not list(tmp_path.iterdir())


def test_hidden_members_are_passed_over() -> None:
    data = packed(("__MACOSX/._a.txt", "x"), (".git/a.txt", "x"), ("a/.b.txt", "x"), ("./c.txt", "x"))
    assert ids(data) == ["./c.txt"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_the_same_name() -> None:
    assert ids(packed(("a.txt", "one"), ("a.txt", "two"))) == ["a.txt", "a.txt (2)"]


def test_archives_in_archives() -> None:
    data = packed(("a.txt", "نص"))
    for depth in range(3):
        data = packed((f"{depth}.zip", data), ("beside.txt", "text"))
    assert ids(data) == ["2.zip, 1.zip, 0.zip", "2.zip, 1.zip, beside.txt", "2.zip, beside.txt", "beside.txt"]
    assert items(data)[0] == Skip("2.zip, 1.zip, 0.zip", "It is not opened: 3 containers lie one in another around it.")


def test_a_message_with_an_attachment() -> None:
    assert ids(packed(("m.eml", attached([("a.txt", b"inside")]).as_bytes()))) == ["m.eml", "m.eml, a.txt"]


def test_a_member_that_needs_a_password() -> None:
    data = bytearray(packed(("a.txt", "secret"), ("b.txt", "open")))
    for header, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.find(header) + flags] |= 1
    assert items(bytes(data)) == [Skip("a.txt", "It needs a password."), SourceItem(text="open", record_id="b.txt")]


def test_members_that_are_damaged() -> None:
    data = packed(("a.txt", "some text that is long enough" * 9), ("b.txt", "open"))
    start = data.find(b"a.txt") + 5
    for broken in (
        data[:start] + b"\xff" * 10 + data[start + 10 :],
        data.replace(b"\x08\0", b"\x09\0"),  # packed in another way, deflate64
        data.replace(b"PK\3\4", b"PK\3\5", 1),
    ):
        found = items(broken)
        assert isinstance(found[0], Skip)
        assert found[0].place == "a.txt"
    with pytest.raises(SourceError, match="cut short or damaged"):
        items(data[:-40])


def test_a_bomb() -> None:
    data = packed(("bomb.txt", b"\0" * 2**25), ("a.txt", "نص"))
    assert len(data) < 2**16
    assert items(data) == [
        Skip("bomb.txt", "It unpacks to more than 1,000 times its size."),
        SourceItem(text="نص", record_id="a.txt"),
    ]


def test_a_list_that_lies_about_sizes() -> None:
    data = packed(("bomb.txt", b" " * 2**25), ("a.txt", "نص"))
    lied = data.replace(struct.pack("<L", 2**25), struct.pack("<L", 100))
    found = items(lied)
    assert isinstance(found[0], Skip)
    assert found[0].reason.startswith("It cannot be unpacked: Bad CRC-32")
    assert found[1] == SourceItem(text="نص", record_id="a.txt")


@pytest.mark.parametrize("budget", [Budget(members=6), Budget(unpacked_bytes=1_000)])
def test_one_budget_for_all_that_is_inside(budget: Budget) -> None:
    inner = packed(*((f"{number}.txt", f"{number} " * 100) for number in range(4)))
    found = items(packed(("a.zip", inner), ("b.zip", inner), ("c.txt", "left out")), ReadOptions(budget=budget))
    assert budget.spent
    assert sum(isinstance(one, Skip) for one in found) == 1
    assert isinstance(found[-1], Skip)
    assert found[-1].reason.startswith("It is left out, and so is all that follows: the whole holds more than ")
    assert isinstance(found[0], SourceItem)


def test_an_empty_archive() -> None:
    assert items(packed()) == []

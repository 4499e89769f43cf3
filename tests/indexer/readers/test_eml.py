"""Mail, as clients write it and as old ones did."""

import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from io import BytesIO

import pytest

from indexer.archives import MAX_DEPTH
from indexer.readers import ReadOptions, Skip, SourceItem
from indexer.readers.eml import read
from search.errors import SourceError
from tests.indexer import readers

SUBJECT = "محضر اجتماع لجنة الميناء: مواعيد الرسو في أبريل وخطة التوسعة المقبلة"
BODY = "السلام عليكم،\n\nأرسل إليكم محضر الاجتماع.\n\nمع التحية،\nهالة منصور\n"


def message(body: str = BODY, charset: str = "utf-8", cte: str = "base64") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "هالة منصور <hala@example.org>"
    mail["To"] = "desk@example.org"
    mail["Subject"] = SUBJECT
    mail["Date"] = "Wed, 02 Apr 2025 23:30:00 +0300"
    mail.set_content(body, charset=charset, cte=cte)
    return mail


def items(mail: EmailMessage | bytes, options: ReadOptions = readers.PLAIN) -> list[SourceItem | Skip]:
    return readers.items(read, mail if isinstance(mail, bytes) else mail.as_bytes(), options)


def text_of(mail: EmailMessage | bytes) -> str:
    (item,) = items(mail)
    assert isinstance(item, SourceItem)
    return item.text


def headers(*lines: bytes, body: bytes = b"text") -> SourceItem:
    (item,) = items(b"\r\n".join([*lines, b"", body]))
    assert isinstance(item, SourceItem)
    return item


@pytest.mark.parametrize(
    ("charset", "cte"),
    [("utf-8", "base64"), ("utf-8", "quoted-printable"), ("utf-8", "8bit"), ("windows-1256", "quoted-printable")],
)
def test_a_message(charset: str, cte: str) -> None:
    assert items(message(charset=charset, cte=cte)) == [
        SourceItem(text=BODY.strip(), title=SUBJECT, date="2025-04-02", author="هالة منصور")
    ]


@pytest.mark.parametrize("declared", [b"us-ascii", b"iso-8859-1", b"no-such-charset"])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256"])
def test_a_charset_that_is_wrong(declared: bytes, encoding: str) -> None:
    mail = b"From: a@example.org\r\nContent-Type: text/plain; charset=" + declared + b"\r\n\r\n" + BODY.encode(encoding)
    assert text_of(mail) == BODY.strip()


def test_headers_in_plain_windows_1256() -> None:
    subject = "Subject: محضر اجتماع اللجنة".encode("windows-1256")
    for sender in ("From: هالة منصور", "From: هالة منصور <hala@example.org>", 'From: "هالة منصور" <hala>'):
        item = headers(subject, sender.encode("windows-1256"))
        assert (item.title, item.author) == ("محضر اجتماع اللجنة", "هالة منصور")


def test_a_header_whose_encoded_words_cut_a_letter_in_two() -> None:
    item = headers(b"Subject: =?utf-8?Q?=D9=85=D8=AD=D8?=\r\n =?utf-8?Q?=B6=D8=B1?= 7", b"From: b@example.org")
    assert (item.title, item.author) == ("محضر 7", "b@example.org")


@pytest.mark.parametrize(
    ("line", "date"),
    [
        (b"Date: Wed, 2 Apr 2025 01:00:00 +0300 (EEST)", "2025-04-02"),
        (b"Date: 2 Apr 2025 01:00 GMT", "2025-04-02"),
        (b"Date: yesterday", None),
        (b"Date: Wed, 32 Apr 2025 01:00:00 +0300", None),
        (b"Date:", None),
        (b"X-Date: none", None),
    ],
)
def test_dates(line: bytes, date: str | None) -> None:
    assert headers(line, b"Subject: x").date == date


def test_the_language_that_it_declares() -> None:
    assert headers(b"Subject: x", b"Content-Language: ar, en").lang == "ar"


def test_plain_text_goes_before_html() -> None:
    mail = message()
    mail.add_alternative("<html><body><p>من HTML</p></body></html>", subtype="html")
    assert text_of(mail) == BODY.strip()


def test_html_alone() -> None:
    mail = message(" \n")
    mail.add_alternative(
        "<html><head><title>لا</title><style>p {color: red}</style><body dir=rtl>"
        "<p>أولاً&nbsp;نص <b>مه</b>م<br>وسطر</p><div>ثانياً<script>no()</script></div>"
        "<table><tr><td>خلية</td><td>أخرى</td></tr></table></body></html>",
        subtype="html",
    )
    assert text_of(mail) == "أولاً نص مهم\nوسطر\n\nثانياً\n\nخلية | أخرى"


def test_quoted_text_is_kept_once_and_without_its_marks() -> None:
    body = (
        "نعم، موافق.\n\nكتبت هالة:\n> هل نلتقي غداً؟\n> أقترح التاسعة.\n>\n>> أول رسالة.\n>> هل نلتقي غداً؟\n\n"
        "-- \nسامي الحداد\n"
    )
    assert text_of(message(body)) == (
        "نعم، موافق.\n\nكتبت هالة:\nهل نلتقي غداً؟\nأقترح التاسعة.\n\nأول رسالة.\n\n--\nسامي الحداد"
    )


def attached(files: Sequence[tuple[str, bytes]]) -> EmailMessage:
    mail = message()
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def test_attachments() -> None:
    mail = attached(
        [
            ("محضر.txt", "قررت اللجنة توسعة الرصيف.".encode("windows-1256")),
            ("محضر.txt", "نسخة ثانية".encode()),
            ("table.csv", b"title,text\na,one\nb,two,three\n"),
            ("logo.png", b"\x89PNG\r\n\x1a\n\0\0"),
            ("empty.txt", b""),
        ]
    )
    assert items(mail)[1:] == [
        SourceItem(text="قررت اللجنة توسعة الرصيف.", record_id="محضر.txt"),
        SourceItem(text="نسخة ثانية", record_id="محضر.txt (2)"),
        SourceItem(title="a", text="one", record_id="table.csv, row 2"),
        Skip("table.csv, row 3", "The row has 3 cells, the table 2 columns."),
        Skip("logo.png", "It is a PNG image, which is not read: add the PDF of the scan."),
        Skip("empty.txt", "The file is empty."),
    ]


def test_attachments_of_the_version_that_is_not_shown() -> None:
    mail = message()
    mail.add_alternative("<p>من HTML</p>", subtype="html")
    html = list(mail.iter_parts())[1]
    assert isinstance(html, EmailMessage)
    html.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<logo>")
    html.add_attachment(b"inside", maintype="text", subtype="plain", filename="note.txt")
    assert items(mail)[1:] == [SourceItem(text="inside", record_id="note.txt")]


def test_a_web_page_saved_as_one_file() -> None:
    page = EmailMessage()
    page["Subject"] = "الميناء يستقبل أول سفينة"
    page["Snapshot-Content-Location"] = "https://example.org/port"
    page.set_content("<html><body><p>وصلت السفينة فجراً.</p></body></html>", subtype="html")
    for kind, content in (("css", "p {color: red}"), ("html", "<p>إعلان</p>")):
        page.add_related(content, subtype=kind, headers=[f"Content-Location: https://example.org/{kind}"])
    assert items(page) == [SourceItem(text="وصلت السفينة فجراً.", title="الميناء يستقبل أول سفينة", author=None)]


def test_a_message_without_words_of_its_own() -> None:
    mail = EmailMessage()
    mail["Subject"] = "scan"
    mail.add_attachment(b"text", maintype="text", subtype="plain", filename="a.txt")
    assert items(mail) == [SourceItem(text="text", record_id="a.txt")]
    assert items(b"Subject: nothing\n\n") == [SourceItem(text="", title="nothing")]


def test_a_forwarded_message() -> None:
    mail = message()
    mail.add_attachment(message("المتن الأصلي\n"))
    forwarded = items(mail)[1]
    assert isinstance(forwarded, SourceItem)
    assert (forwarded.text, forwarded.author) == ("المتن الأصلي", "هالة منصور")
    assert forwarded.record_id == f"{SUBJECT}.eml"


def test_messages_in_messages_end_somewhere() -> None:
    mail = message("0\n")
    for depth in range(1, 6):
        outer = message(f"{depth}\n")
        outer.add_attachment(mail)
        mail = outer
    found = items(mail)
    assert [item.text for item in found if isinstance(item, SourceItem)] == ["5", "4", "3", "2"]
    assert isinstance(found[-1], Skip)
    assert found[-1].reason == f"It is not opened: {MAX_DEPTH} containers lie one in another around it."


def test_an_archive_in_a_message() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("مذكرات/أ.txt", "نص المذكرة")
    assert items(attached([("all.zip", target.getvalue())]))[1:] == [
        SourceItem(text="نص المذكرة", record_id="all.zip, مذكرات/أ.txt")
    ]


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: multipart/mixed; boundary=x\n\nno part begins",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!",
        b"Content-Type: text/plain; charset*=x''y%\n\ntext",
        b"Content-Type: ;;;\nContent-Disposition: ;filename==\n\ntext",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: message/delivery-status\n\nStatus: 5.0.0\n",
    ],
)
def test_broken_structure(part: bytes) -> None:
    assert items(b"From: a@example.org\n" + part)


def test_what_is_no_message() -> None:
    with pytest.raises(SourceError, match="no header"):
        items(b"\nprose")

import pytest

from search.errors import SettingError
from search.milvus.address import Address, is_address


@pytest.mark.parametrize(
    ("typed", "uri", "name"),
    [
        ("milvus://archive.example:19531/news", "http://archive.example:19531", "news"),
        ("milvus://10.0.0.7/News_2024", "http://10.0.0.7:19530", "News_2024"),
        ("milvus+tls://milvus.example/news", "https://milvus.example:19530", "news"),
        ("milvus://[::1]:19530/news", "http://[::1]:19530", "news"),
        ("milvus-lite:///srv/my archive/أرشيف.db/news", "/srv/my archive/أرشيف.db", "news"),
    ],
)
def test_an_address_names_a_server_and_an_index(typed: str, uri: str, name: str) -> None:
    assert is_address(typed)
    address = Address.parse(typed)
    assert (address.uri, address.name) == (uri, name)
    assert Address.parse(str(address)) == address
    assert address.is_lite == (uri[0] == "/")
    assert address.server == uri.removeprefix("http://").removeprefix("https://")


@pytest.mark.parametrize("typed", ["index", "~/archive", "/srv/milvus://x", "C:/index", "milvus/index"])
def test_a_folder_is_no_address(typed: str) -> None:
    assert not is_address(typed)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("milvus://host:19530", "is no address"),
        ("milvus://host:19530/", "'' is no name"),
        ("milvus://host:19530/my-index", "'my-index' is no name"),
        ("milvus://host:19530/2024", "'2024' is no name"),
        ("milvus://host:19530/أخبار", "'أخبار' is no name"),
        (f"milvus://host/{'n' * 65}", "is no name"),
        ("milvus://host:99999/news", "no port 99999"),
        ("milvus://host:19530/a/b", "is no address"),
        ("milvus+ssl://host/news", "is no address"),
        ("milvus-lite://relative.db/news", "is no address"),
        ("milvus-lite:///srv/folder/news", "is no address"),
    ],
)
def test_what_is_no_address_is_refused(typed: str, told: str) -> None:
    assert is_address(typed)
    with pytest.raises(SettingError, match=told) as caught:
        Address.parse(typed)
    assert caught.value.hint


@pytest.mark.parametrize("typed", ["milvus://root:Sesame@host:19530/news", "milvus://Sesame@host/news"])
def test_a_password_in_an_address_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(SettingError, match="no password") as caught:
        Address.parse(typed)
    assert "JISR_MILVUS_TOKEN" in caught.value.hint
    assert "Sesame" not in f"{caught.value!r} {caught.value.hint}"

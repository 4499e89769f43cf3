from search.milvus.expressions import all_of, any_of, quoted, within


def test_conditions_are_joined() -> None:
    assert all_of() == all_of("", "") == ""
    assert all_of("", "row < 5") == "row < 5"
    assert all_of("row < 5 or row > 7", "", 'lang == "ar"') == '(row < 5 or row > 7) and (lang == "ar")'
    assert any_of("row", [3, 1]) == "row in [3, 1]"
    assert any_of("source", ["بيان.txt", 'a"b']) == r'source in ["بيان.txt", "a\"b"]'
    assert within("row", range(3, 9)) == "row >= 3 and row < 9"


def test_a_text_ends_where_it_ends() -> None:
    assert quoted('" or row >= 0 or doc_id == "') == r'"\" or row >= 0 or doc_id == \""'
    assert quoted("\\") == r'"\\"'
    assert quoted(7) == "7"

"""The generated pages say what the code and the lexicons say now."""

from __future__ import annotations

from discourse import lexicon, pages


def test_the_pages_are_current() -> None:
    for name, text in ((pages.TABLES_PAGE, pages.tables_page()), (pages.LEXICONS_PAGE, pages.lexicons_page())):
        current = lexicon.data_path(name).read_text(encoding="utf-8") == text
        assert current, f"{name} is stale; run python -m discourse.pages"


def test_every_lexicon_has_a_section_of_its_origin() -> None:
    sources = lexicon.data_path("SOURCES.md").read_text(encoding="utf-8")
    assert [name for name in lexicon.shipped_names() if f"## {name}.csv" not in sources] == []

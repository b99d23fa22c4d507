"""Text of a corpus is shown literally, whatever it holds; and no other module escapes or lets markup through."""

from __future__ import annotations

import ast
import html
import re
from html.parser import HTMLParser
from pathlib import Path

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discourse import render
from press import POISON

MARKDOWN = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "math", "url"])
SOURCE = Path(render.__file__).parent
HOSTILE = st.text(alphabet=st.sampled_from("<>&\"'$\\%{}()[]!#*_`~|^-+.:=/ ab1\n\t\r\x00\x1b\u202e\u200f")) | st.text()


class Seen(HTMLParser):
    """The elements, attributes and text of a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@given(HOSTILE)
def test_html_shows_every_character_and_makes_no_element_but_its_own(text: str) -> None:
    seen = Seen(render.html(text))
    assert seen.tags <= {"span"}
    assert not seen.attributes
    assert seen.text == render.visible(text)


@given(HOSTILE)
def test_no_dollar_sign_has_text_beside_it_in_its_element(text: str) -> None:
    assert not re.search(r"\$(?!</span>)", render.html(text))


@given(HOSTILE)
def test_an_attribute_holds_the_text_and_ends_where_it_should(text: str) -> None:
    seen = Seen(f'<i title="{render.attribute(text)}">x</i>')
    assert (seen.tags, seen.attributes, seen.text) == ({"i"}, {"title"}, "x")


@given(HOSTILE)
def test_plotly_text_is_one_literal_line(text: str) -> None:
    shown = render.plotly_text(text)
    assert not set(shown) & set("<>$\\\n")
    assert "%{" not in shown
    assert html.unescape(shown) == render.one_line(text)


@given(HOSTILE)
def test_markdown_shows_the_line_literally(text: str) -> None:
    seen = Seen(MARKDOWN(render.markdown(text)))
    assert seen.tags <= {"p", "span"}
    assert seen.text.strip() == render.one_line(text)


@given(HOSTILE, st.integers(1, 40))
def test_a_shortened_text_keeps_to_its_width(text: str, width: int) -> None:
    assert len(render.shorten(text, width)) <= width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 % of $3 & more", r"5 \% of \$3 \& more"),
        ("a_b^c~d#e", r"a\_b\textasciicircum{}c\textasciitilde{}d\#e"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("two\nlines", "two lines"),
    ],
)
def test_latex_prints_its_marks(text: str, expected: str) -> None:
    assert render.latex(text) == expected


def test_hidden_and_reordering_characters_are_shown() -> None:
    assert render.visible("a\u202eb\x1b[31mc\x00") == "a[U+202E]b[U+001B][31mc[U+0000]"


def test_a_table_escapes_header_and_cells_and_keeps_what_is_html_already() -> None:
    made = render.table([POISON], [[POISON], [render.Html("<b>x</b>")]])
    seen = Seen(made)
    assert seen.tags == {"table", "thead", "tbody", "tr", "th", "td", "span", "b"}
    assert seen.attributes == {"dir"}


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_escaping_is_done_in_one_place_and_never_switched_off(path: Path) -> None:
    for call in calls(path):
        name = ast.unparse(call.func)
        assert not any(word.arg == "escape" and ast.unparse(word.value) == "False" for word in call.keywords), name
        assert name.split(".")[-1] not in ("display_html", "Styler", "set_table_styles"), name
        if path.name != "render.py":
            assert name not in ("html.escape", "_html.escape", "escape"), name
    assert not re.search(r"\.style\b(?!s)", path.read_text(encoding="utf-8"))

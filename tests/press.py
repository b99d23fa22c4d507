"""A small press, annotated by hand: three outlets, eight documents; and the same with hostile text in every field."""

from __future__ import annotations

from typing import Any

from byhand import annotation

POISON = (
    "<script>document.title='executed'</script>"
    "<img src=http://127.0.0.1:9/beacon onerror=document.title='executed'>"
    "$\\href{javascript:document.title='executed'}{x}$ <a href=http://127.0.0.1:9/link>y</a> %{customdata} \\(z\\) "
    "<form action=http://127.0.0.1:9/form><b data-commandlinker-command='x'>bold</b></form>"
)
OUTLETS = ("Harbour Gazette", "Tideline", "Coast Echo")


def press(poison: str = "") -> Any:
    """Eight documents of 2031; `poison` stands in the text, title, author, outlet, doc_id and a column's name."""
    documents = []
    for number in range(8):
        outlet = OUTLETS[number % 3]
        told = (
            f"The pier may open in May{poison}, the mayor said. Officials perhaps agree. The Gazette reported it first."
        )
        attributions = [
            {"cue": "said", "identification": "named_role", "affiliation": "government_executive"},
            {"cue": "agree", "identification": "anonymous_group", "affiliation": "unspecified"},
        ]
        passages = [
            {
                "text": told,
                "hedges": [("may", "modal", 0.5), ("perhaps", "likelihood", 0.4)],
                "attributions": attributions[: 1 + number % 2],
                "outlets": [("Gazette", "claim_source")],
            },
            {
                "text": "It will surely rain again, or so it seems.",
                "voice": "The Echo",
                "boosters": [("surely", "booster", 0.6)],
            },
        ]
        documents.append(
            {
                "doc_id": f"d{number}{poison}",
                "title": f"Pier, part {number}{poison}",
                "outlet": f"{outlet}{poison}",
                "author": f"Writer {number % 2}{poison}",
                "date": f"2031-0{1 + number // 2}-15",
                "genre": "news" if number % 2 else "blog",
                "note": "early" if number < 4 else "late",
                f"desk{poison}": "city" if number % 3 else "sport",
                "passages": passages,
            }
        )
    return annotation(*documents)

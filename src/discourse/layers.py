"""The annotation layers of one document as one table of stretches: what the reader highlights and the ribbon
draws.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import pandas as pd

from discourse import hedges, render
from discourse.errors import MeasureError
from discourse.layout import layout
from discourse.sentences import sentences
from discourse.store import Annotations

LAYERS = ("content", "source", "cue", "hedge", "booster", "outlet")
"""From the widest to the narrowest: where two begin together, the wider one is opened first."""
RULE = 80
"""Characters of a rule that are shown beside a finding."""
ANNOTATE_FIRST = "annotate first: marks = dc.annotate(...)"
BATCH = 2_000_000
"""Characters of text looked through at a time."""


def document(marks: Annotations, doc_id: str) -> pd.Series[Any]:
    """The row of documents with this id.

    Raises
    ------
    MeasureError
        No document has the id; the message names the nearest ones.
    """
    if not hasattr(marks, "voices"):
        raise MeasureError(f"this needs an annotation and got a {type(marks).__name__}; {ANNOTATE_FIRST}")
    found = marks.documents[marks.documents["doc_id"] == doc_id]
    if found.empty:
        ids = marks.documents["doc_id"].tolist()
        near = [item for item in ids if str(doc_id).lower() in item.lower()] or get_close_matches(str(doc_id), ids, 5)
        shown = ", ".join(map(repr, (near or ids)[:5]))
        more = f" and {len(near or ids) - 5:,} more" if len(near or ids) > 5 else ""
        told = "ids like it" if near else "the ids"
        raise MeasureError(f"no document has the id {doc_id!r}; {told} are {shown}{more} (marks.documents.doc_id)")
    return found.iloc[0]


def highlights(marks: Annotations, doc_id: str) -> pd.DataFrame:
    """What was found in a document. One row per span of a finding: layer, start, end, finding_id, about.

    Parameters
    ----------
    marks : an annotation.
    doc_id : the document.

    Returns
    -------
    DataFrame
        layer (of `LAYERS`), start, end (offsets into documents.text), finding_id (of the hedge, attribution or
        mention), about (what it was coded as, and by which rule). Text order, wider spans first.

    Raises
    ------
    MeasureError
        No document has the id.
    """
    document(marks, doc_id)
    parts = [_attributed(marks, doc_id), _hedged(marks, doc_id), _named(marks, doc_id)]
    found = pd.concat(parts, ignore_index=True)
    found = found[(found["start"] >= 0) & (found["end"] > found["start"])]
    rank = found["layer"].map({layer: place for place, layer in enumerate(LAYERS)})
    found = found.assign(_rank=rank, _end=-found["end"]).sort_values(["start", "_end", "_rank", "finding_id"])
    return found.drop(columns=["_rank", "_end"]).reset_index(drop=True)


def stretches(marks: Annotations, doc_id: str) -> pd.DataFrame:
    """Who speaks where in a document. One row per passage, and one per content span that opens a voice of its own.

    Returns
    -------
    DataFrame
        start, end (offsets into documents.text), voice_id, name, depth (1 is the author), chain, kind (of the
        passage, or "content"), counted. Made for `charts.voice_ribbon`.

    Raises
    ------
    MeasureError
        No document has the id.
    """
    row = document(marks, doc_id)
    columns = ["start", "end", "kind", "counted", "voice_id"]
    voices = marks.voices[["doc_id", "voice_id", "name", "depth", "chain"]]
    passages = _of(marks.passages, doc_id)[columns]
    opened = _of(marks.attributions, doc_id)[["attribution_id", "content_voice_id"]].dropna()
    spans = _of(marks.spans, doc_id)
    contents = spans[spans["role"] == "content"].merge(opened, on="attribution_id")
    contents = contents.rename(columns={"content_voice_id": "voice_id"}).assign(kind="content", counted=True)[columns]
    both = pd.concat([passages, contents], ignore_index=True)
    out = both.merge(_of(voices, doc_id).drop(columns="doc_id"), on="voice_id", how="left")
    out["depth"] = out["depth"].fillna(1).astype(int)
    out["name"] = _called(out)
    out = out.sort_values(["start", "depth", "end"], kind="stable").reset_index(drop=True)
    out.attrs["basis"] = _basis(row)
    return out


def voices(marks: Annotations, doc_id: str) -> pd.DataFrame:
    """The voices of a document. One row per voice, with the columns of `marks.voices`. Made for `charts.voice_tree`.

    Raises
    ------
    MeasureError
        No document has the id.
    """
    row = document(marks, doc_id)
    out = _of(marks.voices, doc_id).reset_index(drop=True)
    out["name"] = _called(out)
    out.attrs["basis"] = _basis(row)
    return out


def _called(voices: pd.DataFrame) -> pd.Series[str]:
    """The name of a voice; of one without a name what its chain calls it ("unnamed report", "unattributed")."""
    return voices["name"].fillna(voices["chain"].str.rsplit(" > ", n=1).str[-1])


def lookalikes(marks: Annotations, doc_id: str | None = None, *, lexicon: pd.DataFrame | None = None) -> pd.DataFrame:
    """What matches an entry of the hedges or boosters and was not counted. One row per refused stretch.

    Parameters
    ----------
    marks : an annotation.
    doc_id : one document, or None for all.
    lexicon : the table `annotate` was given, where it was not the shipped one.

    Returns
    -------
    DataFrame
        doc_id, start, end (offsets into documents.text), surface, entry, category (it would have had), refused_by (the
        first test that did not hold). Text order; where entries overlap, the longest; none inside a counted cue.

    Raises
    ------
    MeasureError
        No document has the id.
    """
    documents = (
        marks.documents if doc_id is None else document(marks, doc_id).to_frame().T.astype(marks.documents.dtypes)
    )
    parts = [_refused(part, marks.passages, lexicon) for _, part in documents.groupby(_batches(documents))]
    out = pd.concat(parts, ignore_index=True)
    out.attrs["basis"] = f"{len(out):,} stretches refused in {len(documents):,} documents"
    return out


def _batches(documents: pd.DataFrame) -> pd.Series[int]:
    return documents["text"].str.len().cumsum() // BATCH


def _refused(documents: pd.DataFrame, passages: pd.DataFrame, lexicon: pd.DataFrame | None) -> pd.DataFrame:
    documents = documents.reset_index(drop=True)
    own = passages[passages["doc_id"].isin(documents["doc_id"])].reset_index(drop=True)
    tokens, found = sentences(layout(documents), own)
    return hedges.lookalikes(tokens, found, lexicon).drop(columns="sentence_id")


def on_the_record(marks: Annotations, doc_id: str) -> pd.DataFrame:
    """Who speaks in a document, and as whom: a table to project. One row per source.

    Returns
    -------
    DataFrame
        source (as first named), identification, affiliation, attributions (how many), quoted (of these, verbatim in
        whole or in part), terms (of anonymity, where stated). Most attributions first; attributions without a
        source last, as one row each way they are put.

    Raises
    ------
    MeasureError
        No document has the id.
    """
    row = document(marks, doc_id)
    speech = _of(marks.attributions, doc_id)[["attribution_id", "speech"]]
    found = _of(marks.sources, doc_id).merge(speech, on="attribution_id")
    found["quoted"] = found["speech"].isin(["direct", "free_direct", "mixed"])
    found["source"] = found["name"].fillna("nobody named")
    keys = found["source_id"].fillna("~" + found["identification"])
    out = found.groupby(keys, sort=False).agg(
        source=("source", "first"),
        identification=("identification", "first"),
        affiliation=("affiliation", "first"),
        attributions=("attribution_id", "size"),
        quoted=("quoted", "sum"),
        terms=("anonymity_terms", "first"),
    )
    out = out.assign(_nobody=out.index.str.startswith("~")).sort_values(
        ["_nobody", "attributions"], ascending=[True, False], kind="stable"
    )
    out = out.drop(columns="_nobody").reset_index(drop=True)
    out.attrs["basis"] = _basis(row)
    return out


def _basis(row: pd.Series[Any]) -> str:
    return f"{row['title'] if isinstance(row['title'], str) else row['doc_id']}: {int(row['n_words']):,} words"


def _of(table: pd.DataFrame, doc_id: str) -> pd.DataFrame:
    return table[table["doc_id"] == doc_id]


def _attributed(marks: Annotations, doc_id: str) -> pd.DataFrame:
    spans = _of(marks.spans, doc_id).rename(columns={"role": "layer", "attribution_id": "finding_id"})
    attributions = _of(marks.attributions, doc_id)
    sources = _of(marks.sources, doc_id)[["attribution_id", "name", "identification", "affiliation"]]
    facts = attributions[["attribution_id", "speech", "stance", "rule"]].merge(sources, how="left", on="attribution_id")
    about = {row["attribution_id"]: _attribution(row) for row in facts.to_dict("records")}
    return spans[["layer", "start", "end", "finding_id"]].assign(about=spans["finding_id"].map(about).fillna(""))


def _attribution(row: dict[Any, Any]) -> str:
    source = f"{_said(row['name']) or 'no source'}: {_words(row['identification'])}, {_words(row['affiliation'])}"
    return f"{source}; {_words(row['speech'])}, stance {_words(row['stance'])}; rule {_rule(row)}"


def _hedged(marks: Annotations, doc_id: str) -> pd.DataFrame:
    table = _of(marks.hedges, doc_id).rename(columns={"polarity": "layer", "hedge_id": "finding_id"})
    about = [
        f"{_words(row['category'])}, strength {row['strength']:.1f}; entry “{row['entry']}”; rule {_rule(row)}"
        for row in table.to_dict("records")
    ]
    return table[["layer", "start", "end", "finding_id"]].assign(about=pd.Series(about, index=table.index, dtype="str"))


def _named(marks: Annotations, doc_id: str) -> pd.DataFrame:
    table = _of(marks.outlets, doc_id).rename(columns={"mention_id": "finding_id"}).assign(layer="outlet")
    about = [
        f"{_said(row['outlet']) or 'which outlet is not said'}; role {_words(row['role'])}; rule {_rule(row)}"
        for row in table.to_dict("records")
    ]
    return table[["layer", "start", "end", "finding_id"]].assign(about=pd.Series(about, index=table.index, dtype="str"))


def _rule(row: dict[Any, Any]) -> str:
    """The rule of a finding, cut where it would fill a tooltip; in full it stands in the finding's table."""
    return render.shorten(_said(row["rule"]), RULE)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _words(value: Any) -> str:
    return _said(value).replace("_", " ") or "not said"

"""documents + passages -> who wrote each document: metadata, byline, bio line."""

from __future__ import annotations

import re

import pandas as pd

_BY = re.compile(r"[Bb][Yy]:?\s+((?:[A-Z][\w.’'\-]+ ?){1,5})")
_BIO_NAME = re.compile(
    r"(?:By )?((?:[A-Z][\w.’'\-]+ ?|(?:de|van|von|bin|al) ){2,5}?)"
    r"(?=,? (?:is|was|are|writes|teaches|covers|blogs|works|reports|serves|practi[sc]es|edits|lives|runs|hosts"
    r"|an?|the)\b)"
)


def authors(documents: pd.DataFrame, passages: pd.DataFrame) -> list[str]:
    """Name of each document's author: metadata, byline, bio line, else "author"."""
    given = documents["author"].tolist() if "author" in documents else [None] * len(documents)
    notes: dict[str, list[tuple[str, int, int]]] = {}
    aside = passages[passages["kind"].isin(["bio", "promo", "quoted_article"])]
    for doc_id, kind, start, end in zip(*(aside[c].tolist() for c in ("doc_id", "kind", "start", "end")), strict=True):
        notes.setdefault(doc_id, []).append((kind, start, end))
    names = []
    for doc_id, text, name in zip(documents["doc_id"].tolist(), documents["text"].tolist(), given, strict=True):
        known = name.strip() if isinstance(name, str) else ""
        known = re.sub(r"^[Bb][Yy]\s+", "", known)
        names.append(known if known and known != "None" else _noted(text, notes.get(doc_id, [])) or "author")
    return names


def _noted(text: str, notes: list[tuple[str, int, int]]) -> str:
    """The name a byline or a note on the author gives; a name that signs a quotation is that quotation's author."""
    for kind, start, end in sorted(notes):
        if kind == "quoted_article":
            continue
        match = (_BIO_NAME if kind == "bio" else _BY).match(text, start, min(end, start + 120))
        if match:
            name = match[1].strip(" ,.") if kind == "promo" else match[1].strip(" ,")
            if not any(quoted == "quoted_article" and name in text[low:high] for quoted, low, high in notes):
                return name
    return ""

"""Who says this, how sure do they sound, and through which outlet did it reach me?

    import discourse as dc
    corpus = dc.read("corpora/starter")
    marks = dc.annotate(corpus)
    dc.charts.hedging(dc.measures.rates(marks, "hedges", by="outlet"))

Names are loaded when first used, so that `import discourse` is quick.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

_FROM = {
    "read": "readers",
    "read_nltk": "readers",
    "Corpus": "readers",
    "annotate": "annotate",
    "Annotations": "store",
    "load": "store",
    "save": "store",
    "hand_coded": "gold",
    "explore": "explore",
    "lines": "explore",
    "reader": "explore",
    "validate": "validate",
    "evaluate": "evaluate",
    "DiscourseError": "errors",
}
_MODULES = (
    "agreement",
    "attributions",
    "charts",
    "concordance",
    "credits",
    "duplicates",
    "engines",
    "errors",
    "export",
    "figures",
    "hedges",
    "layout",
    "layers",
    "lexicon",
    "measures",
    "outlets",
    "passages",
    "sentences",
    "sources",
    "tables",
    "voices",
)
__all__ = sorted([*_FROM, *_MODULES])


class _Package(ModuleType):
    """Keeps `dc.annotate` the function once the module of the same name is imported (imports bind modules here)."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _FROM and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name in _FROM:
        return getattr(importlib.import_module(f"discourse.{_FROM[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"discourse.{name}")
    raise AttributeError(f"module 'discourse' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return __all__

"""Fixtures: the shared gold and real texts (skipped by name where they are absent), and the bundled starter corpus."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

# a busy machine is no failure: speed is measured in tests/bench.py, never here; CI tries the same examples every time
settings.register_profile("discourse", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("discourse")

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("DISCOURSE_SHARED") or ROOT.parent / "shared")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the shared gold and real texts."""
    if not (SHARED / "gold").is_dir():
        pytest.skip(f"shared texts are not at {SHARED} (set DISCOURSE_SHARED)")
    return SHARED


@pytest.fixture(scope="session")
def gold(shared: Path) -> Any:
    """`gold("polnear.dev")` -> list of documents."""

    def read(name: str) -> list[dict[str, Any]]:
        with gzip.open(shared / "gold" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    return read


@pytest.fixture(scope="session")
def starter() -> Path:
    """Folder of the small bundled corpus."""
    return ROOT / "corpora" / "starter"


@pytest.fixture(scope="session")
def starter_marks(starter: Path) -> Any:
    """The small bundled corpus, annotated once a session."""
    import discourse as dc

    return dc.annotate(starter, progress=False)


def documents(*texts: str) -> pd.DataFrame:
    """A frame of documents d0, d1, … with these texts."""
    return pd.DataFrame({"doc_id": [f"d{number}" for number in range(len(texts))], "text": list(texts)})

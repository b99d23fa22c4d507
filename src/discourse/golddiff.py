"""What a change gained and lost on the gold texts against the last commit, or an older one, with the sentences.

    python -m discourse.golddiff [--base HEAD] [--gold FOLDER] [--name polnear.dev] [--show 20]

The committed package is unpacked beside the working one (`git archive`), both read the gold's bare texts, and the
gold attributions that only one of them finds are shown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from discourse.errors import DiscourseError, MeasureError
from discourse.evaluate import Pair, evaluate, pair, read_gold, same, words

_ROOT = Path(__file__).resolve().parents[2]
_ANNOTATE = (
    "import sys, pandas as pd, discourse as dc\n"
    "rows = pd.read_json(sys.argv[1], lines=True, dtype=False)\n"
    "dc.save(dc.annotate(rows, progress=False), sys.argv[2])\n"
)


def compare(gold: Path, show: int = 20, base: str = "HEAD") -> str:
    """A report of one gold file: figures before and after, then attributions gained, lost and newly wrong."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        texts = place / "texts.jsonl"
        with texts.open("w", encoding="utf-8") as file:
            for document in read_gold(gold):
                file.write(json.dumps({"doc_id": document["doc_id"], "text": document["text"]}) + "\n")
        committed = _committed(place / "committed", base)
        outs = {"before": place / "before", "after": place / "after"}
        for name, source in (("before", committed), ("after", _ROOT / "src")):
            _annotate(source, texts, outs[name])
        lines = [f"{gold.name}: {base} -> working tree", *_figures(outs["before"], outs["after"], gold)]
        before, after = pair(outs["before"], gold), pair(outs["after"], gold)
    gained = _only(after, before, gold_side=True)
    lost = _only(before, after, gold_side=True)
    wrong = _only(after, before, gold_side=False)
    for title, rows in (("gained", gained), ("lost", lost), ("found now, not in the gold", wrong)):
        lines += ["", f"{title}: {len(rows)}", *rows[:show]]
    return "\n".join(lines)


def _committed(folder: Path, base: str) -> Path:
    """The package as it was at a commit; `MeasureError` where git knows none of that name."""
    command = ["git", "archive", base, "--", "src"]
    done = subprocess.run(command, cwd=_ROOT, check=False, capture_output=True, timeout=120)
    if done.returncode:
        raise MeasureError(f"no package at commit {base!r}: {done.stderr.decode().strip()}; give --base a commit")
    archive = done.stdout
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder / "src"


def _annotate(source: Path, texts: Path, out: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(source)}
    subprocess.run([sys.executable, "-c", _ANNOTATE, str(texts), str(out)], check=True, env=environment, timeout=1800)


def _figures(before: Path, after: Path, gold: Path) -> list[str]:
    old, new = (evaluate(out, gold, draws=200) for out in (before, after))
    both = old[old["group"] == "all"].merge(new[new["group"] == "all"], on="measure", suffixes=("_old", "_new"))
    return [
        f"  {row.measure:18s} P {row.precision_old:.3f} -> {row.precision_new:.3f}   R {row.recall_old:.3f} -> "
        f"{row.recall_new:.3f}   F1 {row.f1_old:.3f} -> {row.f1_new:.3f}"
        for row in both.itertuples()
    ]


def _only(ours: list[Pair], theirs: list[Pair], *, gold_side: bool) -> list[str]:
    """Gold attributions only `ours` finds, or (gold_side False) false ones only `ours` has, each with its words."""
    rows = []
    for one, other in zip(ours, theirs, strict=True):
        for relation in one.gold if gold_side else one.found:
            mine = any(same(relation, found) for found in (one.found if gold_side else one.gold))
            there = any(same(relation, found) for found in other.found)
            if (mine and not there) if gold_side else (not mine and not there):
                rows.append(f"  {one.doc_id}: {words(relation, one.text)}")
    return rows


def main() -> None:
    """Compare on every gold file asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=Path(os.environ.get("DISCOURSE_SHARED", "../shared")) / "gold")
    parser.add_argument("--name", action="append", help="gold file without .jsonl.gz (default: polnear.dev)")
    parser.add_argument("--base", default="HEAD", help="commit to compare with")
    parser.add_argument("--show", type=int, default=20, help="rows of each list to print")
    given = parser.parse_args()
    try:
        for name in given.name or ["polnear.dev"]:
            print(compare(_there(given.gold / f"{name}.jsonl.gz"), given.show, given.base), flush=True)
    except DiscourseError as error:
        print(f"discourse.golddiff: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def _there(path: Path) -> Path:
    if not path.is_file():
        raise MeasureError(
            f"{path}: no such gold file; set DISCOURSE_SHARED to the folder that holds gold/, or give --gold FOLDER"
        )
    return path


if __name__ == "__main__":
    main()

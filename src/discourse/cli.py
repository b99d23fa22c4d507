"""The `discourse` command: each subcommand is a thin call of a public function.

Exit codes: 0 done, 1 nothing usable in the input (or a check that failed), 2 wrong usage.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from discourse import __version__
from discourse.errors import AnnotationError, DiscourseError

app = typer.Typer(
    name="discourse",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
LARGE = 64_000_000
"""Characters of text from which `annotate` writes parts instead of one file a table."""


@contextmanager
def _told() -> Iterator[None]:
    """Errors of this package as one line and an exit code, never a traceback."""
    try:
        yield
    except AnnotationError as error:
        typer.echo(f"discourse: {plain(str(error))}", err=True)
        raise typer.Exit(1) from error
    except DiscourseError as error:
        typer.echo(f"discourse: {plain(str(error))}", err=True)
        raise typer.Exit(2) from error


def plain(text: str) -> str:
    """Text safe for a terminal: control and direction characters of file names and corpora are shown as escapes."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"discourse {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="tell the version")
    ] = False,
) -> None:
    """Who says this, how sure do they sound, and through which outlet did it reach me?"""


@app.command()
def annotate(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="file or folder of texts, or a table")],
    out: Annotated[Path, typer.Option(help="folder for the tables (Parquet)")],
    text_column: Annotated[str | None, typer.Option(help="for tables: the column that holds the text")] = None,
    doc_id_column: Annotated[str | None, typer.Option(help="for tables: the column that holds the identifier")] = None,
    encoding: Annotated[str | None, typer.Option(help="encoding of the files, where it is known")] = None,
    engine: Annotated[str | None, typer.Option(help="one, processes or dask; writes the tables in parts")] = None,
    workers: Annotated[int | None, typer.Option(help="processes to use (default: all cores)")] = None,
    lexicon: Annotated[str | None, typer.Option(help="hedges to look for: a file, or every-modal")] = None,
) -> None:
    """Annotate texts and write the tables to a folder."""
    from discourse import engines, readers
    from discourse.annotate import annotate as annotate_corpus

    with _told():
        given = readers.read(source, text_column=text_column, doc_id_column=doc_id_column, encoding=encoding)
        _report_skipped(given.skipped)
        if engine or given.documents["text"].str.len().sum() > LARGE:
            engines.run(given, out, engine=engine or "one", workers=workers, lexicon=lexicon)
            typer.echo(f"{len(given.documents):,} documents -> {plain(str(out))}")
            return
        marks = annotate_corpus(given, lexicon=lexicon)
        marks.save(out)
        typer.echo(f"{marks.basis}, {marks.seconds:.1f} s -> {plain(str(out))}")


@app.command()
def info(folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of saved annotations")]) -> None:
    """Tell what a folder of saved annotations holds."""
    from discourse import store

    with _told():
        marks = store.load(folder)
        typer.echo(marks.basis)
        typer.echo(marks.summary().to_string(index=False))
        _report_skipped(marks.skipped)


@app.command()
def figures(
    folder: Annotated[Path, typer.Option(help="folder with figures.toml")] = Path("figures"),
    check: Annotated[
        bool, typer.Option("--check", help="fail when a number behind a committed figure changed")
    ] = False,
) -> None:
    """Make every figure named in figures.toml, or check the committed ones."""
    from discourse import figures as figure_files

    with _told():
        for line in figure_files.build(folder, check=check):
            typer.echo(plain(str(line)))


@app.command()
def validate(folder: Annotated[Path, typer.Argument(metavar="DIR", help="corpus folder")]) -> None:
    """Check a corpus folder and its gold; exit code 1 where there are errors."""
    from discourse.validate import validate as check_corpus

    with _told():
        problems = check_corpus(folder)
    for row in problems.itertuples():
        place = f" {row.place}" if isinstance(row.place, str) and row.place else ""
        typer.echo(plain(f"{row.code} {row.severity} {row.path}{place}: {row.message} {row.mend}"))
    errors = int((problems["severity"] == "error").sum())
    typer.echo(f"{errors} errors, {len(problems) - errors} notes")
    raise typer.Exit(1 if errors else 0)


@app.command()
def evaluate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="folder of saved annotations")],
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="gold: .jsonl(.gz), or a folder of brat .ann files")],
) -> None:
    """Score saved annotations against gold: exact and overlap P, R, F1 with intervals, per kind and per outlet."""
    from discourse.evaluate import evaluate as score

    with _told():
        typer.echo(score(out, gold).round(3).to_string(index=False))


@app.command()
def lab(
    notebook: Annotated[Path, typer.Argument(help="notebook to open")] = Path("notebooks/00-start-here.ipynb"),
) -> None:
    """Open JupyterLab on a notebook."""
    if not notebook.exists():
        typer.echo(
            f"discourse: no notebook {plain(str(notebook))}; run this in the project's folder, or name one", err=True
        )
        raise typer.Exit(2)
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyter", "lab", *root, str(notebook)]))


def _report_skipped(skipped: object) -> None:
    rows = list(skipped.itertuples()) if hasattr(skipped, "itertuples") else []
    for row in rows[:20]:
        typer.echo(plain(f"skipped {row.path}: {row.reason}: {row.detail} {row.mend}"), err=True)
    if len(rows) > 20:
        typer.echo(f"… and {len(rows) - 20} more; all are rows of skipped.parquet", err=True)


if __name__ == "__main__":
    app()

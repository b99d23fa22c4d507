"""Errors a user can act on: each message says what was asked, what is allowed, and what to do next."""

from __future__ import annotations


class DiscourseError(Exception):
    """Base of every error this package raises on purpose."""


class TableError(DiscourseError):
    """A table breaks the contract of `discourse.tables`."""


class LexiconError(DiscourseError):
    """A lexicon file or row cannot be used."""


class ReadError(DiscourseError):
    """A corpus cannot be read at all (single files that cannot be read are rows in `skipped`)."""


class ValidationError(DiscourseError):
    """A corpus folder cannot be validated at all (single problems are rows of the report)."""


class AnnotationError(DiscourseError):
    """`annotate` was asked for something it cannot do."""


class StoreError(DiscourseError):
    """A saved annotation folder cannot be written or read."""


class MeasureError(DiscourseError):
    """A measure was asked of columns or groups that are not there."""


class ExportError(DiscourseError):
    """A table cannot be written in the format asked for without loss."""


class ChartError(DiscourseError):
    """A chart was given a table that lacks what it draws."""


class FigureError(DiscourseError):
    """A figure named in figures.toml cannot be made or has changed."""

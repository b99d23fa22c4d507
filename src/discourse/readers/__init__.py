"""Corpus files to tables: one module a format, `read` above them all. The only code that reads corpus files."""

from discourse.readers.corpus import Corpus
from discourse.readers.nltk_corpora import read_nltk
from discourse.readers.reading import READERS, read
from discourse.readers.records import REASONS, Reason

__all__ = ["READERS", "REASONS", "Corpus", "Reason", "read", "read_nltk"]

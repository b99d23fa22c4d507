"""Widgets over the tables: thin shells, no analysis. What they show can be had without them, by the functions they
call.
"""

from __future__ import annotations

from discourse.explore.explorer import Explorer, explore
from discourse.explore.lines import Lines, lines
from discourse.explore.reader import Reader, reader

__all__ = ["Explorer", "Lines", "Reader", "explore", "lines", "reader"]

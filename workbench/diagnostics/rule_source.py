"""Where does a rule come from, and what interest had its author?

METHOD CX-9: all five sources are practitioners' articles, and at least four seem to come from sellers of
advice, software or outsourcing. So each rule is shown with its source.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from workbench.catalogue import serves
from workbench.errors import UnknownName

SOURCES = {
    "S0": "article on employee-management technology (a consultant)",
    "S1": "article on vendor management (an advisory firm)",
    "S2": "article on back-office operations (promotes a BPO platform)",
    "S3": "article on managing outsourcing (author's interest not known)",
    "S4": "article on failing partnerships (an outsourcing vendor)",
}


@cache
def _keys() -> dict[str, tuple[str, ...]]:
    with (files("workbench") / "method.csv").open(encoding="utf-8") as handle:
        return {
            row["id"]: tuple(part.split()[0] for part in row["source"].split(";") if part.strip())
            for row in csv.DictReader(handle)
        }


@serves("CX-9", kind="rule")
def rule_source(item: str) -> str:
    """Return in words where the rule of a METHOD item comes from, with its author's interest.

    Raises
    ------
    UnknownName
        if there is no such item.
    """
    if item not in _keys():
        raise UnknownName("item of the method", item, _keys())
    return "; ".join(SOURCES.get(key, "ours") for key in _keys()[item])

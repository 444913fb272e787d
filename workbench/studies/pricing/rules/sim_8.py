"""What do credits cost that are settled on the wrong figures?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Mapping, known, reading
from workbench.studies.pricing.rule import (
    Counted,
    Line,
    Said,
    Unpriced,
    carried,
    first_with,
    named,
    only,
    pricing,
)

PATH, CODES = "money.terms", ("EXP-2", "SYM-3")
OPEN = Mapping(
    "the difference between credits due and credits paid is owed by one side to the other",
    "the contract's terms on the client's own log", "D", known(1.0), "the settlement of past months in writing",
)  # fmt: skip


@serves("SIM-8", kind="calculator")
def open_credits(share_of_risk: Floats, at_risk: float) -> Floats:
    """Return what a month's open credits amount to: their share of what is at risk times that."""
    return np.asarray(share_of_risk * at_risk)


@pricing("SIM-8", lines=("penalty",), moves={PATH: CODES})
def credits_on_wrong_figures(basis: Basis) -> Iterator[Said]:
    """Credits due and not settled; the expected ones stand in a table of their own."""
    group = named(basis, *CODES)
    found = first_with(group, lambda e: "credit" in e.measure and e.unit == "fraction")
    if found is None:
        for finding in group:
            yield Unpriced(
                finding,
                "it says whether figures can be made again, not what they cost",
                "sla with at_risk and sla_result with credits",
            )
        return
    finding, evidence = found
    read = reading(evidence, 0.0 if evidence.expected is None else None)
    sla = basis.table("sla")
    if read is None or sla is None:
        yield Unpriced(finding, "no terms say what is at risk", "sla.at_risk")
        return
    rows = sla[sla["metric"].astype("str").str.casefold() == "service_level"]
    strange = sorted({str(c) for c in rows["currency"].dropna()} - {basis.currency})
    at_risk = float(rows["at_risk"].fillna(0.0).sum())
    if strange or at_risk <= 0:
        why = f"credits are in {', '.join(strange)}" if strange else "the amount at risk is not known"
        yield Unpriced(
            finding, why, "a rate in fx, dated on or before the period's end" if strange else "sla.at_risk"
        )
        return

    def cost(m: Floats, k: Floats, _money: Floats) -> dict[Line, Floats]:
        return only("penalty", open_credits(m, at_risk) * k)

    yield Counted(
        carried(finding, group), f"credits: {read.measure}", read, OPEN, PATH, cost,
        (f"{at_risk:,.0f} {basis.currency} are at risk a month. Owed by one side to the other, not lost by both.",),
    )  # fmt: skip

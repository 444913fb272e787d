"""What does work cost that is harder than was contracted?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.periods import in_period
from workbench.metrics.handle_time import handle_time
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Estimated, Floats, Mapping, Reading, known
from workbench.studies.pricing.moves import turn
from workbench.studies.pricing.rule import (
    Moved,
    Part,
    Said,
    Unpriced,
    all_of,
    carried,
    first_with,
    gap_of,
    named,
    pricing,
)

PATH, CODES = "queues.*.handle.factor", ("HC-5", "FM-5", "VMF-12")


@serves("SIM-13", kind="calculator")
def overrun(handle_s: pd.Series, kind: pd.Series, contracted: dict[str, float]) -> Estimated | None:
    """Return mean handle time over what it would be under the contracted mix, less 1, with its 95 % interval.

    Classes keep their own mean handle time; only their shares change. None where a contracted class has fewer
    than 20 contacts, or fewer than two classes are on record. The interval is that of a ratio (delta method).
    """
    kinds = kind.astype("str").str.casefold()
    agreed = {str(k).casefold(): float(v) for k, v in contracted.items() if float(v) > 0}
    groups = handle_s.groupby(kinds)
    size, mean = groups.size(), groups.mean()
    if len(size) < 2 or any(size.get(name, 0) < 20 for name in agreed):
        return None
    weight = sum(agreed.values())
    under = sum(share / weight * float(mean[name]) for name, share in agreed.items())
    ratio = float(handle_s.mean()) / under
    # influence of each contact on the ratio: through the mean of all, and through the mean of its own class
    factor = kinds.map(
        {name: agreed.get(name, 0.0) / weight / float(size[name] / len(handle_s)) for name in size.index}
    )
    influence = (handle_s - handle_s.mean()) / under - ratio / under * factor * (handle_s - kinds.map(mean))
    half = 1.96 * float(influence.std(ddof=1)) / np.sqrt(len(handle_s))
    return Estimated(ratio - 1 - half, ratio - 1, ratio - 1 + half, least=0.0)


@pricing("SIM-13", lines=("labour",), moves={PATH: CODES})
def harder_work(basis: Basis) -> Iterator[Said]:
    """Handle time that the contracted mix would not need."""
    group = named(basis, *CODES)
    found = first_with(
        group, lambda e: "another class of difficulty" in e.measure or "handle time above" in e.measure
    )
    if found is None:
        for finding in group:
            yield Unpriced(
                finding,
                "it says which way measures move, not how much longer contacts take",
                "contract.complexity_mix or contract.aht_s in client.yaml",
            )
        return
    finding, evidence = found
    said: Said | Reading = gap_of(basis, finding, evidence, ("pay", "scenario"), high_is_bad=True)
    if isinstance(said, Reading):
        how = _mapping(basis, finding, said.value)
        said = how if isinstance(how, Unpriced) else _moved(carried(finding, group), how, said)
    yield from (all_of(said, group) if isinstance(said, Unpriced) else (said,))


def _moved(findings: tuple[Finding, ...], how: Mapping, read: Reading) -> Moved:
    at = read.value

    def value_at(m: Floats, k: Floats) -> Floats:
        # today is 1; without the gap the handle time is that of the contracted mix, 1 / (1 + overrun)
        return np.asarray(1.0 + (m - at) / at * k / (1.0 + k))

    return Moved(
        findings, f"harder work than contracted: {read.measure}", read, how, PATH, 1.0, value_at,
        turn("handle_time"), "labour", "work", least=0.2, most=5.0, part=Part("floor"),
    )  # fmt: skip


def _mapping(basis: Basis, finding: Finding, at: float) -> Mapping | Unpriced:
    if "handle time above" in finding.evidence[0].measure:
        return Mapping("the measure is the overrun itself", "contacts and contract.aht_s", "M", known(at))
    contacts, agreed = (
        in_period(basis.dataset, "contacts"),
        basis.dataset.client.contract.get("complexity_mix"),
    )
    if contacts is None or not isinstance(agreed, dict):
        return Unpriced(
            finding, "how long contacts of each class take is not known", "contacts.complexity_tag"
        )
    took = handle_time(contacts)
    kinds = contacts.loc[contacts.index[took.rows], "complexity_tag"]
    seconds = pd.Series(took.handle_s, index=kinds.index)
    factor = overrun(seconds[kinds.notna()], kinds[kinds.notna()], agreed)
    if factor is None:
        return Unpriced(
            finding,
            "a contracted class has fewer than 20 contacts with a handle time",
            "contacts.complexity_tag",
        )
    if factor.likely <= 0:
        return Unpriced(
            finding,
            f"the mix that came takes no longer than the contracted one ({factor.likely:+.1%} handle time)",
            "",
        )
    return Mapping(
        f"the mix that came takes {factor.likely:.1%} longer than the contracted one would",
        f"handle time by class of {len(seconds):,} contacts", "M",
        factor, "more contacts with complexity_tag",
    )  # fmt: skip

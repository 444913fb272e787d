"""How much longer do contacts take with agents who were not certified for the queue, and what does that cost?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.periods import in_period
from workbench.metrics.handle_time import handle_time
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Estimated, Floats, Mapping
from workbench.studies.pricing.moves import turn
from workbench.studies.pricing.rule import Moved, Part, Said, Unpriced, gap_of

PATH = "queues.*.handle.factor"
LEAST_AGENTS, LEAST_CONTACTS = 5, 30
"""Of either kind, below which their handle times are not compared."""
RESAMPLES = 1000


@dataclass(frozen=True)
class Longer:
    """How contacts go with agents who lack a certificate.

    Attributes
    ----------
    by : so much longer than with certified ones on the same queues, less 1, with its 95 % interval.
    share : of all handle time that they take.
    agents, contacts : of them.
    """

    by: Estimated
    share: float
    agents: int
    contacts: int


@serves("SIM-3", kind="calculator")
def longer_untaught(
    handle_s: Floats, queue: np.ndarray, agent: np.ndarray, taught: np.ndarray, seed: int = 1
) -> Longer | None:
    """Return how much longer contacts take without a certificate: what they took over what they would have taken.

    Each is compared with the mean of certified agents on its own queue. The interval resamples whole agents, since
    contacts of one agent are alike. None with too few agents or contacts of either kind.

    Parameters
    ----------
    handle_s, queue, agent, taught : arrays of shape (n,), one entry for each contact; taught : holds the certificates.
    """
    names, who = np.unique(agent, return_inverse=True)
    queues, place = np.unique(queue, return_inverse=True)
    shape = (len(names), len(queues))

    def sums(use: np.ndarray, what: Floats) -> Floats:
        at = who[use] * len(queues) + place[use]
        return np.asarray(
            np.bincount(at, what[use], minlength=shape[0] * shape[1]).reshape(shape), np.float64
        )

    one = np.ones(len(handle_s))
    un, ut, cn, ct = (
        sums(use, what) for use in (~taught, taught) for what in (one, np.asarray(handle_s, np.float64))
    )
    for kind in (un, cn):
        if (kind.sum(axis=1) > 0).sum() < LEAST_AGENTS or kind.sum() < LEAST_CONTACTS:
            return None

    def ratio(weight: Floats) -> Floats:
        n, t, m, s = (weight @ table for table in (un, ut, cn, ct))
        known = m > 0
        usual = np.divide(s, m, out=np.zeros_like(s), where=known)
        above, below = np.where(known, t, 0.0).sum(axis=-1), (n * usual).sum(axis=-1)
        return np.asarray(np.divide(above, below, out=np.full_like(below, np.nan), where=below > 0))

    weights = np.random.default_rng(seed).multinomial(
        len(names), np.full(len(names), 1 / len(names)), RESAMPLES
    )
    drawn = ratio(weights.astype(float))
    likely = float(ratio(np.ones((1, len(names))))[0])
    if not np.isfinite(likely):
        return None
    low, high = (float(x) for x in np.nanquantile(drawn, (0.025, 0.975)))
    return Longer(
        Estimated(min(low, likely) - 1, likely - 1, max(high, likely) - 1, least=-0.9),
        float(ut.sum() / (ut.sum() + ct.sum())), int((un.sum(axis=1) > 0).sum()), int(un.sum()),
    )  # fmt: skip


def untaught(basis: Basis, finding: Finding) -> Said:
    """Return the price of agents on a queue without its certificate: how much longer they take, of the log itself."""
    read = gap_of(basis, finding, finding.evidence[0], ("pay", "scenario"), high_is_bad=False)
    if isinstance(read, Unpriced):
        return read
    found = _compared(basis)
    if found is None:
        return Unpriced(
            finding,
            "whether agents without a certificate take longer cannot be told: too few of either kind on one queue",
            f"contacts.agent_id of {LEAST_AGENTS} agents without it and {LEAST_AGENTS} with it, beside training and "
            "course_queue",
        )
    if found.by.likely <= 0:
        return Unpriced(
            finding,
            f"contacts take no longer with the {found.agents} agents who lack a certificate ({found.by.likely:+.1%}, "
            f"{found.by.low:+.1%} to {found.by.high:+.1%}; {found.contacts:,} contacts)",
        )
    at, share = read.used, found.share

    def value_at(m: Floats, k: Floats) -> Floats:
        # today is 1; without the gap the time that they take is that of certified agents, 1 / (1 + longer)
        return np.asarray(1.0 - share * k / (1.0 + k) * (m - at) / (1.0 - at))

    how = Mapping(
        f"contacts take {found.by.likely:.1%} longer with agents who lack a certificate than with others on the queue",
        f"contacts, training: {found.contacts:,} contacts of {found.agents} agents without it", "M", found.by,
        "more contacts of agents without a certificate",
    )  # fmt: skip
    return Moved(
        (finding,), f"without a certificate: {read.measure}", read, how, PATH, 1.0, value_at, turn("handle_time"),
        "labour", "work", least=0.2, most=5.0, part=Part("floor"),
        notes=(f"They take {share:.1%} of all handle time. Who lacks a certificate may also be new: what is longer for "
               "that reason is in it.",),
    )  # fmt: skip


def _compared(basis: Basis) -> Longer | None:
    contacts, training = in_period(basis.dataset, "contacts"), basis.table("training")
    needs = basis.table("course_queue")
    if contacts is None or training is None or needs is None or not contacts["agent_id"].notna().any():
        return None
    took = handle_time(contacts)
    mine = contacts.iloc[took.rows]
    passed = training[training["certified"].fillna(False).astype(bool)]
    held = set(zip(passed["agent_id"], passed["course"], strict=True))
    courses = needs.groupby("queue")["course"].agg(list).to_dict()
    use = (mine["agent_id"].notna() & mine["queue"].isin(list(courses))).to_numpy(bool)
    agent, queue = (mine[name].astype("str").to_numpy()[use] for name in ("agent_id", "queue"))
    taught = {
        (a, q): all((a, course) in held for course in courses[q])
        for a, q in {*zip(agent, queue, strict=True)}
    }
    return longer_untaught(
        took.handle_s[use], queue, agent, np.array([taught[pair] for pair in zip(agent, queue, strict=True)], bool)
    )  # fmt: skip

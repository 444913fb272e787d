"""Who moved since the last review, and how much of that is noise?"""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import false_discovery_control

from workbench.reports.declare import Content, section
from workbench.reports.portfolio import Member, Portfolio
from workbench.reports.section import INTERNAL, AnyBlock, Column, DataTable, Detail, Prose, strong
from workbench.wording import counted, listing

FALSE_ALARMS = 0.05
"""Of the movements called beyond chance, so many are expected to be noise (Benjamini and Hochberg 1995)."""

COLUMNS = (
    Column(name="client", label="Client"),
    Column(name="since", label="Since the review to"),
    Column(name="then", label="Then", type="number", decimals=0),
    Column(name="now", label="Now", type="number", decimals=0),
    Column(name="change", label="Change", type="number", decimals=1),
    Column(name="low", label="From", type="number", decimals=1),
    Column(name="high", label="To", type="number", decimals=1),
    Column(name="diagnostics", label="Compared", type="count"),
    Column(name="p_value", label="p, adjusted", type="number", decimals=3),
    Column(name="lost", label="Tables lost"),
)


@dataclass(frozen=True)
class Mover:
    """One client's movement, with its p-value adjusted for looking at all clients at once."""

    member: Member
    p_adjusted: float

    @property
    def beyond_chance(self) -> bool:
        """Whether it moved beyond chance among all that were looked at."""
        return self.p_adjusted <= FALSE_ALARMS


@section("portfolio movers", title="Who moved since the last review", order=20, audience=INTERNAL,
         reports=("portfolio",))  # fmt: skip
def portfolio_movers(subject: Portfolio, _parameters: object) -> Content:
    """Tell movements beyond chance from noise; of a thousand clients fifty would move by chance alone."""
    reviewed = [m for m in subject.members if m.movement and m.movement.get("total")]
    without = [m.client for m in subject.members if m not in reviewed]
    if not reviewed:
        said = (
            "No client has a released review of an earlier period, so that nobody can be said to have moved."
        )
        return Content([Prose.of(said)], {"movers": [], "without_review": without})
    movers = movers_of(reviewed)
    beyond = [m for m in movers if m.beyond_chance]
    noise = [m for m in movers if not m.beyond_chance]
    blocks: list[AnyBlock] = [
        Prose.of(
            strong(f"{len(beyond)} of {counted(len(movers), 'client')} moved beyond chance"),
            ", like for like over the diagnostics that had evidence both times. Intervals are from the measures' own, "
            "taken as independent (MOVER); p-values are adjusted for looking at all clients at once, so that about "
            f"{100 * FALSE_ALARMS:.0f} % of those named are expected to be noise.",
        )
    ]  # fmt: skip
    if beyond:
        blocks.append(_table("movers", "Moved beyond chance, the fallers first", beyond, subject.asked.shown))
    if noise:
        table = _table("not beyond chance", "Not beyond chance", noise, subject.asked.shown)
        blocks.append(Detail(summary=f"{counted(len(noise), 'movement')} that may be noise", blocks=(table,)))
    if without:
        blocks.append(Prose.of(f"Without a released review of an earlier period: {listing(without, 12)}."))
    names = [column.name for column in COLUMNS]
    told = [
        {**dict(zip(names, _row(m), strict=True)), "beyond_chance": m.beyond_chance}
        for m in (*beyond, *noise)
    ]
    return Content(blocks, {"movers": told, "without_review": without})


def movers_of(reviewed: list[Member]) -> list[Mover]:
    """Return the movements, the largest fall first, with p-values adjusted over all of them."""
    adjusted = false_discovery_control([_total(m)["p_value"] for m in reviewed], method="bh")
    movers = [Mover(m, float(p)) for m, p in zip(reviewed, adjusted, strict=True)]
    return sorted(movers, key=lambda m: (_total(m.member)["change"], m.member.client))


def _total(member: Member) -> dict[str, float]:
    assert member.movement is not None
    return dict(member.movement["total"])


def _table(name: str, caption: str, movers: list[Mover], shown: int) -> DataTable:
    return DataTable(
        name=name, caption=caption, columns=COLUMNS, rows=tuple(_row(m) for m in movers), shown=2 * shown,
        note="From and To: 95 % interval of the change, in points of 100.",
    )  # fmt: skip


def _row(mover: Mover) -> tuple[object, ...]:
    moved, total = mover.member.movement or {}, _total(mover.member)
    return (
        mover.member.client, moved["since"], total["then"], total["now"], total["change"], total["low"], total["high"],
        int(total["diagnostics"]), mover.p_adjusted, listing(list(moved["lost_tables"]), 3),
    )  # fmt: skip

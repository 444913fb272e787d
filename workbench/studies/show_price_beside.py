"""What stands beside prices in a terminal: margins by account, distance, and whom the contract rewards."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from workbench.studies.pricing.alignment import BONUS, MARGIN
from workbench.studies.pricing.study import Pricing
from workbench.studies.show_price_choices import plain_table
from workbench.wording import counted, money


def beside(found: Pricing) -> Iterator[RenderableType]:
    """Yield what is known beside prices, and what is missing for the rest."""
    yield from _rewards(found)
    yield from _accounts(found)
    yield from _distance(found)


def _rewards(found: Pricing) -> Iterator[RenderableType]:
    if not found.aligned:
        return
    table = plain_table(
        "Does the contract reward what helps customers? A month, as simulated, 90 % intervals"
    )
    table.add_column("repair of")
    for name in ("contacts spared", f"credits less, {found.currency}", "the vendor is"):
        table.add_column(name, justify="right")
    for one in found.aligned:
        table.add_row(one.code, one.spared.words, one.vendor.words, one.word)
    yield table
    yield (
        "Spared: contacts that are not lost, or do not come again. A bonus is tried of "
        f"{BONUS:.0%} of what is at risk where every level is reached by {100 * MARGIN:.0f} points (A)."
    )


def _accounts(found: Pricing) -> Iterator[RenderableType]:
    if len(found.accounts) > 1:
        table = plain_table(f"Margin by account, {found.currency}; the one that fell most first")
        table.add_column("account", overflow="fold")
        for name in ("first month", "last month", "thin since", "unseen by the quarter"):
            table.add_column(name, justify="right")
        for one in found.accounts:
            first, last = one.months[0], one.months[-1]
            table.add_row(
                one.name,
                *(f"{m.margin / m.billed:.0%}" if m.billed > 0 else "" for m in (first, last)),
                one.thin_since or "never",
                f"{money(one.unseen)} ({counted(one.quarterly, 'month')})" if one.thin_since else "",
            )  # fmt: skip
        yield table
    elif found.accounts:
        one = found.accounts[0]
        share = [f"{m.margin / m.billed:.0%}" for m in one.months if m.billed > 0]
        yield f"Margin of the account, of what is billed, month by month: {', '.join(share)}."
    if found.accounts_note:
        yield found.accounts_note


def _distance(found: Pricing) -> Iterator[RenderableType]:
    if found.distance is None:
        return
    if found.distance.sites:
        least = min(found.distance.sites, key=lambda s: s.overlap_h)
        cost = found.distance.cost
        amount = "" if cost is None else f" Decisions that wait cost {cost.words} {found.currency} a month."
        yield (
            f"Distance: {counted(len(found.distance.sites), 'site')}; the furthest, {least.site}, shares "
            f"{least.overlap_h:g} hours of a working day with the client.{amount}"
        )
    yield found.distance.note

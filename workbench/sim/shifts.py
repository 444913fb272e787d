"""At what is everybody of a block of people during one shift?

What a shift is made of lies in layers, and a later layer hides an earlier one: the shift, spells of
shrinkage, outages, activities, late start and early leave, a whole shift away, not there yet or no
longer. The layers that nothing random moves are laid out once per scenario (`Block`); the others are
drawn, and all are painted over one another, in one compiled function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit

from workbench.sim import variates as v
from workbench.sim.compiled import compiling
from workbench.sim.model import OFF, ON, Floats, Ints, Keys, Names
from workbench.sim.parts import US
from workbench.sim.people import Group, Shift
from workbench.sim.scenario import Outage, Scenario

DAY_WORD = 10_000
"""Plus the day: the word under which a person's numbers for that day's shift stand."""


@dataclass(frozen=True)
class Block:
    """What is fixed about one day's shift of a block of people: n of them, A activities.

    Attributes
    ----------
    numbers : array of shape (n,): the agents.
    word : the day's word in keys.
    bounds_us : array of shape (3,): start and end of the shift, end of the horizon. [µs]
    outage_duty : the code of being struck by an outage.
    begin_us, finish_us : arrays of shape (A, n). [µs]
    duty : array of shape (A,).
    spell_us, spell_chance, spell_duty, spell_word : arrays by kind of shrinkage within the day. [µs, 1, -, -]
    away_upto, away_duty : arrays by kind of shrinkage of whole shifts; shares cumulated. [1, -]
    outage_us, outage_share, outage_word : arrays of shape (O, 2), (O,), (O,). [µs, 1, -]
    absence : array of shape (2, 2): probability and mean of late start and early leave. [1, s]
    tables : quantiles of their durations.
    """

    numbers: Ints
    word: np.uint64
    bounds_us: Ints
    outage_duty: int
    begin_us: Ints
    finish_us: Ints
    duty: Ints
    spell_us: Ints
    spell_chance: Floats
    spell_duty: Ints
    spell_word: Keys
    away_upto: Floats
    away_duty: Ints
    outage_us: Ints
    outage_share: Floats
    outage_word: Keys
    absence: Floats
    tables: Floats

    def events(self, keys: Keys, from_us: Ints, until_us: Ints, mirror: int, kind: int) -> Ints:
        """Return the events of the shift: rows of time, `kind`, agent and duty, in any order.

        Parameters
        ----------
        keys : array of shape (n,): of the people.
        from_us, until_us : arrays of shape (n,): when each is there. [µs]
        """
        found: Ints = _events(
            keys, from_us, until_us, mirror, kind, self.numbers, self.word, self.bounds_us,
            self.outage_duty, self.begin_us, self.finish_us, self.duty, self.spell_us, self.spell_chance,
            self.spell_duty, self.spell_word, self.away_upto, self.away_duty, self.outage_us, self.outage_share,
            self.outage_word, self.absence, self.tables,
        )  # fmt: skip
        return found


def strikes(outage: Outage, group: str, site: str) -> bool:
    """Whether an outage takes agents of a group away."""
    return outage.group == group or (outage.site is not None and outage.site == site)


def blocks_of(
    s: Scenario, names: Names, group_name: str, shift: Shift, numbers: Sequence[int], places: Sequence[int]
) -> list[Block]:
    """Return what is fixed about every shift of a block of people that touches the horizon.

    Parameters
    ----------
    numbers : the agents.
    places : their places within the block, which decide who takes which wave of an activity.
    """
    h, group = s.horizon, s.groups[group_name]
    codes = {pair: i for i, pair in enumerate(zip(names.duties, names.duty_paid, strict=True)) if i > ON}
    kinds = [(name, group.shrinkage[name]) for name in sorted(group.shrinkage)]
    whole = [(k.share, codes[name, k.paid]) for name, k in kinds if k.whole_days]
    spells = [(name, k) for name, k in kinds if not k.whole_days and k.share]
    chance = [max(k.in_shifts, k.share) for _, k in spells]
    outages = [(name, o) for name, o in sorted(s.outages.items()) if strikes(o, group_name, group.site)]
    activities = [(name, shift.activities[name]) for name in sorted(shift.activities)]
    wave, found = np.asarray(places, np.int64), []
    for day in range(-2, h.n_days):
        if h.day(day).weekday() not in shift.days:
            continue
        start, end = h.at_us(day, shift.start), h.at_us(day, shift.end)
        if end <= 0 or start >= h.length_us:
            continue
        begin = [
            h.at_us(day, a.start) + (wave % a.waves) * round(a.wave_minutes * 60 * US) for _, a in activities
        ]
        finish = [b + round(a.minutes * 60 * US) for b, (_, a) in zip(begin, activities, strict=True)]
        shape = (len(activities), len(wave))
        found.append(
            Block(
                numbers=np.asarray(numbers, np.int64),
                word=np.uint64(DAY_WORD + day + 2),
                bounds_us=_ints([start, end, h.length_us]),
                outage_duty=len(names.duties) - 1,
                begin_us=_ints(begin).reshape(shape),
                finish_us=_ints(finish).reshape(shape),
                duty=_ints([codes[name, a.paid] for name, a in activities]),
                spell_us=_ints(
                    [round(k.share / p * (end - start)) for (_, k), p in zip(spells, chance, strict=True)]
                ),
                spell_chance=np.array(chance, np.float64),
                spell_duty=_ints([codes[name, k.paid] for name, k in spells]),
                spell_word=_words([name for name, _ in spells]),
                away_upto=np.cumsum([0.0, *(share for share, _ in whole)]),
                away_duty=_ints([code for _, code in whole]),
                outage_us=_ints(
                    [[h.at_us(o.day, o.start), h.at_us(o.day, o.end)] for _, o in outages]
                ).reshape(-1, 2),
                outage_share=np.array([o.share for _, o in outages], np.float64),
                outage_word=_words([name for name, _ in outages]),
                **_absence(group),
            )
        )
    return found


def _ints(values: object) -> Ints:
    return np.ascontiguousarray(np.array(values, dtype=np.int64))


def _words(names: Sequence[str]) -> Keys:
    return np.array([v.name_key(name) >> np.uint64(1) for name in names], dtype=np.uint64)


def _absence(group: Group) -> dict[str, Floats]:
    rule = group.adherence
    if rule is None:
        return {"absence": np.zeros((2, 2)), "tables": np.zeros((0, 2, v.OCTAVES, v.CELLS + 1))}
    return {
        "absence": np.array([[rule.late, rule.late_by.mean], [rule.early, rule.early_by.mean]]),
        "tables": v.quantile_tables([rule.late_by, rule.early_by]),
    }


with compiling(Path(__file__), Path(v.__file__)):

    @njit("int64(float64[:, :, :, ::1], int64, float64, float64, uint64, int64)", cache=True, nogil=True)
    def _absent_us(tables, row, p, mean_s, key, mirror):  # type: ignore[no-untyped-def]
        """Return by how much somebody starts late (row 0) or leaves early (row 1). [µs]"""
        happens, how = (v.LATE, v.LATE_BY) if row == 0 else (v.EARLY, v.EARLY_BY)
        if p <= 0.0 or v.unit(key, happens, mirror) >= p:
            return np.int64(0)
        return np.int64(v.variate(tables, row, v.unit(key, how, mirror)) * mean_s * US)

    @njit(
        "int64[:, ::1](uint64[::1], int64[::1], int64[::1], int64, int64, int64[::1], uint64, int64[::1], int64,"
        "int64[:, ::1], int64[:, ::1], int64[::1], int64[::1], float64[::1], int64[::1], uint64[::1], float64[::1],"
        "int64[::1], int64[:, ::1], float64[::1], uint64[::1], float64[:, ::1], float64[:, :, :, ::1])",
        cache=True,
        nogil=True,
    )
    def _events(  # type: ignore[no-untyped-def]
        keys, from_us, until_us, mirror, kind, numbers, word, bounds_us, outage_duty, begin_us, finish_us, duty,
        spell_us, spell_chance, spell_duty, spell_word, away_upto, away_duty, outage_us, outage_share, outage_word,
        absence, tables,
    ):  # fmt: skip
        """Return the events of everybody; see Block."""
        start, end, horizon = bounds_us
        low, high = max(start, np.int64(0)), min(end, horizon)
        n_layers = len(spell_us) + len(outage_us) + len(duty) + 6
        begin = np.empty(n_layers, dtype=np.int64)
        finish = np.empty(n_layers, dtype=np.int64)
        what = np.empty(n_layers, dtype=np.int64)
        edges = np.empty(2 * n_layers, dtype=np.int64)
        rows = np.empty((2 * n_layers * len(keys), 4), dtype=np.int64)
        n_rows = 0
        for person in range(len(keys)):
            key = v.mix(keys[person], word)
            begin[0], finish[0], what[0] = start, end, ON
            n = 1
            for i in range(len(spell_us)):
                own = v.mix(key, spell_word[i])
                begin[n] = start + np.int64(v.unit(own, v.SPELL, mirror) * (end - start - spell_us[i]))
                happens = v.unit(own, v.AWAY, mirror) < spell_chance[i]
                finish[n] = begin[n] + spell_us[i] if happens else begin[n]
                what[n] = spell_duty[i]
                n += 1
            for i in range(len(outage_us)):
                struck = v.unit(v.mix(keys[person], outage_word[i]), v.AWAY, mirror) < outage_share[i]
                begin[n] = outage_us[i, 0]
                finish[n] = outage_us[i, 1] if struck else begin[n]
                what[n] = outage_duty
                n += 1
            for i in range(len(duty)):
                begin[n], finish[n], what[n] = begin_us[i, person], finish_us[i, person], duty[i]
                n += 1
            late = early = np.int64(0)
            if len(tables):
                late = _absent_us(tables, np.int64(0), absence[0, 0], absence[0, 1], key, mirror)
                early = _absent_us(tables, np.int64(1), absence[1, 0], absence[1, 1], key, mirror)
            begin[n], finish[n], what[n] = start, start + late, OFF
            begin[n + 1], finish[n + 1], what[n + 1] = end - early, end, OFF
            begin[n + 2], finish[n + 2], what[n + 2] = start, start, OFF
            u = v.unit(key, v.AWAY, mirror)
            for i in range(len(away_duty)):
                if away_upto[i] <= u < away_upto[i + 1]:
                    finish[n + 2], what[n + 2] = end, away_duty[i]
            begin[n + 3], finish[n + 3], what[n + 3] = start, from_us[person], OFF
            begin[n + 4], finish[n + 4], what[n + 4] = until_us[person], end, OFF
            n += 5
            for i in range(n):
                begin[i] = min(max(begin[i], low), high)
                finish[i] = min(max(finish[i], low), high)
                edges[2 * i], edges[2 * i + 1] = begin[i], finish[i]
            for i in range(1, 2 * n):
                edge, j = edges[i], i
                while j > 0 and edges[j - 1] > edge:
                    edges[j] = edges[j - 1]
                    j -= 1
                edges[j] = edge
            before = OFF
            for i in range(2 * n):
                edge = edges[i]
                if edge >= horizon or (i + 1 < 2 * n and edges[i + 1] == edge):
                    continue
                now = OFF
                for layer in range(n):
                    if begin[layer] <= edge < finish[layer]:
                        now = what[layer]
                if now != before:
                    row = rows[n_rows]
                    row[0], row[1], row[2], row[3] = edge, kind, numbers[person], now
                    n_rows += 1
                    before = now
        return rows[:n_rows].copy()

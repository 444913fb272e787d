"""A small generated client for tests that need a whole one: some weeks, few agents, planted faults."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from tools.clientgen.dataset import as_dataset
from tools.clientgen.make import Made, make_client
from tools.clientgen.stories import STORIES
from tools.clientgen.story import Story
from workbench.intake.dataset import Dataset


def smaller(story: Story, days: int = 91, share: float = 0.25) -> Story:
    """Return the story over `days`, with a `share` of its contacts and of its agents."""
    end = min(story.end, story.start + timedelta(days=days - 1))
    queues = tuple(
        replace(q, contacts_per_day=q.contacts_per_day * share, agents=max(3, round(q.agents * share)))
        for q in story.queues
    )
    onset = story.work.onset
    work = replace(story.work, onset=onset if onset is not None and onset < end else None)
    return replace(story, end=end, states_from=story.start, queues=queues, work=work)


@cache
def small_made(seed: int = 1, name: str = "brightwave_telecom") -> Made:
    """Return the made client."""
    return make_client(smaller(STORIES[name]), seed)


@cache
def small_client(seed: int = 1, name: str = "brightwave_telecom") -> Dataset:
    """Return the client as if its folder had been read."""
    return as_dataset(small_made(seed, name))

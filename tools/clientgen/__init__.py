"""How are fictional clients made, with faults of a known size?

    from tools.clientgen import HEALTHY, STORIES, as_dataset, make_client
    made = make_client(STORIES["brightwave_telecom"].with_(people__never_revoked=0.2), seed=7)
    made.tables["contacts"], made.truth["escalation_rate"], made.counts["leavers_never_revoked"]
    assess(as_dataset(made))

A story says what is true; the simulator of the workbench makes the floor; everything else is drawn
around it. `python -m tools.clientgen` writes the committed clients of data/example/.
"""

from tools.clientgen.dataset import as_dataset
from tools.clientgen.expected import expected
from tools.clientgen.make import Made, make_client
from tools.clientgen.stories import HEALTHY, SEEDS, STORIES
from tools.clientgen.story import Story
from tools.clientgen.write import write

__all__ = ["HEALTHY", "SEEDS", "STORIES", "Made", "Story", "as_dataset", "expected", "make_client", "write"]

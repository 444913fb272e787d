"""On which side does a finding about training lie? On the side that the contract says.

METHOD CX-16: one source has the client train, another both, a third names a failure on each side.
"""

from __future__ import annotations

from workbench.catalogue import serves
from workbench.diagnostics.finding import Side
from workbench.intake.client import Client

_SIDES: dict[str, Side] = {
    "buyer": "buyer",
    "client": "buyer",
    "vendor": "vendor",
    "provider": "vendor",
    "both": "both",
}


@serves("CX-16", kind="rule")
def training_side(client: Client) -> Side:
    """Return the side that gives training: `contract.training_by` of client.yaml, else both."""
    return _SIDES.get(str(client.contract.get("training_by", "both")).casefold(), "both")

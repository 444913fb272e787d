"""Does notebooks/calibrate_and_validate.ipynb run from top to bottom?"""

from __future__ import annotations

from pathlib import Path

import papermill
import pytest

from workbench.resources import folder


@pytest.mark.slow
def test_the_notebook_shows_predicted_beside_actual(tmp_path: Path) -> None:
    """Executed for the example client with few replications, it ends with a picture and both questions."""
    source = folder("notebooks") / "calibrate_and_validate.ipynb"

    done = papermill.execute_notebook(
        source, tmp_path / "done.ipynb", {"replications": 8}, progress_bar=False, log_output=False
    )

    outputs = [o for cell in done.cells for o in cell.get("outputs", [])]
    kinds = {kind for o in outputs for kind in o.get("data", {})}
    assert "image/png" in kinds
    text = "".join(str(o.get("data", {}).get("text/html", "")) for o in outputs)
    assert text.count("erlang_a") == 2
    assert text.count("abandon_rate_within") == 1

"""How good is the model on a real log? Executes the notebook on it and writes docs/backtest-of-a-bank.md.

    python -m tools.docs.backtest LOG --fit 1999-01-01:1999-01-21 --test 1999-01-22:1999-01-31

The log itself is not part of the project; the page holds aggregated figures and pictures only, and names the
log by its file's name.
"""

from __future__ import annotations

import argparse
import base64
import re
import tempfile
from pathlib import Path
from typing import Any

from tools.docs.pages import DOCS
from workbench.resources import folder
from workbench.studies.sheets import write_whole

PAGE = "backtest-of-a-bank"
NOTE = (
    "<!-- An executed notebook: notebooks/calibrate_and_validate.ipynb on a log that is no part of the project. "
    "Written by `make backtest LOG=...`. -->\n\n"
)
WIDE = (
    "import pandas as pd\n\n"
    "pd.set_option('display.width', 150, 'display.max_columns', 30, 'display.max_colwidth', 110)\n"
)


def executed(log: Path, fit: str, test: str, replications: int) -> Any:
    """Return the notebook as executed on a log."""
    import nbformat
    import papermill

    with tempfile.TemporaryDirectory() as scratch:
        source = nbformat.read(folder("notebooks") / "calibrate_and_validate.ipynb", as_version=4)
        source.cells.insert(0, nbformat.v4.new_code_cell(WIDE, metadata={"tags": ["hidden"]}))
        nbformat.write(source, Path(scratch) / "in.ipynb")
        asked = {"client": str(log.resolve()), "fit": fit, "test": test, "replications": replications}
        papermill.execute_notebook(
            Path(scratch) / "in.ipynb", Path(scratch) / "out.ipynb", parameters=asked, progress_bar=False
        )
        return nbformat.read(Path(scratch) / "out.ipynb", as_version=4)


def page_of(notebook: Any, log: Path) -> tuple[str, dict[str, bytes]]:
    """Return the page as Markdown and its pictures by name; the log is named by its file, not its folder."""
    parts, pictures = [], {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        if {"hidden", "parameters"} & set(cell.metadata.get("tags", [])):
            continue
        source = cell.source.replace(str(log.resolve()), log.name)
        parts.append(f"```python\n{source.strip()}\n```")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                name = f"{PAGE}-{len(pictures) + 1}.png"
                pictures[name] = base64.b64decode(data["image/png"])
                words = re.sub(r"\s+", " ", str(data.get("text/plain", ""))).strip().strip("'\"")
                parts.append(f"![{words}]({name})\n\n{words}")
            elif "text/plain" in data:
                parts.append(f"```text\n{data['text/plain']}\n```")
    return NOTE + "\n\n".join(parts) + "\n", pictures


def main() -> None:
    """Execute, and write the page and its pictures."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs.backtest", description=__doc__)
    parser.add_argument("log", type=Path, help="the log, or a client folder")
    parser.add_argument("--fit", default="1999-01-01:1999-01-21", help="days to fit on")
    parser.add_argument("--test", default="1999-01-22:1999-01-31", help="days to predict")
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--out", type=Path, default=DOCS, help="where the page goes")
    asked = parser.parse_args()
    text, pictures = page_of(executed(asked.log, asked.fit, asked.test, asked.replications), asked.log)
    for name, content in pictures.items():
        write_whole(asked.out / name, content)
    write_whole(asked.out / f"{PAGE}.md", text.encode())
    print(f"{asked.out / PAGE}.md and {len(pictures)} pictures written")


if __name__ == "__main__":
    main()

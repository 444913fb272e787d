"""The forking engine leaves what the stock engine leaves, keeps reports apart, and stops what runs too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, NamedTuple

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench.reports.engine import FORK_IS_SAFE

pytestmark = pytest.mark.skipif(not FORK_IS_SAFE, reason="fork is not safe on this system")

LIKE_STOCK = (
    "x = 1",
    "print('a'); print('b')",
    "x + 1",
    "from IPython.display import HTML, display\nhandle = display(HTML('<b>1</b>'), display_id=True)",
    "handle.update(HTML('<b>2</b>')); display(3)",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('kept')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
    "await __import__('asyncio').sleep(0.01); 5",
    "import sys; print('e', file=sys.stderr)",
    "",
    "None",
    "!echo hi",
    "raise KeyError('boom')",
    "print('never')",
)
LEAVE = (
    "import os, sys, types, random, numpy as np, pandas as pd, matplotlib as mpl\n"
    "pd.set_option('display.max_rows', 7); os.environ['LEFT'] = '1'; sys.path.insert(0, '/left')\n"
    "os.chdir('/'); sys.modules['left'] = types.ModuleType('left'); mpl.rcParams['lines.linewidth'] = 9\n"
    "x = 1; random.seed(1); np.random.seed(1)"
)
LOOK = (
    "import os, sys, random, numpy as np, pandas as pd, matplotlib as mpl\n"
    "print([pd.get_option('display.max_rows'), 'LEFT' in os.environ, '/left' in sys.path, os.getcwd() == '/',\n"
    "       'left' in sys.modules, mpl.rcParams['lines.linewidth'], 'x' in dir()])\n"
    "print(random.random(), np.random.random())"
)
LIMITED = {
    "loop": (["while True: pass"], {"execution_timeout": 1}, "cell 2 took longer than 1 s and was stopped"),
    "loop in C": (
        ["print(1)\nsum(range(10**12))"], {"report_timeout": 1.5}, "took longer than 1.5 s and was",
    ),
    "killed": (
        ["print(1)\nimport os; os.kill(os.getpid(), 9)"],
        {"request_save_on_cell_execute": False, "partial": "killed.out.ipynb"},
        "its process ended by signal 9",
    ),
    "exit": (["import os; os._exit(3)"], {}, "its process ended with exit code 3"),
    "memory": (
        ["x = bytearray(900 * 2**20)\nimport time; time.sleep(60)"],
        {"memory_limit": 700 * 2**20},
        "more than the 700 MB",
    ),
}  # fmt: skip
FORKED: dict[str, tuple[list[str], dict[str, Any]]] = {
    "like stock": (list(LIKE_STOCK), {}),
    "raw": (["import os; os.write(1, b'raw\\n'); os.system('echo sub'); None"], {}),
    "closes": (
        [
            "import os, sys; sys.stdout.close(); os.close(1)",
            "if os.fork() == 0:\n    print('copy')\n",
            "print('here')",
        ],
        {},
    ),
    "look first": ([LOOK], {}),
    "leave": ([LEAVE], {}),
    "look again": ([LOOK], {}),
    **{name: ([*cells, "print('never')"], options) for name, (cells, options, _) in LIMITED.items()},
}  # fmt: skip

RUNNER = """
import json, sys
import papermill
for name, engine, options in json.loads(sys.argv[1]):
    try:
        papermill.execute_notebook(f"{name}.in.ipynb", f"{name}.out.ipynb", engine_name=engine, kernel_name="python3",
                                   **options)
        print("fine")
    except Exception as error:
        print(" ".join(str(error).split()))
"""


class Ended(NamedTuple):
    """An executed notebook, and what papermill said."""

    notebook: NotebookNode
    said: str

    def texts(self, place: int) -> list[str]:
        return [output.get("text", "") for output in self.notebook.cells[place].outputs]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """Run every scenario, one after the other, in a process of its own as a worker does."""
    folder = tmp_path_factory.mktemp("engine")
    scenarios = [("stock", None, {}, list(LIKE_STOCK))]
    scenarios += [(name, "workbench-fork", options, cells) for name, (cells, options) in FORKED.items()]  # type: ignore[misc]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for name, _, _, cells in scenarios:
        written = [
            new_markdown_cell("Words", id="words"),
            *(new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells)),
        ]
        notebook = new_notebook(cells=written, metadata={"kernelspec": kernel})
        nbformat.write(notebook, folder / f"{name}.in.ipynb")
    environment = {
        **os.environ, "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }  # fmt: skip
    told = json.dumps([scenario[:3] for scenario in scenarios])
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, told],
        capture_output=True, text=True, timeout=300, check=True, env=environment, cwd=folder,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line not in ("raw", "sub")]
    return {
        name: Ended(nbformat.read(folder / f"{name}.out.ipynb", as_version=4), said)
        for (name, *_), said in zip(scenarios, lines, strict=True)
    }


def test_notebook_is_as_the_stock_engine_leaves_it(ended: dict[str, Ended]) -> None:
    """Outputs in order, counts, states and language: pictures byte for byte."""
    stock, forked = ended["stock"].notebook, ended["like stock"].notebook

    assert len(stock.cells) == len(forked.cells)
    for theirs, ours in zip(stock.cells, forked.cells, strict=True):
        outputs = [[dict(o) for o in cell.get("outputs", ())] for cell in (theirs, ours)]
        for output in (o for side in outputs for o in side):
            output.pop("traceback", None)  # coloured there, plain here
        assert outputs[0] == outputs[1], theirs.source
        assert theirs.get("execution_count") == ours.get("execution_count"), theirs.source
        if "papermill" in theirs.metadata:
            states = [(c.metadata.papermill.status, c.metadata.papermill.exception) for c in (theirs, ours)]
            assert states[0] == states[1], theirs.source
    assert stock.metadata.language_info == forked.metadata.language_info


def test_what_is_written_past_python_is_caught(ended: dict[str, Ended]) -> None:
    """C code and subprocesses write to descriptors."""
    assert ["raw\nsub\n"] == ended["raw"].texts(1)


def test_cell_that_closes_stdout_or_forks_harms_nobody(ended: dict[str, Ended]) -> None:
    """The copy that a cell forks says nothing; the next cell prints."""
    assert "fine" == ended["closes"].said
    assert [] == ended["closes"].texts(2)
    assert ["here\n"] == ended["closes"].texts(3)


@pytest.mark.parametrize("name", LIMITED)
def test_cell_beyond_its_limits_is_stopped_with_a_reason(ended: dict[str, Ended], name: str) -> None:
    """Even a loop in C; what was done until then stays in the notebook, where it is not saved with every cell too."""
    notebook, said = ended[name]

    assert LIMITED[name][2] in said
    assert "failed" == notebook.cells[1].metadata.papermill.status
    assert [] == notebook.cells[2].outputs
    if name in ("loop in C", "killed"):
        assert ["1\n"] == ended[name].texts(1)


def test_nothing_is_left_over_from_one_notebook_to_the_next(ended: dict[str, Ended]) -> None:
    """Options, environment, directory, path, modules, random state and variables die with the child."""
    assert "fine" == ended["leave"].said
    assert ended["look first"].texts(1) == ended["look again"].texts(1)
    assert ended["look first"].texts(1)[0].startswith("[60, False, False, False, False, 1.5, False]")

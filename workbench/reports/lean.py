"""Which import costs a second and is of no use to a report?"""

from __future__ import annotations

import sys


def skip_what_no_report_needs() -> None:
    """Keep jsonschema from building a grammar for international addresses; nothing here has any.

    For processes of our own alone: a worker, the command line. It halves the time that they need to
    start. A library that is asked for and marked so counts as not installed.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

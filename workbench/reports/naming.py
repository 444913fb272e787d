"""In which directory does a client's report go, whatever the client is called?

A client's id is somebody else's text. The name made from it holds only small letters, digits and
dashes, is short, is no reserved name of Windows, and stays inside the output directory. Whatever had
to be changed is made up for by eight digits of a hash, so that different ids keep different names.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 48
_MARKED = re.compile(r"-[0-9a-f]{8}$")
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}


def directory_name(client_id: str) -> str:
    """Return the directory name for a client's id.

    >>> directory_name("harbour-bank")
    'harbour-bank'
    >>> directory_name("../../x")
    'x-9cdf6a50'
    """
    ascii_only = unicodedata.normalize("NFKD", client_id).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9_]+", "-", ascii_only.lower()).strip("-")[:LONGEST].strip("-")
    if plain and plain == client_id and plain not in _RESERVED and not _MARKED.search(plain):
        return plain
    mark = hashlib.sha256(client_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain or 'client'}-{mark}"

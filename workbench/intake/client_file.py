"""What does client.yaml say of the client?"""

from __future__ import annotations

from pathlib import Path

from workbench.errors import DataError
from workbench.intake.client import Client
from workbench.intake.yaml_file import Migration, load_yaml, parsed

FILE_NAME = "client.yaml"

MIGRATIONS: dict[int, Migration] = {}
"""From an older format to the next; the first format is 1."""


def read_client_file(path: Path) -> Client:
    """Read client.yaml.

    Raises
    ------
    DataError
        with every mistake in it, one a line: the field, what came, what is accepted.
    """
    client, mistakes = parsed(Client, load_yaml(path, "who the client is", MIGRATIONS), path.name)
    if client is None:
        raise DataError("\n".join(mistakes))
    return client


def client_of(name: str) -> Client:
    """Return a client of whom nobody said anything; what stands for it is listed as assumed."""
    fields = {"time_zone": "times", "currency": "amounts"}
    defaults = Client(id=name, name=name.replace("_", " ").replace("-", " "))
    return defaults.model_copy(
        update={
            "assumed": (
                f"no {FILE_NAME} says who the client is; it is called {defaults.name}",
                *(f"{of} are taken to be in {getattr(defaults, field)}" for field, of in fields.items()),
            )
        }
    )

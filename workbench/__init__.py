"""A workbench to assess and simulate contact centres and BPOs."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("contact-centre-workbench")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0+unknown"

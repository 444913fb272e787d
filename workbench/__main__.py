"""Lets ``python -m workbench`` do what ``workbench`` does."""

from workbench.cli import main

main()

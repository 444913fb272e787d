"""Which levers come along? One file for each, or for a few that are alike; see `studies/lever.py`."""

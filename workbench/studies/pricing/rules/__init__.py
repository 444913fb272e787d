"""Which findings have a price, and how? One file for each rule of METHOD section 34; see `pricing/rule.py`."""

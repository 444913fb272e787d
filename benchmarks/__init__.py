"""How fast is it, how much memory does it take, and beside what?"""

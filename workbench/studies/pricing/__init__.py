"""What does each finding cost, what do they cost together, and what is to be mended first?"""

"""The exercises of lesson 7: a watch that grows old, and documents that are large.

``project`` is the folder in which they run; ``checks_made`` judges what the model was asked, check by check.
"""

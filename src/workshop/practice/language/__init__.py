"""What English text offers before anybody asks what it is for: words and stems, typed values, sums.

Nothing here knows a request or a tool. The planner (:mod:`workshop.practice.model`) and the library's search read
texts by it.
"""

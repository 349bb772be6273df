"""Proofs of parts 2 and 3: the transfer and the agents survive a SIGKILL of their worker at every event boundary.

``transfer`` and ``worker`` are the first, the modules named after agents and ``proof`` the second; ``boundaries``,
``stops``, ``moments``, ``rows``, ``workplace`` and ``tables`` serve both.
"""

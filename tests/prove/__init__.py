"""Proofs: the transfer, the agents and the people survive a SIGKILL of their workers, wherever it hits.

``transfer`` and ``worker`` are the first, the modules named after agents and ``proof`` the second, ``two_workers``
the third; ``boundaries``, ``stops``, ``moments``, ``rows``, ``workplace`` and ``tables`` serve them.
"""

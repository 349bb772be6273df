"""What a workflow run has been through, read from its event history.

- ``events``   the parts of Temporal's protobuf messages that a person asks about
- ``story``    one run as a person would tell it: rows, attempts, lines, and the words for them
- ``telling``  makes a story of events, with ``rows``, ``workers``, and ``pending`` for what it waits for now
- ``errors``   what to say where there is no history to read

``lab`` explains with it why there is no result yet; ``view`` draws it.
"""

"""What a workflow run has been through, read from its event history.

- ``events``  the parts of Temporal's protobuf messages that a person asks about
- ``story``   one run as rows, marks and workers, in the order of events
- ``errors``  what to say where there is no history to read

``lab`` explains with it why there is no result yet; ``view`` draws it.
"""

"""The gateway: the one process through which all traffic of the course's agents leaves the machine.

Each call that ``routes`` takes is an ``exchange``: answered here (``practice_mode``) or forwarded to the real services
(``live_mode``), hit by ``faults``, counted by the ``meter``. Everything is kept by scope, a prefix in the address
(``/s/<scope>/...``), and read through ``control``. Run it with ``python -m workshop.gateway``; other parts of the
project know it only through HTTP.
"""

"""The gateway: the one process through which all traffic of the course's agents leaves the machine.

It answers by itself in practice mode, forwards to the real services in live mode, injects faults, keeps the
meter and takes the Agents SDK's traces. Everything is scoped by a prefix in the address (``/s/<scope>/...``).
Run it with ``python -m workshop.gateway``. Other parts of the project know it only through HTTP.
"""

"""Workers of the bank that are processes of this notebook: ``lab`` may read their logs."""

from __future__ import annotations

from tests.transfer_bank import Bank
from workshop.lab.processes import Process, process


def hire(bank: Bank, name: str = "clerk") -> Process:
    """Start a worker, and wait until it works; the test is in the bank's folder (see the fixture ``hired``)."""
    return process("my/bank/worker.py", bank.address, bank.queue, "0.5", name=name, ready="ready")

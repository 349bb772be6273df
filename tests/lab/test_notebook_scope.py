"""A notebook survives the restart of its kernel, and its bank the restart of the gateway."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.lab.kernels import Kernel
from tests.transfer_bank import Bank
from workshop.lab import services
from workshop.settings import NOTEBOOK_SCOPE, Settings

_SCOPE = "import os\nprint(os.environ['WORKSHOP_SCOPE'])"


@pytest.fixture
def kernels(learner: Path) -> Iterator[list[Kernel]]:
    started: list[Kernel] = []
    yield started
    for kernel in started:
        if kernel.alive:
            kernel.end(now=True)


def open_notebook(kernels: list[Kernel], name: str = "02_transfers.ipynb") -> Kernel:
    """A kernel as JupyterLab starts it for a notebook in this directory."""
    kernel = Kernel(JPY_SESSION_NAME=str(Path(name).absolute()))
    kernels.append(kernel)
    kernel.run(f"%cd -q {Path.cwd()}\nfrom workshop import lab\nimport asyncio")
    return kernel


def test_the_scope_is_the_notebooks_and_one_kernel_has_it(services: Settings, kernels: list[Kernel]) -> None:
    first = open_notebook(kernels)
    first.run("lab.start()\nheld = lab.fault('model', 'delay')")
    scope = first.run(_SCOPE).strip()
    assert scope.startswith("nb-02_transfers-")
    assert NOTEBOOK_SCOPE.fullmatch(scope)
    # While it runs, another kernel on the same notebook does not take its work.
    second = open_notebook(kernels)
    second.run("lab.start()")
    other = second.run(_SCOPE).strip()
    assert other != scope
    assert not NOTEBOOK_SCOPE.fullmatch(other)
    first.end(now=True)
    third = open_notebook(kernels)
    assert "A fault is active" not in third.run("lab.start()")
    assert third.run(_SCOPE).strip() == scope


async def test_what_waited_for_a_person_is_approved_after_a_restart(
    services: Settings, bank: Bank, kernels: list[Kernel]
) -> None:
    bank_folder = bank.folder
    first = open_notebook(kernels)
    first.run(f"%cd -q {bank_folder}\nlab.start('bank')")
    first.run(
        "import os\nfrom temporalio.client import Client\n"
        "queue = 'transfers-' + os.environ['WORKSHOP_SCOPE']\n"
        f"worker = lab.process('my/bank/worker.py', {bank.address!r}, queue, '0.5', ready='ready')\n"
        f"client = await Client.connect({bank.address!r})\n"
        f"await client.start_workflow('MoneyTransfer', args=[7, 'wait'], id={bank.queue!r}, task_queue=queue)"
    )
    first.end(now=True)  # its worker dies with it
    second = open_notebook(kernels)
    told = second.run(f"%cd -q {bank_folder}\nlab.start('bank')")
    assert "1 run has not ended since this notebook's last kernel" in told
    assert f'MoneyTransfer: client.get_workflow_handle("{bank.queue}")' in told
    answered = second.run(
        "import os\nfrom temporalio.client import Client\n"
        "queue = 'transfers-' + os.environ['WORKSHOP_SCOPE']\n"
        f"worker = lab.process('my/bank/worker.py', {bank.address!r}, queue, '0.5', ready='ready')\n"
        f"client = await Client.connect({bank.address!r})\n"
        f"handle = client.get_workflow_handle({bank.queue!r})\n"
        "await handle.signal('approve')\n"
        "print(await lab.result(handle, timeout=25))"
    )
    assert answered.endswith("withdrew 7, deposited 7\n")


async def test_accounts_outlive_the_gateway(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from workshop.tools import bank

    monkeypatch.setenv("WORKSHOP_SCOPE", "nb-02_transfers-0123abcd")
    await asyncio.to_thread(services.up, place.settings)
    await bank.open_accounts(Ana=100, Ben=0)
    await bank.withdraw("Ana", 30, key="one")
    await bank.deposit("Ben", 30)
    monkeypatch.setenv("WORKSHOP_SCOPE", "check-of-something")
    await bank.open_accounts(Zoe=1)
    await asyncio.to_thread(services.down, place.settings, None, ["gateway"])
    await asyncio.to_thread(services.up, place.settings)

    assert await bank.balances() == {}
    monkeypatch.setenv("WORKSHOP_SCOPE", "nb-02_transfers-0123abcd")
    assert await bank.balances() == {"Ana": 70, "Ben": 30}
    assert (await bank.withdraw("Ana", 30, key="one")).repeated
    assert [entry.kind for entry in (await bank.ledger()).entries] == [
        "opened",
        "opened",
        "withdrawal",
        "deposit",
    ]
    # An empty bank has a short journal.
    await bank.open_accounts(Ana=5)
    journal = place.settings.state_dir / "bank" / "nb-02_transfers-0123abcd.jsonl"
    assert [json.loads(line)["do"] for line in journal.read_text().splitlines()] == ["clear", "open"]

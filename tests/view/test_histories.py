"""Tables of real histories."""

from __future__ import annotations

import re

from tests.transfer_bank import Bank
from tests.view.unstable import UNSTABLE
from workshop.view.histories import history


async def test_the_history_is_a_table_of_events(open_bank: Bank) -> None:
    open_bank.set("closed", "1")
    handle = await open_bank.start(7)
    await handle.result()
    open_bank.mend("closed")
    table = await history(handle)
    assert table.names[:2] == ("WorkflowExecutionStarted", "WorkflowTaskScheduled")
    assert len(table) == 17
    lines = [re.split(r"\s{2,}", line.strip()) for line in str(table).splitlines()]
    assert lines[0] == ["Event history, 17 events:"]
    assert ["1", "WorkflowExecutionStarted", "MoneyTransfer(7)"] in lines
    assert ["5", "ActivityTaskScheduled", "withdraw(7)"] in lines
    started = "withdraw, attempt 2 on worker 1; the attempt before: ConnectionError: Bank is closed"
    assert ["6", "ActivityTaskStarted", started] in lines
    assert ["7", "ActivityTaskCompleted", "withdraw returned 'withdrew 7'"] in lines
    assert ["11", "ActivityTaskScheduled", "pay it in: deposit(7)"] in lines
    assert ["17", "WorkflowExecutionCompleted", "returned 'withdrew 7, deposited 7'"] in lines
    html = table._repr_mimebundle_()["text/html"]
    assert '<th scope="col"' in html
    assert "<caption" in html
    assert not UNSTABLE.search(str(table) + html)
    assert "0.00 s" in str(await history(handle, times=True))

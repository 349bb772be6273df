"""``lab.fault`` and ``lab.meter``, at a real gateway."""

from __future__ import annotations

import httpx2
import pytest

from workshop import lab
from workshop.settings import Settings


async def test_faults_and_meter(services: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_SCOPE", "faults-of-a-notebook")
    url = f"{services.scope_url('faults-of-a-notebook')}/ip/"
    async with httpx2.AsyncClient(trust_env=False) as http:
        with lab.fault("ip", "server_error", after=1) as fault:
            assert (await http.get(url)).status_code == 200
            with pytest.raises(lab.LabTimeout, match="the fault had hit 0 of 1 calls"):
                await fault.hit(timeout=0.1)
            assert (await http.get(url)).status_code == 500
            await fault.hit(timeout=5)
            assert fault.hits == 1
        assert (await http.get(url)).status_code == 200
        lab.fault("any", "status", status=418)
        assert (await http.get(url)).status_code == 418
        lab.clear_faults()
        assert (await http.get(url)).status_code == 200
    assert lab.meter().services["ip"] == 5
    assert [call.fault for call in lab.meter().calls] == [None, "server_error", None, "status", None]
    lab.reset_meter()
    assert lab.meter().calls == []
    with pytest.raises(lab.LabError, match=r"lab\.fault: status"):
        lab.fault("ip", "status", status=200)

"""Saves the history of one run with today's code: python -m tests.save_history NAME"""

import asyncio
import sys
import tempfile
from pathlib import Path

from temporalio.client import Client

from tests.outside import Outside
from tests.processes import Workers, dev_server
from tests.project import PLUGINS
from tests.running import result, start


async def main(name: str) -> None:
    file = Path(__file__).parent / "histories" / f"{name}.json"
    outside = Outside()
    with tempfile.TemporaryDirectory() as folder, dev_server() as address:
        workers = Workers(outside.environment | {"TEMPORAL_ADDRESS": address}, Path(folder))
        try:
            client = await Client.connect(address, plugins=PLUGINS)
            handle = await start(client, 1)
            workers.start(handle.id)
            await result(handle)
            history = await handle.fetch_history()
        except BaseException:
            print(workers.log.read_text(errors="replace")[-4000:], file=sys.stderr)
            raise
        finally:
            workers.close()
    file.parent.mkdir(exist_ok=True)
    file.write_text(history.to_json())
    print(f"saved {file.name}: {len(history.events)} events")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

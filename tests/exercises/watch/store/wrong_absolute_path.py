# outcome: NOT YET · wrong data
# says: in a folder that was moved
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from my.watch.previews import StorageDriver, StorageDriverClaim
from temporalio.api.common.v1 import Payload


def write_whole(path: Path, data: bytes) -> None:
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(data)
    part.replace(path)  # nobody ever sees half a file


class Files(StorageDriver):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def name(self) -> str:
        return "files"  # stands in every history: never change it

    async def store(self, context: Any, payloads: Sequence[Payload]) -> list[StorageDriverClaim]:
        claims = []
        for payload in payloads:
            data = payload.SerializeToString()
            key = str(self.folder / hashlib.sha256(data).hexdigest())
            write_whole(Path(key), data)
            claims.append(StorageDriverClaim({"key": key}))
        return claims

    async def retrieve(self, context: Any, claims: Sequence[StorageDriverClaim]) -> list[Payload]:
        return [Payload.FromString(Path(claim.claim_data["key"]).read_bytes()) for claim in claims]

# outcome: PASSED
"""A codec that seals what goes into the history."""

import dataclasses
from collections.abc import Sequence

from cryptography.fernet import Fernet
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec

ENCODING = b"binary/encrypted"


class Sealed(PayloadCodec):
    def __init__(self, key: str) -> None:
        self.fernet = Fernet(key)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        closed = []
        for payload in payloads:
            data = self.fernet.encrypt(payload.SerializeToString())
            closed.append(Payload(metadata={"encoding": ENCODING, "cipher": b"fernet"}, data=data))
        return closed

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        opened = []
        for payload in payloads:
            if payload.metadata.get("encoding") != ENCODING:
                opened.append(payload)
                continue
            whole = Payload()
            whole.ParseFromString(self.fernet.decrypt(payload.data))
            opened.append(whole)
        return opened


def converter(key: str) -> DataConverter:
    # What an error says is sealed, too: it may quote a question.
    return dataclasses.replace(
        DataConverter.default,
        payload_codec=Sealed(key),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )

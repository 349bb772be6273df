"""Two of Temporal's previews are used in lesson 7: this says in words when an upgrade has changed one of them.

The lesson imports them in one place, ``my/watch/previews.py``; that cell is what a rename changes.
"""

from __future__ import annotations

import inspect

import pytest

from workshop import catalog

MEND = "mend the cell of lesson 7 that writes my/watch/previews.py, and what it says there of previews"


@pytest.fixture(scope="module")
def previews() -> dict[str, object]:
    source = catalog.lesson_of("watch").files["my/watch/previews.py"]
    found: dict[str, object] = {}
    try:
        exec(source, found)
    except ImportError as error:
        pytest.fail(f"temporalio has moved or renamed a preview ({error}): {MEND}")
    return found


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ExternalStorage", {"drivers", "payload_size_threshold"}),
        ("StorageDriverClaim", {"claim_data"}),
        ("WorkflowStream", {"prior_state"}),
    ],
)
def test_what_is_made_takes_what_the_lesson_gives(
    previews: dict[str, object], name: str, arguments: set[str]
) -> None:
    taken = set(inspect.signature(previews[name]).parameters)  # type: ignore[arg-type]
    assert arguments <= taken, f"{name} takes {sorted(taken)}, the lesson gives {sorted(arguments)}: {MEND}"


@pytest.mark.parametrize("method", ["name", "store", "retrieve"])
def test_a_driver_has_the_lesson_s_methods(previews: dict[str, object], method: str) -> None:
    assert hasattr(previews["StorageDriver"], method), f"StorageDriver has no {method} any more: {MEND}"


def test_a_stream_can_be_followed_from_an_offset(previews: dict[str, object]) -> None:
    client = previews["WorkflowStreamClient"]
    taken = inspect.signature(client.subscribe).parameters  # type: ignore[attr-defined]
    assert "from_offset" in taken, f"WorkflowStreamClient.subscribe takes {sorted(taken)}: {MEND}"


def test_model_calls_can_be_streamed_and_local() -> None:
    from temporalio.openai_agents import ModelActivityParameters

    taken = set(inspect.signature(ModelActivityParameters).parameters)
    assert {"streaming_topic", "use_local_activity"} <= taken, (
        f"ModelActivityParameters takes {sorted(taken)}"
    )

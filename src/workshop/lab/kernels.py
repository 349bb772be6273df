"""How kernels of the course are reached, and what a notebook says of its kernel."""

from __future__ import annotations

from typing import Any

ENCRYPTED: dict[str, dict[str, Any]] = {"KernelManager": {"transport_encryption": "auto"}}
"""For whoever starts kernels, as ``traitlets`` configuration: what goes over TCP is encrypted (CurveZMQ) where the
kernel can do it, and it does not warn that others on the machine may read along."""

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}
"""What the notebooks of the course say of their kernel: nothing that differs from one machine to another."""

KEEP_METADATA = "workshop.lab.kernels.keep_metadata"


def keep_metadata(model: dict[str, Any], **_: Any) -> None:
    """Have JupyterLab save a notebook of this Python with the metadata that it came with.

    JupyterLab writes down which Python it met, and saves that although nobody has changed a word: git then shows
    notebooks as modified that were only opened.

    Args:
        model: What is about to be saved.
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    metadata = content.get("metadata", {})
    if metadata.get("kernelspec", {}).get("name") == KERNELSPEC["name"]:
        metadata["kernelspec"], metadata["language_info"] = dict(KERNELSPEC), dict(LANGUAGE)


__all__ = ["ENCRYPTED", "KEEP_METADATA", "KERNELSPEC", "LANGUAGE", "keep_metadata"]

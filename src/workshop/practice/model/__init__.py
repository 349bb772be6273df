"""The practice model: a deterministic planner, not a language model. One request in, one decision out.

It acts on evidence only. ``rules`` is its table of named rules, tried in order on a ``situation``: one request, read
once. Three questions are asked of each part of what the user wrote (``asks``): does it ask for what a tool does
(``fit``, by ``verbs`` and words); is each argument grounded by a link that can be named (``grounding``, by
``mentions``, ``phrases``, ``outputs`` and ``chains``); and was it done (``situation.forgotten``). What is not grounded
is asked for in text, and refused in ``structured`` output. Every decision carries its reason.
"""

from workshop.practice.model.decision import Decision, PlanRequest, ToolCall
from workshop.practice.model.rules import plan

__all__ = ["Decision", "PlanRequest", "ToolCall", "plan"]

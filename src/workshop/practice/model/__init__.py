"""The practice model: a deterministic planner, not a language model. One request in, one decision out.

``rules`` is its table of named rules, tried in order on a ``situation``: one request, read once (``conversation``,
``tools``, ``params``, ``values``, ``facts``). The rest is named for what a rule needs: arguments (``slots``,
``phrases``, ``outputs``, ``chains``, ``retry``), judgements (``classify``, ``handoffs``, ``demands``), replies
(``answers``, ``haiku``, ``writing``, ``structured``), and tables of language (``words``, ``lexicon``, ``languages``).
"""

from workshop.practice.model.decision import Decision, PlanRequest, ToolCall
from workshop.practice.model.rules import plan

__all__ = ["Decision", "PlanRequest", "ToolCall", "plan"]

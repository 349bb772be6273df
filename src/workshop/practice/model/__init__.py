"""The practice model: a deterministic planner, not a language model. One request in, one decision out.

1. ``conversation``, ``tools`` and ``situation`` read the request. A tool whose name or description begins with a verb
   of doing (create, pay, send, delete, run ...) changes something; every other looks up or works out.
2. ``asks`` cuts the text into parts: sentences, and what follows "and". Not what is forbidden, or hangs on "if".
3. ``fit`` finds the tool that a part asks for: by a word of its name, or two of its description, and no verb for
   another deed. A tool that changes something needs the user's own verb and object, and is called only if its
   arguments, its own words or what came back take up every word of the order: else the reply says what is left.
4. ``grounding`` finds each argument, by ``mentions``: in the part, the text, what tools returned, earlier turns. What
   is missing may come from another tool first, one step a turn; else it is asked for, and never made up.
5. ``rules`` decides, by the first rule that has an answer: a call, a handoff, a filled schema (``structured``), what
   came back (``answers``), a haiku, or that it cannot answer; with its evidence: ``show.transcript(why=True)``.
"""

from workshop.practice.model.decision import Decision, PlanRequest, ToolCall
from workshop.practice.model.rules import plan

__all__ = ["Decision", "PlanRequest", "ToolCall", "plan"]

"""The practice model: a deterministic planner, not a language model. One request in, one decision out.

How to predict it, with tools of your own:

1. ``conversation`` and ``tools`` read the request; ``situation`` holds it. A tool whose name or description begins with
   a verb of doing (create, pay, send, delete, run ...) changes something; every other looks up or works out.
2. ``asks`` cuts the user's text into parts: a sentence, or what follows "and". What is forbidden, only asked about, or
   hangs on an "if" is not done.
3. ``fit`` finds the tool that a part asks for: by a word of the tool's name, or two of its description, and no verb for
   another deed. A tool that changes something needs the user's own verb and object.
4. ``grounding`` finds each argument, by ``mentions``: in the part, the text, what tools returned, earlier turns, the
   schema's default. What is missing may come from another tool first, one step a turn; else it is asked for.
5. ``rules`` decides, by the first rule that has an answer: calls, then a handoff, a filled schema (``structured``; it
   refuses rather than make up), what tools returned (``answers``), a haiku, or the word that it cannot answer.

Every decision carries its rule and its evidence: ``show.transcript(why=True)``.
"""

from workshop.practice.model.decision import Decision, PlanRequest, ToolCall
from workshop.practice.model.rules import plan

__all__ = ["Decision", "PlanRequest", "ToolCall", "plan"]

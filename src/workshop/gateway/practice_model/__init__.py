"""The practice model: a deterministic planner, not a language model.

It stands in for a model behind the Responses API when there is no key. It decides only from what
the request holds, with a small table of named rules (`rules.RULES`), and says what it is wherever
it cannot answer.

The modules, from the bottom up: `decision` (what goes in and out), `words` and `lexicon` (language
as tables), `values` (what a text offers: states, addresses, dates, numbers), `schema` (JSON schema:
read it, satisfy it), `conversation` (turns, calls, outputs, remembered facts), `tools` (which tool
a text asks for), `kinds` (what a parameter asks for), `phrases` (what a text offers it), `returned` (what
tools returned for it), `slots` (a call's arguments, from all of these), `chains` (which tool yields a missing
argument), `situation` (one request, read once; its goals and what is left to do), `handoffs`,
`classify` (yes or no by topic), `structured` (JSON answers), `haiku`, `answers` (plain ones), and
`rules` (the table, tried in order).
"""

from workshop.gateway.practice_model.decision import Decision, PlanRequest, ToolCall
from workshop.gateway.practice_model.rules import plan

__all__ = ["Decision", "PlanRequest", "ToolCall", "plan"]

"""The practice model: a deterministic planner, not a language model.

It stands in for a model behind the Responses API when there is no key. It decides only from what
the request holds, with a small table of named rules (`rules.RULES`), and says what it is wherever
it cannot answer.

The modules, from the bottom up:

- what goes in and out: `decision`
- language as tables: `words` (stems, synonyms), `lexicon` (places, languages, topics), `languages`
- reading a request: `values` (what a text offers: states, dates, numbers), `arithmetic` (sums), `facts` (what
  the user told about themselves), `schema` (read a JSON schema, satisfy it), `conversation` (turns, calls,
  outputs), `params` (what a parameter asks for), `tools` (which tool a text asks for)
- arguments: `phrases` (what a text offers a parameter), `returned` (what tools returned for it), `slots` (a
  call's arguments, from all of these), `chains` (which tool yields a missing one), `retry` (what an error says)
- judging: `classify` (yes or no by topic), `handoffs` (whose request it is), `orders` (what the instructions
  demand)
- replies: `answers` (plain), `haiku`, `structured` (JSON)
- deciding: `situation` (one request, read once; its goals and what is left to do), `rules` (the table)
"""

from workshop.practice.model.decision import Decision, PlanRequest, ToolCall
from workshop.practice.model.rules import plan

__all__ = ["Decision", "PlanRequest", "ToolCall", "plan"]

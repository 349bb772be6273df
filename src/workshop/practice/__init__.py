"""What answers when there is no key. No HTTP server in here: plain functions from a request to an answer.

``model`` is the planner that stands in for a language model. ``world`` is what the tools call: ``weather`` (with
its ``alerts``), ``location``, ``library`` and ``bank``, which all reply with an ``answer``.
"""

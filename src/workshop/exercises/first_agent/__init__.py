"""What is asked of an agent in one process: a tool, three of them, limits, an answer with fields, a guardrail.

No workflow yet: what the learner's agent did is read from the gateway's record (:mod:`.asked`).
"""

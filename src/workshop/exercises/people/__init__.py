"""What the exercises of ``my/people/`` ask: agents that wait for people, and clean up behind them.

Each check works in a copy of the learner's project in which every other file is the course's, so that it judges one
file. The probes run workers in the child process; a model that follows a script makes the payments they need. What
counts is the event history, what the model was told, and the practice bank's ledger.
"""

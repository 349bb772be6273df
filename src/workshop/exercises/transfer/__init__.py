"""What is asked of a transfer of money that survives a crash: its workflow, its worker, its starter, its rules.

Where an exercise is about workflow code, the probe runs a worker in the child process, on a task queue that only
this check uses; where it is about a process, the check starts the learner's own file. Both talk to the real server
and the practice bank, and are judged by the event history and the ledger.
"""

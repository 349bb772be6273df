"""What the exercises of ``my/sdk_agent/`` ask: an agent of the Agents SDK in a workflow, and its worker.

Their probes run a worker with the plugin in the child process; where an exercise is about a process, the check
starts the learner's own file. Both are judged by the event history, which tells every step of an agent.
"""

"""What the exercises of ``my/micro_agents/`` ask: workflows in which several agents work together.

Their probes run the learner's workflow on a worker in the child process. The event history then tells who was called
when, with what, and what came of it: which steps stood side by side, and which agent was given whose words.
"""

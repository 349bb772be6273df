"""What is asked of an agent whose loop is a workflow of the learner's own, without a framework for agents.

The parts are checked one by one beside workflows and activities of the course's own (:mod:`.counterparts`); the
whole agent is asked questions (:mod:`.asked`) and judged by its histories (:mod:`.judged`).
"""

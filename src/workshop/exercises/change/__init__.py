"""What the exercises of ``my/change/`` ask: tests, replays, patches, refusals and another model.

Each check works in a copy of the learner's files in which every other file is the course's. A test of the learner's is
run by real pytest, with the watch as it is and with watches that are broken; a replay is a real one.
"""

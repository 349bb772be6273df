"""For authors: cut the exercises out of the solutions, hold lessons to their rules, refresh stored outputs.

``python -m workshop.authoring --help`` lists the commands. Nothing a learner runs imports this package; it
needs what ``requirements-dev.txt`` adds.
"""

"""The project that a learner takes home: made from `template/`, with the learner's own files where they are given.

What is made knows nothing of the course: no import of `workshop`, no variable of its.
"""

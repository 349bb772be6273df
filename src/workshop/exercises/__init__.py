"""What each exercise asks: a package a lesson, named as the learner's folder.

In it a module an exercise, named as the learner's file. How a check runs is :mod:`workshop.checks`.
"""

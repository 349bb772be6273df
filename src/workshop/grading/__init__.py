"""Scores a whole notebook: what it passes in a fresh kernel, whatever its cells claim.

Knows the checks and the catalogue, and no lesson.
"""

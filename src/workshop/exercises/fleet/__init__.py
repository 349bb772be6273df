"""Lesson 9: a fleet is looked at, capped, watched and mended."""

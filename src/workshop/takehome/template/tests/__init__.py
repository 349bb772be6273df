"""Tests of this project. None of them reaches a provider: the key is for clients that are made at an import."""

import os

KEY = "unused-in-tests"
"""What the tests' workers have for a key. The scripted model refuses any other."""

os.environ["OPENAI_API_KEY"] = KEY

__all__ = ["KEY"]

"""The game day: a fleet in which somebody has broken six things, and how one sees that they are mended.

A *kind* of fault breaks one department of the fleet, each in another way; a seed says which six. The judge looks at the
fleet and at its money, never at the way in which they were mended.
"""

"""The course's questions: what the agent of each lesson is asked."""

CALIFORNIA = "Are there any weather alerts in California?"
WHERE_I_AM = "Are there any weather alerts where I am?"
HAIKU = "What does the river dream of?"

SIX_THINGS = "Look at six things."
"""A question for which a stand-in for the model asks for six tools in one reply."""

REFUSED = "What is not answered?"
"""A question on which that stand-in fails for good."""

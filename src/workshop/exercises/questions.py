"""The course's questions: what the agent of each lesson is asked."""

CALIFORNIA = "Are there any weather alerts in California?"
WHERE_I_AM = "Are there any weather alerts where I am?"
HAIKU = "What does the river dream of?"

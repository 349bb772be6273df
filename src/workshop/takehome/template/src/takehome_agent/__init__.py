"""An agent that survives: its loop is a Temporal workflow, its model calls and tools are activities."""

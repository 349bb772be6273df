"""The command line, one module per command that takes more than a few lines."""

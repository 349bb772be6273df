"""What answers when there is no key: the practice model, and the practice world behind the tools.

Plain functions from a request to an answer; the HTTP server around them is :mod:`workshop.gateway`.
"""

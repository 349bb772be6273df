"""OpenAI's chat completions, as practice mode speaks them and as most other providers do.

``chat_request`` checks a request and puts it into the Responses API's terms, in which the practice model answers;
``chat_reply`` puts that answer back, whole or as a stream.
"""

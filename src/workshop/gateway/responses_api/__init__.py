"""OpenAI's Responses API as practice mode speaks it: what a request says, and what a reply holds.

``create_request`` checks a request (with ``request_items``, ``request_tools`` and ``schemas``); ``response_object``
is the reply (its ``tokens`` estimated, or an ``apology`` in it), ``stream_events`` the same as a stream, and
``final_response`` reads one that passes by. ``stored``, ``conversations`` and ``compaction`` hold what a later request
may refer to; ``fingerprint`` tells whether two requests are the same.
"""

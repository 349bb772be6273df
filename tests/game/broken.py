"""Which runs of a game day each kind of fault brings to a standstill: told by hand, not by the looks that find them."""

STANDS_STILL = {
    "typo": {"briefings-1", "briefings-2"},
    "no worker": {"nights-1", "nights-2"},
    "poisoned input": {"places-3"},
    "blocking tool": {"harbours-1"},
    "low limit": {"surveys-2", "surveys-3"},
    "lost version": {"watch-1"},
    "old key": {"translations-1"},
    "service gone": {"visits-1", "visits-2"},
    "uncaught guardrail": {"poems-2"},
    "payload too large": {"archive-1", "archive-2"},
    "stuck saga": {"refunds-2"},
    "history limit": {"letters-2"},
}

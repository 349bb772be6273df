"""Haiku: a hand-written bank by topic, five, seven and five syllables, chosen by a hash of the text."""

from __future__ import annotations

import hashlib

from workshop.practice.language.words import STOP, stem, tokens

# The words that call for a haiku, and below them the haiku, their lines separated by " / ".
_BANK = """
recursion recursive recurse loop loops
    A call within calls / each one waits for the smaller / then all of them end
    To solve the whole thing / solve a smaller one like it / and stop at the base
code coding program programming software bug bugs debug python java javascript developer function compiler algorithm
    One small missing mark / the night grows long with reading / dawn and the tests pass
    Lines fall into place / a quiet machine wakes up / and does what I meant
temporal durable workflow workflows resilience crash crashes retry retries durability replay kill
    The worker falls down / its history remembers / each step it has done
    Killed in the dark night / it wakes and reads its own past / and goes on from there
agent agents ai model llm robot robots machine intelligence artificial chatbot gpt openai
    No thoughts live in me / I match your words with my rules / and count as I go
    It asks and it acts / the loop turns until the end / then it speaks to you
weather rain raining storm storms cloud clouds thunder wind windy forecast alert alerts
    Clouds lean on the hill / the first drops darken the dust / then all the roofs sing
    Wind in the tall grass / a gray wall comes from the west / birds know it before
snow winter cold ice frost
    Snow on the mailbox / no footprints lead to the door / smoke leans from the roof
sea ocean wave waves water river lake ship boat
    The tide pulls away / each shell keeps a bit of sky / gulls walk in between
    A boat with no sail / the river knows where to go / reeds bow as it comes
cat cats kitten kittens
    The cat on the sill / owns the street and both the trees / and then falls asleep
love heart romance valentine wedding
    Two cups on the shelf / one with a crack you mended / I reach for that one
coffee tea espresso cup
    Steam above the cup / the day has not found me yet / one more minute please
star stars space moon planet planets galaxy universe rocket mars astronomy night
    The moon on its back / old light falls on my small roof / no one sent a bill
time clock past future history old war empire king
    Stones where a gate stood / grass keeps no list of the kings / a lamb walks right through
hello hi hey greetings morning welcome thanks thank
    A hand at the door / good to see you on this day / come in and sit down
    You wave and I wave / two strangers on one small bridge / the stream runs below
"""
_GENERAL = [
    "Your words reach me here / I turn them in my two hands / a stone from the stream",
    "I do not know this / the pond keeps its depth within / still it shows the moon",
    "A small question comes / it sits down beside the lamp / and waits to be warm",
    "No tool fits your hand / so I give you seven notes / and a bit of rain",
    "The page is still white / one brush and a bowl of ink / that is how things start",
    "Ask and the bell rings / the sound goes over the hill / and does not come back",
]


def _read_bank() -> tuple[dict[str, int], list[list[str]]]:
    """Which word leads to which group of haiku, and the groups."""
    index: dict[str, int] = {}
    groups: list[list[str]] = []
    for line in _BANK.strip().splitlines():
        if line.startswith(" "):
            groups[-1].append(line.strip())
        else:
            index.update((stem(word), len(groups)) for word in line.split())
            groups.append([])
    return index, groups


_INDEX, _GROUPS = _read_bank()
POEMS: tuple[str, ...] = (*_GENERAL, *(poem for group in _GROUPS for poem in group))


def haiku(text: str) -> str:
    """A haiku of three lines on the topic of a text, the same for the same text."""
    poems = _GENERAL
    for word in tokens(text):
        if stem(word) in _INDEX and (word not in STOP or word in ("hello", "hi", "hey")):
            poems = _GROUPS[_INDEX[stem(word)]]
            break
    digest = hashlib.sha256(" ".join(tokens(text)).encode()).digest()
    return "\n".join(line[0].upper() + line[1:] for line in poems[digest[0] % len(poems)].split(" / "))

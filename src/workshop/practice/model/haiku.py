"""Haiku: a hand-written bank by topic, five, seven and five syllables, chosen by a hash of the text."""

from __future__ import annotations

import hashlib

from workshop.practice.model.words import STOP, stem, tokens

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
spring blossom flower flowers garden bloom
    Pink on the black branch / a bee reads each open page / the old wall grows warm
summer sun heat beach
    Noon lies on the sand / even the waves move slowly / a far dog barks once
autumn fall leaf leaves october november
    One leaf and then ten / the gutter fills up with gold / evening comes early
sea ocean wave waves water river lake ship boat
    The tide pulls away / each shell keeps a bit of sky / gulls walk in between
    A boat with no sail / the river knows where to go / reeds bow as it comes
mountain mountains hill hike climb
    The path turns again / the peak was never the end / just a place to look
cat cats kitten kittens
    The cat on the sill / owns the street and both the trees / and then falls asleep
dog dogs puppy puppies
    The dog hears your step / his whole body is a tail / the day can begin
bird birds crow sparrow
    A crow on the wire / says one word and says it twice / the gray sky agrees
tree trees forest wood woods nature
    Old roots hold the hill / the tall crowns talk with the wind / below them it rests
love heart romance valentine wedding
    Two cups on the shelf / one with a crack you mended / I reach for that one
food cook cooking pizza bread cake recipe eat dinner lunch sushi pasta
    Steam lifts from the bowl / the whole long day grows quiet / one spoon and then two
coffee tea espresso cup
    Steam above the cup / the day has not found me yet / one more minute please
star stars space moon planet planets galaxy universe rocket mars astronomy night
    The moon on its back / old light falls on my small roof / no one sent a bill
city street town traffic tokyo paris london california york texas
    The last train has gone / one lit window after one / the city breathes out
travel trip journey road flight train airport vacation holiday
    A bag by the door / the map folds the way it likes / the road does the rest
music song guitar piano sing dance
    One note and a rest / the silence was part of it / then the whole room moved
math maths number numbers equation sum algebra geometry calculus
    Both sides hold the same / take one stone away from each / still the scales agree
money bank pay price stock stocks market rich
    Coins count the long day / the purse grows light in the rain / bread smells just the same
time clock past future history old war empire king
    Stones where a gate stood / grass keeps no list of the kings / a lamb walks right through
sleep dream dreams tired bed
    The lamp has gone out / a thought walks once through the room / and sits on the bed
book books read reading learn learning study school teacher
    A page turned too soon / I go back to the last line / and find what I missed
friend friends family mother father child children home
    A chair for each one / the old jokes come in and sit / no one needs the lamp
hello hi hey greetings morning welcome thanks thank
    A hand at the door / good to see you on this day / come in and sit down
    You wave and I wave / two strangers on one small bridge / the stream runs below
network internet server computer cloud computers
    The cable pulled out / far away a light still blinks / it waits to be heard
work job office meeting boss
    The meeting runs long / a fly walks across the glass / it too wants to leave
sport sports football soccer basketball tennis game games
    The ball leaves the foot / for one long breath no one speaks / the net shakes and roars
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

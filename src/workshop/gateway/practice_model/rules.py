"""The table of rules, tried in order; the first that has an answer decides."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from workshop.gateway.practice_model import answers, arithmetic, classify, handoffs, slots, structured, values
from workshop.gateway.practice_model import schema as js
from workshop.gateway.practice_model.conversation import Step, remembered
from workshop.gateway.practice_model.decision import Decision, PlanRequest, ToolCall
from workshop.gateway.practice_model.haiku import haiku
from workshop.gateway.practice_model.kinds import kinds_of
from workshop.gateway.practice_model.lexicon import LANGUAGES, STATE_NAMES
from workshop.gateway.practice_model.phrases import topic_of
from workshop.gateway.practice_model.situation import Goal, Situation
from workshop.gateway.practice_model.slots import Sources
from workshop.gateway.practice_model.tools import Param, Tool, asked
from workshop.gateway.practice_model.words import GENERIC, bag, name_words, stem, tokens

JSON = Any
Rule = Callable[[Situation], Decision | None]


def plan(request: PlanRequest) -> Decision:
    """Decide one model call.

    Args:
        request: Everything the model is shown.

    Returns:
        The calls or the text, and the rule that decided. The same request gives the same decision, in
        any process: nothing here reads a clock, a file, the network or a random number.
    """
    situation = Situation(request)
    for rule in RULES:
        decision = rule(situation)
        if decision is not None:
            return decision
    raise AssertionError("the last rule always answers")


# -- calls -------------------------------------------------------------------------------------------


def named_tool(s: Situation) -> Decision | None:
    """tool_choice names a tool: call it, whatever the text says."""
    if s.named is None:
        return None
    tool = next((t for t in s.offered if t.name == s.named), None)
    if tool is None:
        return None
    return Decision("named_tool", _limit(s, _forced(s, tool)))


def second_try(s: Situation) -> Decision | None:
    """A tool failed once and its error names what would be right: call it once more with that."""
    if not _may_call(s):
        return None
    for step in s.failed:
        if sum(other.name == step.name for other in s.failed) > 1:
            continue
        tool = next((t for t in s.tools if t.name == step.name), None)
        better = _corrected(s, step, tool) if tool else None
        if tool and better is not None and not s.called(tool.name, better):
            return Decision("second_try", [ToolCall(tool.name, better)])
    return None


def conditional_handoff(s: Situation) -> Decision | None:
    """The instructions say "if it is odd, hand off to ...": look at the last result and do so."""
    if not _may_call(s) or not s.open_handoffs or not s.done:
        return None
    for match in _CONDITION.finditer(s.instructions):
        if not _holds(match, s.done[-1]):
            continue
        target = match.group("target").lower()
        for tool in s.open_handoffs:
            core = [w for w in name_words(tool.handoff_target or "") if w not in ("agent", "the")]
            if core and any(stem(w)[:6] in target for w in core):
                return _hand_off(s, "conditional_handoff", tool)
    return None


def first_calls(s: Situation) -> Decision | None:
    """The instructions say "first call X" or "always use X": call X before anything else."""
    if not _may_call(s) or not s.tools:
        return None
    for tool in _ordered(s):
        if any(step.name == tool.name for step in s.own_steps):
            continue
        work = s.work([Goal(tool, s.text, 1.0, s.text, outputs_first=bool(s.done))])
        if work.calls:
            return Decision("first_calls", _limit(s, list(work.calls)))
    return None


def handoff_by_language(s: Situation) -> Decision | None:
    """The text is in the language of another agent: hand off to it."""
    if not _may_call(s) or s.transferred or not s.open_handoffs:
        return None
    tool = handoffs.by_language(s.open_handoffs, s.text, s.instructions)
    return _hand_off(s, "handoff_by_language", tool) if tool else None


def remembered_fact(s: Situation) -> Decision | None:
    """The user asks for something they told earlier: say it."""
    answer = _recall(s)
    if answer is None or s.request.text_format or s.done:
        return None
    return Decision("remembered_fact", text=_shaped(s, answer))


def use_tools(s: Situation) -> Decision | None:
    """The text asks for what tools offer: call them, or the next link of a chain that leads to them."""
    if not _may_call(s):
        return None
    goals = s.goals
    if not goals:
        return None
    work = s.work(goals)
    if not work.calls:
        return None
    if not s.own_steps and s.open_handoffs:
        routed = handoffs.by_topic(s.open_handoffs, s.text, s.instructions)
        if routed and routed[1] > max(goal.score for goal in goals) + 1.0:
            return None
    return Decision("use_tools", _limit(s, list(work.calls)))


def handoff_by_topic(s: Situation) -> Decision | None:
    """The text is on the topic of another agent: hand off to it."""
    if not _may_call(s) or not s.open_handoffs or s.done or not s.text.strip():
        return None
    if s.goals and not s.work(s.goals).blocked:
        return None
    routed = handoffs.by_topic(s.open_handoffs, s.text, s.instructions)
    if routed:
        if s.goals and routed[1] <= max(goal.score for goal in s.goals) + 1.0:
            return None
        return _hand_off(s, "handoff_by_topic", routed[0])
    if s.goals or s.transferred:
        return None
    duty = re.search(r"\b(?:triage|route|delegate|hand ?off|transfer|direct|dispatch)", s.instructions, re.I)
    if not duty or _is_greeting(s.text) or _recall(s) is not None:
        return None
    fallback = handoffs.general(s.open_handoffs)
    if (
        fallback is None
        and len(s.open_handoffs) == 1
        and not s.tools
        and re.search(r"\balways\b[^.]*hand ?off", s.instructions, re.I)
    ):
        fallback = s.open_handoffs[0]
    return _hand_off(s, "handoff_by_topic", fallback) if fallback else None


def hand_back(s: Situation) -> Decision | None:
    """A new question is none of this agent's, and its instructions say to transfer back: do."""
    if not _may_call(s) or s.transferred or s.own_steps or s.goals or not s.text.strip():
        return None
    if not re.search(
        r"\b(?:transfer|hand|go|route|send)(?:\s+\w+){0,3}?\s+back\b|not related|unrelated"
        r"|cannot answer|can't answer",
        s.instructions,
        re.I,
    ):
        return None
    if _is_greeting(s.text) or _search_tool(s) is not None:
        return None
    front = next((h for h in s.open_handoffs if handoffs.is_front(h)), None)
    return _hand_off(s, "hand_back", front) if front else None


def instructed_work(s: Situation) -> Decision | None:
    """The instructions are the task ("Multiply the number by 2"): do it with the tool they mean."""
    if not _may_call(s) or s.goals or not s.tools:
        return None
    for sentence in re.split(r"(?<=[.!\n])\s+", s.instructions[:4000]):
        words = tokens(sentence)
        if not words:
            continue
        verb = stem(words[0])
        for tool in s.tools:
            if any(step.name == tool.name for step in s.own_steps):
                continue
            helps = tool.name in sentence and re.search(
                r"\bwhen(?:ever)? (?:it )?(?:helps|helpful|useful)|\bif (?:it )?(?:helps|helpful|useful)",
                sentence,
            )
            meant = verb in tool.name_stems and verb not in GENERIC and words[0] in name_words(tool.name)
            if not (meant or (helps and _is_request(s.text))):
                continue
            work = s.work([Goal(tool, s.text, 1.0, s.text, outputs_first=bool(s.done))])
            if work.calls:
                return Decision("instructed_work", _limit(s, list(work.calls)))
    return None


def look_it_up(s: Situation) -> Decision | None:
    """No tool is about the question, but one searches: ask it."""
    if not _may_call(s) or s.goals or s.own_steps:
        return None
    tool = _search_tool(s)
    if tool is None:
        return None
    work = s.work([Goal(tool, s.text, 1.0, s.text)])
    return Decision("look_it_up", _limit(s, list(work.calls))) if work.calls else None


def required_tool(s: Situation) -> Decision | None:
    """tool_choice requires a call and no rule wanted one: the likeliest tool, with what can be filled in."""
    if s.mode != "required" or not s.offered:
        return None
    question = asked(s.text)
    fresh = [t for t in s.offered if not any(step.name == t.name for step in s.steps)] or s.offered
    pool = [t for t in fresh if not t.handoff_target] or fresh
    best = max(enumerate(pool), key=lambda pair: (s.chooser.score(question, pair[1]).value, -pair[0]))[1]
    return Decision("required_tool", _limit(s, _forced(s, best)))


# -- text --------------------------------------------------------------------------------------------


def structured_output(s: Situation) -> Decision | None:
    """The request asks for JSON by a schema: fill the schema in."""
    wanted = s.request.text_format
    if not isinstance(wanted, Mapping) or wanted.get("type") not in ("json_schema", "json_object"):
        return None
    schema = wanted.get("schema")
    if schema is None and isinstance(wanted.get("json_schema"), Mapping):
        schema = wanted["json_schema"].get("schema")
    if not isinstance(schema, Mapping):
        schema = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
    previous = [turn.said for turn in s.conversation.turns if turn.said]
    judged = bool(
        re.search(
            r"\b(?:evaluat|judge|review|grade|critique|check the (?:output|answer|response)|given "
            r"(?:story|outline|text|answer))",
            s.instructions,
            re.I,
        )
    )
    material = structured.Material(
        instructions=s.instructions,
        text=s.text,
        steps=s.done,
        facts=s.conversation.facts,
        answer=lambda: _plain(s).text,
        rounds=sum(1 for turn in s.conversation.turns if re.match(r"\s*feedback\b", turn.user, re.I))
        + (1 if previous else 0),
        reviewed=(previous[-1] if judged and previous else ""),
    )
    value = structured.write(schema, material)
    return Decision("structured_output", text=json.dumps(value, ensure_ascii=False))


def plain_answer(s: Situation) -> Decision | None:
    """Answer in text."""
    return _plain(s)


def _plain(s: Situation) -> Decision:
    for rule in ANSWERS:
        decision = rule(s)
        if decision is not None:
            return decision
    raise AssertionError("the last answer always answers")


def haiku_only(s: Situation) -> Decision | None:
    """The instructions want nothing but haiku: one, with what tools returned in a line below."""
    if not _HAIKU.search(s.instructions) or _HAIKU_ELSE.search(s.instructions):
        return None
    poem = haiku(s.text or s.instructions)
    if s.own_steps:
        return Decision("haiku_only", text=f"{poem}\n\n({answers.from_steps(s.own_steps, s.tools)})")
    return Decision("haiku_only", text=poem)


def tool_results(s: Situation) -> Decision | None:
    """Tools were called in this turn: say what they returned, or what failed and why."""
    shown = [step for step in s.own_steps if step.output is not None]
    if not shown:
        return None
    wanted = {goal.tool.name for goal in s.goals}
    results = [step for step in shown if step.name in wanted or step.problem is not None] if wanted else shown
    if not any(step.problem is None for step in results):
        results = shown
    # What was put right on a second try needs no word.
    mended = {step.name for step in results if step.problem is None}
    spoken = [step for step in results if step.problem is None or step.name not in mended]
    text = answers.from_steps(spoken, s.tools)
    led = [step for step in shown if step not in results and step.problem is None]
    if led:
        how = "; ".join(f"{step.name}: {answers.gist(step)}" for step in led)
        text += f"\n(Found through {how}.)"
    blocked = s.work(s.goals).blocked if _may_call(s) else ()
    if blocked:
        text += "\n" + "\n".join(
            answers.ask_for(goal.tool, filling.missing)
            for goal, filling in blocked
            if goal.tool.name not in {x.name for x in shown}
        )
    rule = "tool_results" if any(step.problem is None for step in spoken) else "tool_failed"
    return Decision(rule, text=_shaped(s, text.strip()))


def missing_argument(s: Situation) -> Decision | None:
    """A tool fits, but an argument it requires is nowhere to be had: ask for it."""
    if not _may_call(s) or not s.goals:
        return None
    blocked = s.work(s.goals).blocked
    if not blocked:
        return None
    return Decision("missing_argument", text=answers.ask_for(blocked[0][0].tool, blocked[0][1].missing))


def haiku_otherwise(s: Situation) -> Decision | None:
    """No tool fits, and the instructions or the user ask for haiku: one on the topic."""
    if not (_HAIKU.search(s.instructions) or _HAIKU.search(s.text)):
        return None
    return Decision("haiku_otherwise", text=haiku(_HAIKU.sub(" ", s.text) or s.text))


def recalled(s: Situation) -> Decision | None:
    """What the user told earlier, where a schema or a tool result stood in the way of saying so before."""
    answer = _recall(s)
    return Decision("remembered_fact", text=_shaped(s, answer)) if answer else None


def small_sum(s: Situation) -> Decision | None:
    """The text holds a sum: work it out."""
    made = arithmetic.expression(s.text)
    if made is None:
        return None
    value = arithmetic.evaluate(made)
    return Decision("small_sum", text=_shaped(s, f"{re.sub(r'  +', ' ', made)} = {value}"))


def noted(s: Situation) -> Decision | None:
    """The user tells something about themselves and asks nothing: note it."""
    told = remembered([s.text])
    if not told or "?" in s.text or len(tokens(s.text)) > 25:
        return None
    if set(told) == {"name"}:
        return Decision("noted", text=_shaped(s, answers.greet(s.tools, _reply_language(s), told["name"])))
    return Decision("noted", text=_shaped(s, f"Noted. {_told(told)}"))


def greeting(s: Situation) -> Decision | None:
    """The user says hello: greet, and say what can be asked."""
    if not _is_greeting(s.text):
        return None
    return Decision(
        "greeting",
        text=_shaped(s, answers.greet(s.tools, _reply_language(s), s.conversation.facts.get("name"))),
    )


def summary(s: Situation) -> Decision | None:
    """A long text is to be summarised: its first sentences, said to be that."""
    if len(s.text) < 240 or not re.search(
        r"\b(?:summar|condense|shorten|tl;?dr|key points)", f"{s.instructions} {s.text[:200]}", re.I
    ):
        return None
    body = re.sub(r"^[^:\n]{0,80}(?:summar|condense|shorten)[^:\n]{0,60}:\s*", "", s.text, flags=re.I)
    return Decision(
        "summary", text=f"[Practice summary, by rule: the first sentences.] {answers.extract(body)}"
    )


def outline(s: Situation) -> Decision | None:
    """The agent's task is to write something long: a skeleton on the topic, labelled as made by rule."""
    task = _WRITING.search(s.instructions)
    if not task or not s.text.strip():
        return None
    line = next(
        (part for part in s.text.splitlines() if part.strip() and not part.startswith("[Practice")), s.text
    )
    line = re.sub(r"^\d+\.\s*\w+:\s*", "", line)
    return Decision("outline", text=answers.outline(topic_of(line), task.group(1).lower()))


def admit(s: Situation) -> Decision:
    """Nothing fits: say what this is, what it can do here, and what can answer."""
    told = remembered([s.text])
    text = answers.admit(s.tools, _reply_language(s))
    return Decision("admit", text=f"{_told(told)} {text}" if told else text)


ANSWERS: tuple[Rule, ...] = (
    haiku_only,
    tool_results,
    missing_argument,
    haiku_otherwise,
    recalled,
    small_sum,
    noted,
    greeting,
    summary,
    outline,
    admit,
)

RULES: tuple[Rule, ...] = (
    named_tool,
    second_try,
    conditional_handoff,
    first_calls,
    handoff_by_language,
    remembered_fact,
    use_tools,
    handoff_by_topic,
    hand_back,
    instructed_work,
    look_it_up,
    required_tool,
    structured_output,
    plain_answer,
)


# -- what the rules share ------------------------------------------------------------------------------

_HAIKU = re.compile(r"\bhaikus?\b|\b5-7-5\b", re.I)
_HAIKU_ELSE = re.compile(
    r"\b(?:otherwise|if no tools?|if none|when no tools?|unless|else\b|if (?:you )?(?:do "
    r"not|don't|cannot|can't)|no tools? (?:is|are|fits?|needed|apply|applies)"
    r"|for (?:any|every|all)thing else|for (?:anything|everything|all|any) other|without "
    r"(?:a )?tools?|not need)",
    re.I,
)
_WRITING = re.compile(
    r"\b(?:generate|write|create|produce|draft|compose|come up with|plan"
    r"|outline)\w*\b[^.\n]{0,60}?\b(outline|story|plan|report|article|essay|summary|email"
    r"|proposal|post|draft|description|instructions|brief)\b",
    re.I,
)
_CONDITION = re.compile(
    r"\b(?:if|when)\s+(?:it|the (?:\w+ )?(?:number|result|value|output|answer)|that"
    r"|this)(?:'s| is| are| equals)?\s*(?P<neg>not )?(?P<test>even|odd|prime|positive"
    r"|negative|zero|"
    r"(?:greater|more|larger|bigger|higher|less|smaller|lower|fewer) "
    r"than\s+-?\d+(?:\.\d+)?|(?:above|over|below|under|at least|at most|equal to"
    r"|exactly)?\s*-?\d+(?:\.\d+)?)"
    r"\s*,?\s*(?:then\s+)?(?:please\s+)?(?:hand ?off|transfer|delegate|pass"
    r"|send)[^.\n]*?\bto\b\s+(?P<target>[^.\n]+)",
    re.I,
)


def _may_call(s: Situation) -> bool:
    return s.mode != "none" and s.named is None


def _limit(s: Situation, calls: list[ToolCall]) -> list[ToolCall]:
    """One call only, where the request allows no more."""
    return calls[:8] if s.request.parallel_tool_calls else calls[:1]


def _hand_off(s: Situation, rule: str, tool: Tool) -> Decision:
    return Decision(rule, _forced(s, tool)[:1])


def _forced(s: Situation, tool: Tool) -> list[ToolCall]:
    """A call that is made in any case: what cannot be found is filled with the plainest valid value."""
    sources = Sources(s.text, s.text, s.done, s.past, s.conversation.facts)
    filling = slots.fill(tool, sources)
    made = []
    for arguments in filling.arguments:
        complete = dict(arguments)
        for param in filling.missing:
            guess: JSON = js.MISFIT
            if param.type in ("string", "any"):
                options = [*values.find("quoted", s.text), topic_of(s.text), s.text.strip()[:500]]
                kind = kinds_of(param, f"{tool.name} {tool.description}")[0]
                if kind in ("free", "noun", "name", "person", "city", "place"):
                    guess = next(
                        (
                            f
                            for f in (js.fit(o, param.schema, param.root) for o in options if o)
                            if f is not js.MISFIT
                        ),
                        js.MISFIT,
                    )
            elif param.type in ("integer", "number") and values.numbers(s.text):
                guess = js.fit(values.numbers(s.text)[-1], param.schema, param.root)
            complete[param.name] = js.placeholder(param.raw, param.root) if guess is js.MISFIT else guess
        ordered = {p.name: complete[p.name] for p in tool.params if p.name in complete}
        made.append(ToolCall(tool.name, ordered))
    fresh = [call for call in made if not s.called(call.name, call.arguments)]
    return fresh or made[:1]


def _corrected(s: Situation, step: Step, tool: Tool) -> dict[str, JSON] | None:
    """The arguments that an error asks for, if the error and the text make them plain."""
    said = step.problem or ""
    for param in tool.params:
        current = step.arguments.get(param.name)
        if not isinstance(current, str):
            continue
        options: list[str] = []
        suggested = re.search(
            r"(?:did you mean|use|try|instead of [^,]+, use|expected)\s*:?\s*['\"“`]([^'\"”`]{1,60})['\"”`]",
            said,
            re.I,
        )
        if suggested:
            options.append(suggested.group(1))
        codes = values.find("state", current) or values.find("state", s.text)
        if codes and re.search(r"two.?letter|2.?letter|state code|abbreviat|\bcode\b", said, re.I):
            options.append(codes[0])
        if codes and re.search(r"full name|spelled out|state name", said, re.I):
            options.append(STATE_NAMES[codes[0]])
        listed = re.search(
            r"(?:one of|valid \w+(?: are)?|options(?: are)?|choose from|allowed(?: values)?(?: "
            r"are)?|available(?: \w+)?(?: are)?|supported(?: \w+)?(?: "
            r"are)?)\s*:?\s*[\[({]?([^\])}.\n]+)",
            said,
            re.I,
        )
        if listed:
            choices = [
                c.strip(" '\"`")
                for c in re.split(r",|\bor\b|\band\b|\|", listed.group(1))
                if c.strip(" '\"`")
            ]
            meant = slots.choice_for(Param(param.name, {"enum": choices}, {}, True), f"{current} {s.text}")
            if meant is not js.MISFIT:
                options.append(str(meant))
            near = [
                c for c in choices if c.lower() == current.lower() or stem(c.lower()) == stem(current.lower())
            ]
            options.extend(near)
        if re.search(r"yyyy-mm-dd|iso", said, re.I):
            options.extend(values.find("iso_date", f"{current} {s.text}"))
        for option in options:
            fitted = js.fit(option, param.schema, param.root)
            if fitted is not js.MISFIT and fitted != current:
                return {**step.arguments, param.name: fitted}
    return None


def _holds(match: re.Match[str], step: Step) -> bool:
    """Whether the last result meets a condition of the instructions."""
    found = step.data if isinstance(step.data, int | float) and not isinstance(step.data, bool) else None
    if found is None:
        spoken = values.numbers(step.output or "")
        if not spoken:
            return False
        found = spoken[-1]
    test = re.sub(r"\s+", " ", match.group("test").lower().strip())
    number = re.search(r"-?\d+(?:\.\d+)?", test)
    if number:
        bound = float(number.group(0))
        if re.match(r"greater|more|larger|bigger|higher|above|over", test):
            result = found > bound
        elif re.match(r"less|smaller|lower|fewer|below|under", test):
            result = found < bound
        elif test.startswith("at least"):
            result = found >= bound
        elif test.startswith("at most"):
            result = found <= bound
        else:
            result = found == bound
    else:
        whole = int(found) if float(found).is_integer() else None
        result = {
            "even": whole is not None and whole % 2 == 0,
            "odd": whole is not None and whole % 2 == 1,
            "positive": found > 0,
            "negative": found < 0,
            "zero": found == 0,
            "prime": whole is not None
            and whole > 1
            and all(whole % k for k in range(2, min(int(whole**0.5) + 1, 10_000))),
        }[test]
    return result != bool(match.group("neg"))


_ORDERING = re.compile(
    r"\b(?:first|begin by|start by|start with|then|next|finally|after that|before (?:you "
    r")?(?:answer|respond|anything|doing)|always|must|every time|each time|you (?:need"
    r"|have) to)\b",
    re.I,
)
_CONDITIONAL = re.compile(
    r"\b(?:when|if|for|whenever|unless|only|may|can|in case|questions?)\b|\bto (?:answer"
    r"|find|get|look|fetch|check)\b",
    re.I,
)


def _ordered(s: Situation) -> list[Tool]:
    """The tools that the instructions want called in any case, in the order they name them."""
    found: list[tuple[int, Tool]] = []
    offset = 0
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", s.instructions[:6000]):
        first = re.search(
            r"\b(?:first|begin by|start by|start with|before (?:you )?(?:answer|respond|anything|doing))\b",
            sentence,
            re.I,
        )
        for tool in s.tools:
            match = re.search(rf"(?<![\w]){re.escape(tool.name)}(?![\w])", sentence)
            if not match and first:
                match = re.search(rf"\b{re.escape(' '.join(name_words(tool.name)))}\b", sentence, re.I)
            if not match or not _ORDERING.search(sentence):
                continue
            if re.search(r"\b(?:never|do not|don't|avoid)\b", sentence, re.I):
                continue
            if not first and _CONDITIONAL.search(sentence):
                continue
            if re.match(r"^\W*(?:if|when|whenever|for)\b", sentence, re.I) and not _applies(s, sentence):
                continue
            found.append((offset + match.start(), tool))
        offset += len(sentence) + 1
    return [tool for _, tool in sorted(found, key=lambda pair: pair[0])]


def _applies(s: Situation, sentence: str) -> bool:
    condition = re.split(r",|\bthen\b|\bfirst\b", sentence, maxsplit=1)[0]
    return bool(asked(condition).stems & asked(s.text).stems)


_ASKS_FACT = re.compile(
    r"\b(?:what(?:'s| is| was|s)|tell me|say|do you (?:know|remember|recall)|remember"
    r"|who(?:'s| is)|cuál es|what are|which (?:is|was))\s+(?:what\s+)?(?:my"
    r"|mi)\s+(?P<key>[\w' -]+?)(?:\s+(?:is|was|and|y|again)\b.*)?\s*[?.!,]*\s*$"
    r"|\b(?P<who>who am i|what am i called|cómo me llamo|comment je m'appelle|wie heiße "
    r"ich|what did i say my name was)\b"
    r"|\b(?P<home>where do i live|dónde vivo|which city do i live in|what city do i live "
    r"in|(?:know|remember|tell me|say) where i live)\b"
    r"|\b(?P<origin>where am i from)\b|\b(?P<age>how old am i)\b|\b(?P<employer>where do "
    r"i work|who do i work for)\b",
    re.I,
)
_SAY = {"name": "Your name is {0}.", "home": "You live in {0}.", "origin": "You are from {0}.", 
        "age": "You are {0} years old.",
        "employer": "You work for {0}."}  # fmt: skip
_SAY_ES = {"name": "Te llamas {0}.", "home": "Vives en {0}."}


def _told(facts: Mapping[str, str]) -> str:
    return " ".join(_SAY.get(key, f"Your {key} is {{0}}.").format(value) for key, value in facts.items())


def _recall(s: Situation) -> str | None:
    facts = s.conversation.facts
    if len(s.text) > 600:
        return None
    said = []
    phrases = _SAY_ES if handoffs.language_of(s.text) == "es" else _SAY
    for part in re.split(r"(?<=[.!?])\s+|\s+(?:and|y)\s+(?=where|what|who|how|dónde|cuál)", s.text):
        for match in _ASKS_FACT.finditer(part):
            key = next((name for name in ("home", "origin", "age", "employer") if match.group(name)), None)
            key = "name" if match.group("who") else key
            if key is None:
                key = (
                    re.sub(r"\s+", " ", (match.group("key") or "").lower())
                    .strip()
                    .replace("favourite", "favorite")
                )
                key = {"nombre": "name", "hometown": "home", "home city": "home", "city": "home"}.get(
                    key, key
                )
            if key in facts:
                said.append(phrases.get(key, f"Your {key} is {{0}}.").format(facts[key]))
            elif key in ("name", "age") or key.startswith("favorite"):
                said.append(f"You have not told me your {key} in this conversation.")
    return " ".join(dict.fromkeys(said)) or None


def _is_greeting(text: str) -> bool:
    words = tokens(text)
    return bool(words) and len(words) <= 7 and words[0] in (
        "hello", "hi", "hey", "hola", "bonjour", "hallo", "ciao", "olá", "salut", "greetings", "good",
        "buenos", "guten", "buongiorno", "bom", "howdy", "yo",
    ) and not ("?" in text and len(words) > 5)  # fmt: skip


def _is_request(text: str) -> bool:
    words = tokens(text)
    return (
        len(words) > 2
        and not _is_greeting(text)
        and ("?" in text or words[0] in _REQUESTING)
        and arithmetic.expression(text) is None
    )


_REQUESTING = bag(
    """who what when where why how which is are was were do does did can could tell explain find give show
    list describe search look please summarize summarise research"""
)
_SEARCHES = bag(
    """search lookup wiki wikipedia faq ask retrieve retrieval knowledge docs documentation browse google
    web internet rag research answer question kb query expert"""
)


def _search_tool(s: Situation) -> Tool | None:
    """A tool that looks up anything: a search with one free-text parameter."""
    if not _is_request(s.text) or _recall(s) is not None:
        return None
    if _HAIKU.search(s.text):
        return None
    for tool in s.tools:
        needed = [p for p in tool.params if p.required and not p.nullable and not p.has_default]
        free = [
            p for p in needed if p.type == "string" and kinds_of(p)[0] == "free" and "enum" not in p.schema
        ]
        if (
            len(free) == 1 == len(needed)
            and set(name_words(tool.name)) & _SEARCHES
            and not tool.changes_things
        ):
            specific = classify.topics_named(" ".join(name_words(tool.name)))
            if specific and not any(classify.topics_in(s.text).get(topic, 0.0) for topic in specific):
                continue
            return tool
    return None


def _reply_language(s: Situation) -> str | None:
    """The language to answer in: the one the instructions demand, otherwise the text's own."""
    demanded = re.search(
        r"\b(?:only|always)?\s*(?:speak|respond|answer|reply|talk"
        r"|write)s?\b[^.\n]{0,20}?\b(english|spanish|french|german|italian|portuguese)\b",
        s.instructions,
        re.I,
    )
    if demanded:
        return LANGUAGES[demanded.group(1).lower()]
    return handoffs.language_of(s.text)


def _shaped(s: Situation, text: str) -> str:
    """The outward form that instructions ask for: capitals, a first or a last phrase."""
    begin = re.search(
        r"\b(?:begin|start|prefix)\b[^.\n\"']{0,40}\bwith\s*:?\s*[\"'“]([^\"'”\n]{1,80})[\"'”]",
        s.instructions,
        re.I,
    )
    end = re.search(
        r"\b(?:end|finish|close)\b[^.\n\"']{0,40}\bwith\s*:?\s*[\"'“]([^\"'”\n]{1,80})[\"'”]",
        s.instructions,
        re.I,
    )
    if begin:
        text = f"{begin.group(1)} {text}"
    if end:
        text = f"{text} {end.group(1)}"
    if re.search(r"\b(?:all caps|all[- ]capitals|upper ?case|capital letters)\b", s.instructions, re.I):
        text = text.upper()
    return text

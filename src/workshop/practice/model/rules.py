"""The table of rules, tried in order; the first that has an answer decides."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from workshop.practice.model import (
    answers,
    arithmetic,
    classify,
    demands,
    facts,
    handoffs,
    json_schema,
    slots,
    structured,
    writing,
)
from workshop.practice.model.decision import Decision, PlanRequest, ToolCall
from workshop.practice.model.haiku import haiku
from workshop.practice.model.languages import language_of, wanted_language
from workshop.practice.model.phrases import topic_of
from workshop.practice.model.retry import corrected
from workshop.practice.model.situation import Goal, Situation
from workshop.practice.model.slots import Sources
from workshop.practice.model.tools import Tool, asked, holds_back
from workshop.practice.model.values import find, numbers
from workshop.practice.model.words import GENERIC, bag, name_words, stem, tokens

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
    return _first(RULES, Situation(request))


def _first(rules: tuple[Rule, ...], s: Situation) -> Decision:
    return next(decision for rule in rules if (decision := rule(s)) is not None)


# -- calls -------------------------------------------------------------------------------------------


def named_tool(s: Situation) -> Decision | None:
    """tool_choice names a tool: call it, whatever the text says."""
    tool = next((tool for tool in s.offered if tool.name == s.named), None)
    return _call("named_tool", s, _forced(s, tool)) if tool else None


def second_try(s: Situation) -> Decision | None:
    """A tool failed once and its error names what would be right: call it once more with that."""
    for step in s.failed if s.may_call else ():
        tool = s.tool(step.name)
        if tool and sum(other.name == step.name for other in s.failed) == 1:
            better = corrected(step, tool, s.text)
            if better is not None and not s.called(tool.name, better):
                return Decision("second_try", [ToolCall(tool.name, better)])
    return None


def conditional_handoff(s: Situation) -> Decision | None:
    """The instructions say "if it is odd, hand off to ...": look at the last result and do so."""
    if not s.may_call or not s.open_handoffs or not s.done:
        return None
    for target in demands.targets_now(s.instructions, s.done[-1]):
        for tool in s.open_handoffs:
            core = [word for word in name_words(tool.handoff_target or "") if word not in ("agent", "the")]
            if any(stem(word)[:6] in target for word in core):
                return _call("conditional_handoff", s, _forced(s, tool)[:1])
    return None


def first_calls(s: Situation) -> Decision | None:
    """The instructions say "first call X" or "always use X": call X before anything else."""
    for tool in demands.ordered(s.tools, s.instructions, s.text) if s.may_call else ():
        decision = _instructed("first_calls", s, tool)
        if decision:
            return decision
    return None


def handoff_by_language(s: Situation) -> Decision | None:
    """The text is in the language of another agent: hand off to it."""
    if not s.may_call or s.transferred:
        return None
    tool = handoffs.by_language(s.open_handoffs, s.text, s.instructions)
    return _call("handoff_by_language", s, _forced(s, tool)[:1]) if tool else None


def remembered_fact(s: Situation) -> Decision | None:
    """The user asks for something they told earlier: say it."""
    answer = facts.recall(s.conversation.facts, s.text)
    if answer is None or s.request.text_format or s.done:
        return None
    return Decision("remembered_fact", text=demands.shaped(s.instructions, answer))


def use_tools(s: Situation) -> Decision | None:
    """The text asks for what tools offer: call them, or the next link of a chain that leads to them."""
    calls = s.work(s.goals).calls if s.may_call else ()
    if calls and not s.own_steps and _better_agent(s):
        return None
    return _call("use_tools", s, list(calls)) if calls else None


def handoff_by_topic(s: Situation) -> Decision | None:
    """The text is on the topic of another agent: hand off to it."""
    if not s.may_call or not s.open_handoffs or s.done or not s.text.strip():
        return None
    if s.goals and not s.work(s.goals).blocked:
        return None
    agent = _better_agent(s)
    settled = s.transferred and not s.handed_back
    unclaimed = agent is None and not s.goals and not settled and not _is_greeting(s.text)
    if unclaimed and demands.routes(s.instructions) and not facts.recall(s.conversation.facts, s.text):
        agent = handoffs.general(s.open_handoffs)
    return _call("handoff_by_topic", s, _forced(s, agent)[:1]) if agent else None


def hand_back(s: Situation) -> Decision | None:
    """A new question is none of this agent's, and its instructions say to transfer back: do."""
    if not s.may_call or s.transferred or s.own_steps or s.goals or not s.text.strip():
        return None
    if not demands.sends_back(s.instructions) or _is_greeting(s.text) or _search_tool(s) is not None:
        return None
    front = next((tool for tool in s.open_handoffs if handoffs.is_front(tool)), None)
    return _call("hand_back", s, _forced(s, front)[:1]) if front else None


def instructed_work(s: Situation) -> Decision | None:
    """The instructions are the task ("Multiply the number by 2"): do it with the tool they mean."""
    if not s.may_call or s.goals or not s.tools:
        return None
    held = holds_back(s.text, whole=True)
    for sentence in re.split(r"(?<=[.!\n])\s+", s.instructions[:4000]):
        verb = next(iter(tokens(sentence)), "")
        helps = re.search(r"\b(?:when(?:ever)?|if) (?:it )?(?:helps|helpful|useful)", sentence)
        for tool in (tool for tool in s.tools if not (held and tool.changes_things)):
            meant = verb in name_words(tool.name) and stem(verb) not in GENERIC
            if meant or (helps and tool.name in sentence and _is_request(s.text)):
                decision = _instructed("instructed_work", s, tool)
                if decision:
                    return decision
    return None


def look_it_up(s: Situation) -> Decision | None:
    """No tool is about the question, but one searches: ask it."""
    tool = _search_tool(s) if s.may_call and not s.goals and not s.own_steps else None
    calls = s.work([Goal(tool, s.text, 1.0, s.text)]).calls if tool else ()
    return _call("look_it_up", s, list(calls)) if calls else None


def required_tool(s: Situation) -> Decision | None:
    """tool_choice requires a call and no rule wanted one: the likeliest tool, with what can be filled in."""
    if s.mode != "required" or not s.offered:
        return None
    question = asked(s.text)
    fresh = [tool for tool in s.offered if not any(step.name == tool.name for step in s.steps)] or s.offered
    pool = [tool for tool in fresh if not tool.handoff_target] or fresh
    best = max(pool, key=lambda tool: s.chooser.score(question, tool).value)
    return _call("required_tool", s, _forced(s, best))


# -- text --------------------------------------------------------------------------------------------


def structured_output(s: Situation) -> Decision | None:
    """The request asks for JSON by a schema: fill the schema in."""
    wanted = json_schema.mapping(s.request.text_format)
    if wanted.get("type") not in ("json_schema", "json_object"):
        return None
    schema = wanted.get("schema", json_schema.mapping(wanted.get("json_schema")).get("schema"))
    said = [turn.said for turn in s.conversation.turns if turn.said]
    judged = said and re.search(r"\b(?:evaluat|judge|review|grade|critique|check the)", s.instructions, re.I)
    fed_back = sum(bool(re.match(r"\s*feedback\b", turn.user, re.I)) for turn in s.conversation.turns)
    material = structured.Material(
        instructions=s.instructions,
        text=s.text,
        steps=s.done,
        facts=s.conversation.facts,
        answer=lambda: _first(ANSWERS, s).text,
        rounds=fed_back + bool(said),
        reviewed=said[-1] if judged else "",
    )
    free = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
    value = structured.write(json_schema.mapping(schema) or free, material)
    return Decision("structured_output", text=json.dumps(value, ensure_ascii=False))


def plain_answer(s: Situation) -> Decision | None:
    """Answer in text, by the first of `ANSWERS` that has one."""
    return _first(ANSWERS, s)


def haiku_only(s: Situation) -> Decision | None:
    """The instructions want nothing but haiku: one, with what tools returned in a line below."""
    if not demands.wants_only_haiku(s.instructions):
        return None
    found = f"\n\n({answers.from_steps(s.own_steps, s.tools)})" if s.own_steps else ""
    return Decision("haiku_only", text=haiku(s.text or s.instructions) + found)


def tool_results(s: Situation) -> Decision | None:
    """Tools were called in this turn: say what they returned, or what failed and why."""
    shown = [step for step in s.own_steps if step.output is not None]
    if not shown:
        return None
    wanted = {goal.tool.name for goal in s.goals} or {step.name for step in shown}
    results = [step for step in shown if step.name in wanted or step.problem is not None]
    if all(step.problem is not None for step in results):
        results = shown
    # What was put right on a second try needs no word.
    mended = {step.name for step in results if step.problem is None}
    spoken = [step for step in results if step.problem is None or step.name not in mended]
    lines = [answers.from_steps(spoken, s.tools)]
    led = [
        f"{step.name}: {answers.gist(step)}" for step in shown if step not in results and step.problem is None
    ]
    if led:
        lines.append(f"(Found through {'; '.join(led)}.)")
    called = {step.name for step in shown}
    for goal, filling in s.work(s.goals).blocked if s.may_call else ():
        if goal.tool.name not in called:
            lines.append(answers.ask_for(goal.tool, filling.missing))
    for part in s.unmet if s.may_call and s.goals else ():
        lines.append(f'None of the tools here answers this part: "{answers.short(part, 120)}".')
    for goal in s.goals if s.may_call else ():
        if goal.condition and goal.tool.name not in called:
            lines.append(
                f'I did not call {goal.tool.name}: this does not plainly say "{goal.condition.strip(" .!?")}".'
            )
    rule = "tool_results" if mended else "tool_failed"
    return Decision(rule, text=demands.shaped(s.instructions, "\n".join(lines).strip()))


def missing_argument(s: Situation) -> Decision | None:
    """A tool fits, but an argument it requires is nowhere to be had: ask for it."""
    blocked = s.work(s.goals).blocked if s.may_call else ()
    if not blocked:
        return None
    goal, filling = blocked[0]
    return Decision("missing_argument", text=answers.ask_for(goal.tool, filling.missing))


def haiku_otherwise(s: Situation) -> Decision | None:
    """No tool fits, and the instructions or the user ask for haiku: one on the topic."""
    if not demands.wants_haiku(f"{s.instructions}\n{s.text}"):
        return None
    return Decision("haiku_otherwise", text=haiku(demands.HAIKU.sub(" ", s.text) or s.text))


def recalled(s: Situation) -> Decision | None:
    """What the user told earlier, where a schema or a tool result stood in the way of saying so before."""
    answer = facts.recall(s.conversation.facts, s.text)
    return Decision("remembered_fact", text=demands.shaped(s.instructions, answer)) if answer else None


def small_sum(s: Situation) -> Decision | None:
    """The text holds a sum: work it out."""
    made = arithmetic.expression(s.text)
    if made is None:
        return None
    said = f"{re.sub(r'  +', ' ', made)} = {arithmetic.evaluate(made)}"
    return Decision("small_sum", text=demands.shaped(s.instructions, said))


def noted(s: Situation) -> Decision | None:
    """The user tells something about themselves and asks nothing: note it."""
    told = facts.remembered([s.text])
    if not told or "?" in s.text or len(tokens(s.text)) > 25:
        return None
    greets = set(told) == {"name"}
    said = answers.greet(s.tools, told["name"]) if greets else f"Noted. {facts.told(told)}"
    return Decision("noted", text=demands.shaped(s.instructions, said))


def greeting(s: Situation) -> Decision | None:
    """The user says hello: greet, and say what can be asked."""
    if not _is_greeting(s.text) or _language(s) not in (None, "en"):
        return None
    said = answers.greet(s.tools, s.conversation.facts.get("name"))
    return Decision("greeting", text=demands.shaped(s.instructions, said))


def composed(s: Situation) -> Decision | None:
    """The work is to make a notice or a bulletin of a longer text: do that with the text's own words."""
    if not writing.writes(s.instructions) or len(tokens(s.text)) < 12:
        return None
    return Decision("composed", text=writing.composed(s.instructions, s.text))


def summary(s: Situation) -> Decision | None:
    """A long text is to be summarised: its first sentences, said to be that."""
    asks = f"{s.instructions} {s.text[:200]}"
    if len(s.text) < 240 or not re.search(r"\b(?:summar|condense|shorten|tl;?dr|key points)", asks, re.I):
        return None
    body = re.sub(r"^[^:\n]{0,80}(?:summar|condense|shorten)[^:\n]{0,60}:\s*", "", s.text, flags=re.I)
    return Decision(
        "summary", text=f"[Practice summary, by rule: the first sentences.] {answers.extract(body)}"
    )


def admit(s: Situation) -> Decision:
    """Nothing fits: say what this is, what it can do here, and what can answer."""
    told = facts.told(facts.remembered([s.text]))
    return Decision("admit", text=f"{told} {answers.admit(s.tools, _language(s))}".strip())


ANSWERS: tuple[Rule, ...] = (
    haiku_only,
    tool_results,
    missing_argument,
    haiku_otherwise,
    recalled,
    small_sum,
    noted,
    greeting,
    composed,
    summary,
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

_GREETINGS = bag(
    """hello hi hey hola bonjour hallo ciao olá salut greetings good buenos guten buongiorno bom howdy yo"""
)
_REQUESTING = bag(
    """who what when where why how which is are was were do does did can could tell explain find give show
    list describe search look please summarize summarise research"""
)
_SEARCHES = bag(
    """search lookup wiki wikipedia faq ask retrieve retrieval knowledge docs documentation browse google
    web internet rag research answer question kb query expert"""
)


def _call(rule: str, s: Situation, calls: list[ToolCall]) -> Decision:
    """These calls, or one only where the request allows no more."""
    return Decision(rule, calls[:8] if s.request.parallel_tool_calls else calls[:1])


def _instructed(rule: str, s: Situation, tool: Tool) -> Decision | None:
    """A call that the instructions want, unless it was made in this turn."""
    if any(step.name == tool.name for step in s.own_steps):
        return None
    calls = s.work([Goal(tool, s.text, 1.0, s.text, outputs_first=bool(s.done))]).calls
    return _call(rule, s, list(calls)) if calls else None


def _forced(s: Situation, tool: Tool) -> list[ToolCall]:
    """A call that is made in any case: what cannot be found is filled with the plainest valid value."""
    filling = slots.fill(tool, Sources(s.text, s.text, s.done, s.past, s.conversation.facts))
    guesses: dict[str, JSON] = {}
    for param in filling.missing:
        offers: list[JSON] = list(reversed(numbers(s.text))) if param.numeric else []
        if param.textual and param.kind in ("free", "noun", "name", "person", "city", "place"):
            offers = [one for one in (*find("quoted", s.text), topic_of(s.text), s.text.strip()[:500]) if one]
        guess = param.first(offers)
        guesses[param.name] = param.placeholder() if guess is json_schema.MISFIT else guess
    made = [ToolCall(tool.name, {p.name: both[p.name] for p in tool.params if p.name in both})
            for both in ({**arguments, **guesses} for arguments in filling.arguments)]  # fmt: skip
    return [call for call in made if not s.called(call.name, call.arguments)] or made[:1]


def _better_agent(s: Situation) -> Tool | None:
    """The agent whose topic the text is on, if it fits clearly better than the tools here."""
    routed = handoffs.by_topic(s.open_handoffs, s.text, s.instructions)
    best = max((goal.score + 1.0 for goal in s.goals), default=0.0)
    return routed[0] if routed and routed[1] > best else None


def _is_greeting(text: str) -> bool:
    words = tokens(text)
    return len(words) <= 7 and bool({*words[:1]} & _GREETINGS) and not ("?" in text and len(words) > 5)


def _is_request(text: str) -> bool:
    words = tokens(text)
    asks = len(words) > 2 and ("?" in text or words[0] in _REQUESTING)
    return asks and not _is_greeting(text) and arithmetic.expression(text) is None


def _search_tool(s: Situation) -> Tool | None:
    """A tool that looks up anything: a search with one free-text parameter."""
    if not _is_request(s.text) or demands.wants_haiku(s.text) or facts.recall(s.conversation.facts, s.text):
        return None
    for tool in s.tools:
        free = [param for param in tool.needed if param.type == "string" and param.kind == "free"]
        searches = _SEARCHES & set(name_words(tool.name)) and not tool.changes_things
        if searches and len(free) == 1 == len(tool.needed) and not free[0].choices:
            topics = classify.topics_named(" ".join(name_words(tool.name)))
            if not topics or topics & set(classify.topics_in(s.text)):
                return tool
    return None


def _language(s: Situation) -> str | None:
    """The language to answer in: the one the instructions demand, otherwise the text's own."""
    return wanted_language(s.instructions) or language_of(s.text)

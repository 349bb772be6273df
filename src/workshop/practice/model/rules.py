"""The table of rules, tried in order; the first that has an answer decides, and says why."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from workshop.practice.language import arithmetic, facts
from workshop.practice.language.words import bag, is_asking, name_words, tokens, verb_of
from workshop.practice.model import answers, demands, json_schema, structured, writing
from workshop.practice.model.asks import Ask, holds_back
from workshop.practice.model.decision import Decision, PlanRequest
from workshop.practice.model.haiku import haiku
from workshop.practice.model.situation import CREATIVE, Goal, Situation, Work
from workshop.practice.model.tools import Tool

Rule = Callable[[Situation], Decision | None]


def plan(request: PlanRequest) -> Decision:
    """Decide one model call; the same request gives the same decision, in any process."""
    return _first(RULES, Situation(request))


def _first(rules: tuple[Rule, ...], s: Situation) -> Decision:
    return next(decision for rule in rules if (decision := rule(s)) is not None)


# -- calls -------------------------------------------------------------------------------------------


def named_tool(s: Situation) -> Decision | None:
    """tool_choice names a tool: call it with what is grounded, or say what it lacks."""
    tool = next((tool for tool in s.offered if tool.name == s.named), None)
    if tool is None or any(step.name == tool.name for step in s.own_steps):
        return None
    return _ordered("named_tool", s, tool, "tool_choice names it")


def first_calls(s: Situation) -> Decision | None:
    """The instructions say "first call X" or "always use X": call X before anything else."""
    for tool in demands.ordered(s.tools, s.instructions) if s.may_call else ():
        if decision := _wanted("first_calls", s, tool, "the instructions order it by name"):
            return decision
    return None


def remembered_fact(s: Situation) -> Decision | None:
    """The user asks for something they told earlier: say it."""
    answer = None if s.request.text_format or s.done else facts.recall(s.conversation.facts, s.text)
    why = "the user told it in this conversation, or asks for what was never told"
    return Decision("remembered_fact", text=answer, why=why) if answer else None


def use_tools(s: Situation) -> Decision | None:
    """The text asks for what tools do: call them, or the next link of a chain that leads to them."""
    work = s.work(s.goals) if s.may_call else None
    if work is None or not work.calls or (not s.own_steps and _better_agent(s)):
        return None
    return _call("use_tools", s, work)


def handoff_by_topic(s: Situation) -> Decision | None:
    """The text is on the topic of another agent: hand off to it."""
    if not s.may_call or not s.open_handoffs or s.done or not s.text.strip():
        return None
    if s.goals and not s.work(s.goals).blocked:
        return None
    agent = _better_agent(s)
    if agent is None:
        return None
    return _wanted("handoff_by_topic", s, agent, "the text is on that agent's topic")


def instructed_work(s: Situation) -> Decision | None:
    """The instructions order the work ("Search the library ..."): do it with the tool they ask for."""
    if not s.may_call or s.goals or not s.tools or not s.text.strip():
        return None
    held = holds_back(s.text, whole=True)
    for sentence in re.split(r"(?<=[.!\n])\s+", s.instructions[:4000]):
        order = Ask(sentence, 0, verb=verb_of(sentence, s.fitting.own_verbs))
        for tool in s.tools if order.verb and not order.held and not order.condition else ():
            fit = s.fitting.fit(order, tool)
            if fit is None or (tool.changes_things and (held or not tool.needed)):
                continue
            if decision := _wanted("instructed_work", s, tool, f"the instructions order it: {fit.why}"):
                return decision
    return None


def look_it_up(s: Situation) -> Decision | None:
    """No tool is about the question, but one searches for anything: ask it."""
    asks = any(part.question or is_asking(part.verb) for part in s.parts) and len(tokens(s.text)) > 2
    if not s.may_call or s.goals or s.own_steps or not asks:
        return None
    # No search tells a sum, a poem, or what was told before.
    own = arithmetic.expression(s.text) or _is_greeting(s) or CREATIVE & set(tokens(s.text))
    if own or facts.recall(s.conversation.facts, s.text):
        return None
    for tool in s.tools:
        free = [param for param in tool.needed if param.kind == "free" and not param.choices]
        if set(tool.words) <= _SEARCHES and not tool.changes_things and len(free) == 1 == len(tool.needed):
            return _wanted("look_it_up", s, tool, "it searches for anything, and no other tool fits")
    return None


def required_tool(s: Situation) -> Decision | None:
    """tool_choice requires a call and no rule wanted one: the tool that fits, if its arguments are grounded."""
    if s.mode != "required" or not s.offered or s.own_steps:
        return None
    lookups = [tool for tool in s.tools if not tool.changes_things]
    found = [fit for part in s.parts for tool in lookups if (fit := s.fitting.fit(part, tool, ordered=True))]
    fits = [fit.tool for fit in sorted(found, key=lambda one: -one.score)] + [goal.tool for goal in s.goals]
    tries = [*fits, *(lookups if len(s.offered) == 1 else ())]
    why = "tool_choice requires a call, and it fits best"
    made = [_ordered("required_tool", s, tool, why) for tool in tries]
    if made and (fits or made[0].calls):
        return next((decision for decision in made if decision.calls), made[0])
    named = ", ".join(tool.name for tool in s.offered[:6])
    said = f"tool_choice requires a call, but the request does not ask for what {named} does, so I called nothing."
    return Decision("required_tool", text=f"{said} {answers.PRACTICE}", why=_NO_TOOL)


# -- text --------------------------------------------------------------------------------------------


def structured_output(s: Situation) -> Decision | None:
    """The request asks for JSON by a schema: fill the schema in, or refuse and say what is missing."""
    wanted = json_schema.mapping(s.request.text_format)
    if wanted.get("type") not in ("json_schema", "json_object"):
        return None
    inner = json_schema.mapping(wanted.get("json_schema")).get("schema")
    schema = json_schema.mapping(wanted.get("schema", inner))
    if not schema:
        return prose_json(s) or _as_json(s, ["answer"])
    told = _first(ANSWERS, s)
    made = structured.Written(schema, s, "" if told.rule in _NO_ANSWERS else told.text)
    missing = list(dict.fromkeys(made.missing))
    if not missing:
        why = "filled in: " + ("; ".join(dict.fromkeys(made.why)) or "by the schema alone")
        return Decision("structured_output", text=json.dumps(made.result, ensure_ascii=False), why=why)
    lacks = ", ".join(missing[:6]) + (f" and {len(missing) - 6} more" if len(missing) > 6 else "")
    gave = "what the tools returned" if s.own_steps else "the request"
    asks = told.rule in ("tool_failed", "missing_argument")
    also = told.text if asks else answers.PRACTICE
    refusal = f"I cannot fill in {lacks}: nothing in {gave} says it, and I make nothing up. {also}"
    return Decision("refused_output", refusal=refusal, why=f"nothing gave {lacks}")


def prose_json(s: Situation) -> Decision | None:
    """The instructions ask in prose for a JSON object: the answer, or that there is none, in one of its texts."""
    keys = demands.json_form(s.instructions)
    return _as_json(s, keys) if keys else None


def haiku_only(s: Situation) -> Decision | None:
    """The instructions want nothing but haiku for every reply: one, with what tools returned in a line below."""
    told = s.instructions
    if not demands.wants_haiku(told) or demands.ELSE.search(told) or demands.wants_more_than_haiku(told):
        return None
    found = f"\n\n({answers.from_steps(s.own_steps, s.tools)})" if s.own_steps else ""
    why = "the instructions want nothing but haiku; chosen by the words of the text"
    return Decision("haiku_only", text=haiku(s.text or s.instructions) + found, why=why)


def tool_results(s: Situation) -> Decision | None:
    """Tools were called in this turn: say what they returned, what failed and why, and what was not done."""
    shown = [step for step in s.own_steps if step.output is not None]
    if not shown:
        return None
    wanted = {goal.tool.name for goal in s.goals} or {step.name for step in shown}
    results = [step for step in shown if step.name in wanted or step.problem is not None]
    if all(step.problem is not None for step in results):
        results = shown
    # What went well in the end needs no word of its failure.
    mended = {step.name for step in results if step.problem is None}
    spoken = [step for step in results if step.problem is None or step.name not in mended]
    one = answers.one_of(results[-1], s.text) if len(mended) == 1 == len(spoken) else None
    lines = [one or answers.from_steps(spoken, s.tools)]
    led = [step for step in shown if step not in results and step.problem is None]
    if led:
        lines.append(f"(Found through {'; '.join(f'{step.name}: {answers.gist(step)}' for step in led)}.)")
    lines += _left_open(s, {step.name for step in shown})
    if s.goals and (ignored := [one for one in s.ignored if one not in " ".join(lines[1:])]):
        lines.append(f"I did not take account of: {', '.join(ignored)}.")
    why = f"said what {', '.join(dict.fromkeys(step.name for step in shown))} returned"
    return Decision("tool_results" if mended else "tool_failed", text="\n".join(lines).strip(), why=why)


def missing_argument(s: Situation) -> Decision | None:
    """A tool fits, but an argument it requires is nowhere to be had: ask for it. Or its condition is not known."""
    if not s.may_call or not s.goals or not (left := _left_open(s, set())):
        return None
    work = s.work(s.goals)
    lacks = [(one, ", ".join(p.name for p in filling.missing)) for one, filling in work.blocked[:1]]
    why = [f"{one.tool.name} fits ({one.why}), and nothing gives {what}" for one, what in lacks]
    why += [f"{one.tool.name} fits ({one.why}), and nothing takes up {what}" for one, what in work.held]
    return Decision("missing_argument", text=" ".join(left), why="; ".join(why) or "depends on a condition")


def _left_open(s: Situation, called: set[str]) -> list[str]:
    """What was not done, in words: what lacks an argument, what nothing here does, what hangs on a condition."""
    if not s.may_call or not s.goals:
        return []
    lacking = [(goal, filling) for goal, filling in s.work(s.goals).blocked
               if goal.tool.name not in called or len(goal.asks) > 1]  # fmt: skip
    said = [answers.ask_for(goal.tool, filling.missing) for goal, filling in lacking[: None if called else 1]]
    said += [f'None of the tools here answers this part: "{answers.short(part, 120)}".' for part in s.unmet]
    said += [answers.held_back(goal.tool, left) for goal, left in s.work(s.goals).held]
    waiting = [goal for goal in s.goals if goal.condition and goal.tool.name not in called]
    return said + [f'I did not call {goal.tool.name}: I cannot decide "{answers.short(goal.condition, 80)}".'
                   for goal in waiting]  # fmt: skip


def haiku_otherwise(s: Situation) -> Decision | None:
    """No tool fits, and the instructions or the user ask for haiku: one on the topic."""
    if not demands.wants_haiku(f"{s.instructions}\n\n{s.text}"):
        return None
    # What the user asks for may be a haiku alone, whatever the instructions add to theirs.
    if demands.wants_more_than_haiku(s.instructions) and not demands.wants_haiku(s.text):
        return None
    why = "no tool fits, and haiku are asked for; chosen by the words of the text"
    return Decision("haiku_otherwise", text=haiku(demands.HAIKU.sub(" ", s.text) or s.text), why=why)


def noted(s: Situation) -> Decision | None:
    """The user tells something about themselves and asks nothing: note it."""
    told = facts.remembered([s.text])
    asks = any(part.verb or _PLEASE.match(part.text) for part in s.parts)
    if not told or asks or "?" in s.text or len(tokens(s.text)) > 25:
        return None
    greets = set(told) == {"name"}
    said = answers.greet(s.tools, told["name"]) if greets else f"Noted. {facts.told(told)}"
    return Decision("noted", text=said, why="the user tells something about themselves")


def greeting(s: Situation) -> Decision | None:
    """The user says hello, and nothing else: greet, and say what can be asked."""
    if not _is_greeting(s) or demands.MATERIAL.match(s.instructions):
        return None
    said = answers.greet(s.tools, s.conversation.facts.get("name"))
    return Decision("greeting", text=said, why="the text is a greeting and nothing else")


def composed(s: Situation) -> Decision | None:
    """The work is to make a notice or a bulletin of a longer text: do that with the text's own words."""
    if not writing.WRITES.search(s.instructions) or len(tokens(s.text)) < 12:
        return None
    why = "made of the words of the text, as the instructions want a notice of it"
    return Decision("composed", text=writing.composed(s.instructions, s.text), why=why)


def admit(s: Situation) -> Decision:
    """Nothing fits: say what this is, what it can do here, and what can answer."""
    told = facts.told(facts.remembered([s.text]))
    more = demands.wants_haiku(s.instructions) and demands.wants_more_than_haiku(s.instructions)
    why = "the instructions ask for more than a haiku, and I can write no more" if more else ""
    said = f"{told} {answers.admit(s.tools, s.hosted, why)}".strip()
    return Decision("admit", text=said, why=why or _NO_TOOL)


ANSWERS: tuple[Rule, ...] = (haiku_only, tool_results, missing_argument, haiku_otherwise, noted, greeting, composed,
                             admit)  # fmt: skip
RULES: tuple[Rule, ...] = (named_tool, first_calls, remembered_fact, use_tools, handoff_by_topic, instructed_work,
                           look_it_up, required_tool, structured_output, prose_json, *ANSWERS)  # fmt: skip

_NO_ANSWERS = ("admit", "missing_argument", "tool_failed", "greeting", "noted")
_NO_TOOL = "no rule has an answer, and no tool is asked for by its verb and matter"
_PLEASE = re.compile(r"\W*please\b", re.I)
_GREETINGS = bag("hello hi hey hola bonjour hallo ciao olá salut greetings good buenos guten howdy yo")
_AFTER_GREETING = bag(
    """there all everyone morning evening afternoon day night days tag jour giorno dia how are you is it going doing
    today to meet nice everybody friend team again"""
)
_SEARCHES = bag(
    """search lookup look up wiki wikipedia faq ask retrieve retrieval knowledge base docs documentation browse google
    web internet rag research answer question kb query expert tool the online"""
)


def _call(rule: str, s: Situation, work: Work) -> Decision:
    """These calls, or one only where the request allows no more."""
    made = work.calls[: 8 if s.request.parallel_tool_calls else 1]
    return Decision(rule, [call for call, _ in made], why=" | ".join(why for _, why in made))


def _wanted(rule: str, s: Situation, tool: Tool, why: str) -> Decision | None:
    """A call that no part of the text asks for by itself, unless it was made in this turn."""
    if any(step.name == tool.name for step in s.own_steps):
        return None
    work = s.work([Goal(tool, (Ask(s.text, 0),), why, s.text, outputs_first=bool(s.done))])
    return _call(rule, s, work) if work.calls else None


def _ordered(rule: str, s: Situation, tool: Tool, why: str) -> Decision:
    """A call that tool_choice orders; what it lacks is asked for, not made up."""
    goals = [goal for goal in s.goals if goal.tool == tool] if not tool.handoff_target else []
    parts = [part for part in s.parts if s.fitting.fit(part, tool, ordered=True)] or [Ask(s.text, 0)]
    work = s.work(goals or [Goal(tool, (parts[0],), why, s.text)])
    if work.calls:
        return _call(rule, s, work)
    missing = work.blocked[0][1].missing if work.blocked else ()
    if not missing:
        held = [answers.held_back(goal.tool, left) for goal, left in work.held]
        told = " ".join(held) or answers.admit(s.tools, s.hosted)
        return Decision(rule, text=told, why=f"{why}, but its work is done, or held back")
    lacks = ", ".join(param.name for param in missing)
    said = f"{answers.ask_for(tool, missing)} (tool_choice asks for this call; nothing in the request gives {lacks}.)"
    return Decision(rule, text=said, why=f"{why}, but nothing gives {lacks}")


def _as_json(s: Situation, keys: list[str]) -> Decision:
    """The plain answer in the text of a JSON object with these keys; the others are null."""
    told = _first(ANSWERS, s)
    best = next((key for key in keys if set(name_words(key)) & structured.ANSWERS), keys[0])
    text = json.dumps({key: told.text if key == best else None for key in keys}, ensure_ascii=False)
    return replace(told, text=text, why=f"{told.why}; as the JSON that is asked for")


def _better_agent(s: Situation) -> Tool | None:
    """The agent whose topic the text is on, if it fits clearly better than the tools here."""
    routed = demands.agent_for(s.open_handoffs, s.text)
    least = 4.0 if s.goals else 1.5 if look_it_up(s) else 0.0
    return routed[0] if routed and routed[1] > least and not all(part.forbids for part in s.parts) else None


def _is_greeting(s: Situation) -> bool:
    words = tokens(s.text)
    if not words or len(words) > 8 or words[0] not in _GREETINGS:
        return False
    rest = [word for word in words[1:] if word not in _GREETINGS | _AFTER_GREETING]
    return not rest or (len(rest) == 1 and not any(part.verb for part in s.parts) and "?" not in s.text)

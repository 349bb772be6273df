"""What a learner can ask for: the next hint, or the solution."""

from __future__ import annotations

from .outcomes import UnknownExercise
from .registry import find

_shown: dict[str, int] = {}


def hint(exercise_id: str) -> None:
    """Print the next hint of an exercise: a question, then the API with a link, then nearly the code.

    The last one is repeated. A restarted kernel begins at the first.

    Raises:
        UnknownExercise: there is no exercise with this id.
    """
    exercise = find(exercise_id)
    rungs = exercise.hints
    rung = min(_shown.get(exercise.id, 0) + 1, len(rungs))
    _shown[exercise.id] = rung
    last = rung == len(rungs)
    # The last one is code, which reads and copies better on lines of its own.
    print(f"Hint {rung} of {len(rungs)} ·", rungs[rung - 1].strip(), sep="\n" if last else " ")
    if last:
        print(f'\nThis is the last hint; solution("{exercise.id}") shows one way to do it.')


def solution(exercise_id: str) -> None:
    """Show one solution of an exercise, as it would stand in its cell.

    Raises:
        UnknownExercise: there is no exercise with this id.
    """
    from workshop import catalog

    exercise = find(exercise_id)
    try:
        code = catalog.solution_source(exercise.id)
    except LookupError as error:
        raise UnknownExercise(str(error)) from None
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        shell = None
    else:
        shell = get_ipython()
    if shell is None:
        print(code)
    else:
        display({"text/markdown": f"```python\n{code}\n```", "text/plain": code}, raw=True)  # type: ignore[no-untyped-call]

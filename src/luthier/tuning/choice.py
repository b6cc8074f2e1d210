"""
Which hyperparameters a tuning job's next training jobs get: what its strategy is asked, and what it answers.

    view ─ deal ─ turns ─ questions ─ strategy ─ points ─ one for each turn

Pure: the same view gives the same answer, bit for bit, whoever asks and however often. So what was asked need not be
stored, only what the view was (see `history`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Generic, TypeVar

import numpy as np

from luthier.records.reason import Reason
from luthier.records.search_space import Assignment
from luthier.records.training_job import TrainingJob
from luthier.records.trial import Trial
from luthier.records.tuning_job import TuningDefinition
from luthier.strategies import Strategy
from luthier.tuning.early_stopping import lessons
from luthier.tuning.inheritance import inherited_trials
from luthier.tuning.trials import as_trials
from luthier.tuning.turns import Turn, deal
from luthier.tuning.view import Parent, TuningView

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a strategy is asked of one definition."""

    definition: TuningDefinition
    trials: tuple[Trial, ...]  # inherited ones first, then the tuning job's own by ordinal
    count: int
    seed: int
    ordinal: int  # of the first training job that would be of it

    def points(self, strategy: Strategy) -> Sequence[Assignment]:
        """Have the strategy choose; fewer points than asked for mean that there are no more."""
        return strategy.propose(self.definition.space, self.trials, self.count, seeded(self.seed, self.ordinal))

    def reasons(self, strategy: Strategy) -> Sequence[Reason]:
        """Have the strategy say why it chooses each of these `points`."""
        return strategy.reasons(self.definition.space, self.trials, self.count, seeded(self.seed, self.ordinal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Generic[T]):
    """What the next training jobs get, or why, each with its turn; and the questions that this answers."""

    answers: tuple[tuple[Turn, T], ...]  # none: nothing is left to search
    questions: tuple[Question, ...]  # of definitions that turned out to be exhausted too

    @property
    def shown(self) -> str:
        """Say in 16 hexadecimal digits what the strategy was shown: other trials, other digits."""
        return sha256(repr([_plain(each) for each in self.questions]).encode()).hexdigest()[:16]


def choose(
    view: TuningView, parents: Sequence[Parent], count: int, ask: Callable[[Question], Sequence[T]]
) -> Choice[T]:
    """
    Choose for the next *count* training jobs; for fewer, where the search spaces are used up.

    *ask* puts a question to the strategy: for `Question.points`, or for `Question.reasons`. Turns for which a
    definition has no answer are left empty, as long as another one has; where none has, the others are asked. *parents*
    are those of a warm start, as `parents_to_learn_from` gives them.
    """
    turns = deal(view, count)
    questions = tuple(_questions(view, parents, turns))
    found = {each.definition.name: iter(ask(each)) for each in questions}
    filled = [(each, answer) for each in turns if (answer := next(found[each.definition.name], None)) is not None]
    if filled or not turns:
        return Choice(answers=tuple(filled), questions=questions)
    others = choose(replace(view, exhausted=view.exhausted.union(found)), parents, count, ask)
    return replace(others, questions=(*questions, *others.questions))


def next_ordinal(children: Sequence[TrainingJob]) -> int:
    """Give the place of the next training job: behind the last, whatever became of those before."""
    return max((job.ordinal or 0 for job in children), default=0) + 1


def seeded(seed: int, ordinal: int) -> np.random.Generator:
    """
    Make the generator for the proposal that begins at *ordinal*.

    It depends on nothing but the tuning job's seed and the ordinal, so a proposal that was lost before it was
    committed is made again exactly.
    """
    return np.random.default_rng([seed, ordinal])


def _questions(view: TuningView, parents: Sequence[Parent], turns: Sequence[Turn]) -> Iterator[Question]:
    specification, first = view.job.specification, next_ordinal(view.children)
    learned = lessons(specification, view.children, view.finals, view.curves)
    for definition in {each.definition.name: each.definition for each in turns}.values():
        own = [job for job in view.children if specification.definition_of(job).name == definition.name]
        places = [place for place, each in enumerate(turns) if each.definition.name == definition.name]
        yield Question(
            definition=definition,
            trials=(*_inherited(view, definition, parents), *as_trials(definition, own, learned)),
            count=len(places),
            seed=specification.seed,
            ordinal=first + places[0],
        )


def _inherited(view: TuningView, definition: TuningDefinition, parents: Sequence[Parent]) -> Sequence[Trial]:
    start = view.job.specification.warm_start
    return inherited_trials(definition, start.type, parents) if start is not None else ()


def _plain(question: Question) -> tuple[object, ...]:
    """Lay a question out as what decides its answer, with every number to its last digit."""
    trials = [
        (_sorted(each.assignment), each.is_open, each.value, each.is_inherited, each.task) for each in question.trials
    ]
    return question.definition.name, question.count, question.seed, question.ordinal, trials


def _sorted(assignment: Mapping[str, float | int | str]) -> list[tuple[str, float | int | str]]:
    return sorted(assignment.items())

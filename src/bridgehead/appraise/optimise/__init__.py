"""Optimal plans: where to release land, how far to open borders, where to spend on research, for a need or for welfare."""

from bridgehead.appraise.optimise.problem import Problem, Question, question_of, read_problem
from bridgehead.appraise.optimise.result import Optimum, optimise
from bridgehead.appraise.optimise.task import Task, task_of

__all__ = ["Optimum", "Problem", "Question", "Task", "optimise", "question_of", "read_problem", "task_of"]

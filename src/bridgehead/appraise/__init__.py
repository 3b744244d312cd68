"""Appraise: what each government needs, measured in every strategy and zone, with who gains and why."""

from bridgehead.appraise.cells import Cell
from bridgehead.appraise.compare import Comparison, compare_solutions
from bridgehead.appraise.explain import Step, by_stage, explain_place
from bridgehead.appraise.measures import MEASURES, Measure, Value
from bridgehead.appraise.needs import Needs, Row, read_needs
from bridgehead.appraise.result import TABLES, Appraisal
from bridgehead.appraise.run import appraise
from bridgehead.appraise.shapley import shapley_values
from bridgehead.appraise.write import write_appraisal

__all__ = [
    "MEASURES",
    "TABLES",
    "Appraisal",
    "Cell",
    "Comparison",
    "Measure",
    "Needs",
    "Row",
    "Step",
    "Value",
    "appraise",
    "by_stage",
    "compare_solutions",
    "explain_place",
    "read_needs",
    "shapley_values",
    "write_appraisal",
]

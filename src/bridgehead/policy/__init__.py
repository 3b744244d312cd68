"""Policy: levers, scenarios, zones and strategies, and how they change what a model is given (formats.md, "Scenario file")."""

from bridgehead.policy.case import scenarios_of, zones_of_joint
from bridgehead.policy.context import Context
from bridgehead.policy.describe import MECHANISMS, at_bound, governments, lever_rows_of, mechanisms, mechanisms_of, where_of
from bridgehead.policy.enact import Enacted, enact
from bridgehead.policy.levers import (
    LEVERS,
    Amenity,
    BaseLever,
    Land,
    Lever,
    Link,
    Passage,
    Productivity,
    Registration,
    RentPools,
    Research,
    ShareRule,
    Tax,
    TradeCost,
    Transfers,
)
from bridgehead.policy.scenario import Scenario, check_scenario, combine, read_scenario, scenario_text, write_scenario

__all__ = [
    "LEVERS",
    "MECHANISMS",
    "Amenity",
    "BaseLever",
    "Context",
    "Enacted",
    "Land",
    "Lever",
    "Link",
    "Passage",
    "Productivity",
    "Registration",
    "RentPools",
    "Research",
    "Scenario",
    "ShareRule",
    "Tax",
    "TradeCost",
    "Transfers",
    "at_bound",
    "check_scenario",
    "combine",
    "enact",
    "governments",
    "lever_rows_of",
    "mechanisms",
    "mechanisms_of",
    "read_scenario",
    "scenario_text",
    "scenarios_of",
    "where_of",
    "write_scenario",
    "zones_of_joint",
]

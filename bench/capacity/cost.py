"""What the plan costs: a formula, whose prices are given by who knows them. No vendor's prices are assumed."""

from dataclasses import dataclass

from bench.capacity.model import Model
from bench.capacity.plan import Plan, plans
from bench.tables import table

HOURS = 730
"""Of a month."""

FORMULA = f"machines × {HOURS} × price of a machine-hour + stored GB × price of a GB-month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Of a machine of the stated kind, of a gigabyte in the object store, of a core that encodes; in any currency."""

    machine_hour: float
    stored_gb_month: float
    core_hour: float

    def month(self, plan: Plan) -> float:
        """What a plan costs a month, by `FORMULA`."""
        return plan.nodes.machines * HOURS * self.machine_hour + plan.stored_gb * self.stored_gb_month

    def build(self, plan: Plan) -> float:
        """What encoding everything once costs."""
        return plan.build.encoding_core_h * self.core_hour


def costs(model: Model, prices: Prices) -> str:
    """The plan at such prices, as a table."""
    rows = [(f"{plan.passages:,}", f"{prices.month(plan):,.0f}", f"{prices.build(plan):,.0f}") for plan in plans(model)]
    return table(("passages", "a month", "encoding once"), rows)

"""The plan: the year's goal broken down to today's dials, from own or published ratios, and the reserved calling time."""

from pipeline.plan.goals import daily_target

__all__ = ["daily_target"]

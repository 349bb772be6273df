from __future__ import annotations
from workshop.gateway.practice_model.decision import Decision, PlanRequest

def plan(request: PlanRequest) -> Decision:
    return Decision(rule="admit", text="practice model")

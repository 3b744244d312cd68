"""The verbs of the command, one module a verb. Each imports the engine inside its function, so that help costs nothing."""

from __future__ import annotations

from bridgehead.report.commands.appraise import appraise
from bridgehead.report.commands.calibrate import calibrate
from bridgehead.report.commands.check import check
from bridgehead.report.commands.cite import cite
from bridgehead.report.commands.compare import compare
from bridgehead.report.commands.doctor import doctor
from bridgehead.report.commands.ensemble import ensemble
from bridgehead.report.commands.estimate import estimate
from bridgehead.report.commands.explain import explain
from bridgehead.report.commands.new import new
from bridgehead.report.commands.optimise import optimise
from bridgehead.report.commands.path import path
from bridgehead.report.commands.replicate import replicate
from bridgehead.report.commands.rerun import rerun
from bridgehead.report.commands.serve import serve
from bridgehead.report.commands.share import share
from bridgehead.report.commands.solve import solve

__all__ = ["VERBS"]

VERBS = {
    "appraise": appraise,
    "check": check,
    "calibrate": calibrate,
    "solve": solve,
    "compare": compare,
    "explain": explain,
    "path": path,
    "share": share,
    "ensemble": ensemble,
    "estimate": estimate,
    "optimise": optimise,
    "replicate": replicate,
    "new": new,
    "serve": serve,
    "rerun": rerun,
    "doctor": doctor,
    "cite": cite,
}

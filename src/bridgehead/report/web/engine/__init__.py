"""The processes that solve for the workbench: each holds calibrated regions, compiled and hot, and answers calls over a pipe."""

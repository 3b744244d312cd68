"""The workbench: a local web server whose page moves levers on a map, and whose API other programs may call (docs/workbench.md).

Nothing here is imported before `bridgehead serve` runs; FastAPI, uvicorn and SQLAlchemy come with the extra `[web]`.
"""

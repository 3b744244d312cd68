"""Estimation: borders and decays from observed flows (PPML), and the case's passages from few moments (minimum distance)."""

"""Sharing what a plan gains between governments: the game of coalitions, its solutions, and rules of tax and equity."""

"""Importing this makes every JAX array float64, before any is made. The rooms that make arrays import it first."""

import jax

jax.config.update("jax_enable_x64", True)

"""Aurore : le réseau de neurones qui écrivait des romans."""

__version__ = "0.1.0"

"""The commands: each module holds the commands of one topic, and the presses that belong to them.

A method parses what came, calls the core and renders what came back.
"""

"""pipecat under test, in an environment of its own; `README.md` says how to make it."""

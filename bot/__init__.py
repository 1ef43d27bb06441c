"""The application: settings, wiring, the command line, and the edges.

- `settings.py`: what can be configured; reads the environment.
- `wiring.py`: the one place that names concrete adapters.
- `cli.py`: the `hotseat` command.
- `console/`: the terminal edge.

May import everything below. An edge holds no rule of the interview.
"""

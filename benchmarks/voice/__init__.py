"""The voice benchmarks' harness: scripted people, two systems in processes, what was heard.

- `wire.py`, `engine.py`, `costs.py`: what the systems under test share; standard library only.
- `interviewer.py`, `hotseat_side.py`: Hotseat under test; pipecat's side is
  `benchmarks/pipecat/driver.py`.
- `person.py`, `scenes.py`: who speaks, and what.
- `calls.py`: a system's process and calls to it in real time; `virtual.py`: calls in no time;
  `measures.py`: what they show.
- `systems.py`: which systems, and the options of the benchmarks.
- `shapes.py`: Whisper models of real shapes with random weights.
"""

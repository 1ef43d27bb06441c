"""The Discord edge: interviews in direct messages, private threads and answers to interactions.

`serve.py` runs the bot until it is told to stop, `client.py` is the client with its cogs.
`house.py` keeps a room for each live interview; `room.py` is one of them: what happened waits in
its queue, one thing is done at a time. `mouth.py` posts what the interviewer says, once.
`controls.py` makes buttons that outlive a restart, `errors.py` answers every error,
`endpoint.py` says where Discord is. `cogs/` parse commands and call the core; `views/` draw.
Only this package imports `discord`. No rule of the interview, of scoring or of a review is here.
"""

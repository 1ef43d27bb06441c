"""The Discord edge: interviews in direct messages, private threads and answers to interactions.

`serve.py` runs the bot until it is told to stop, `client.py` is the client with its cogs.
`interviews/` holds what goes on, `scorecards/` what came of it, `groups/` what is shared,
`personal/` what is kept of people. `calls/` holds interviews by voice, on `voice_client.py`, which
hears with `voice/`; all three are loaded only where the extra is. `cogs/` parse commands and call
these; `views/` draw. `controls.py` makes buttons that outlive a restart, `replies.py` answers,
`errors.py` answers every error, `page.py` serves the whiteboard's page beside it all, `text.py`
makes text harmless, `endpoint.py` says where Discord is.
Only this package imports `discord`. No rule of the interview, of scoring or of a review is here.
"""

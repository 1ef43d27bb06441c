"""Hearing and speaking in a Discord voice channel, below `bot/discord/voice_client.py`.

A datagram's way in: `rtp.py` (parsing, transport encryption), `speakers.py` (whose it is),
`receiver.py` (only people listened to go on from here), `dave.py` (end-to-end encryption),
`reorder.py` (order, second copies), `streams.py` with `opus.py` (a steady stream of sound), and
`ticker.py` (its beat). The way out: `source.py`. `connection.py` mends what the library leaves
broken; `watchdog.py` decides, in pure rules, what is broken and how it is mended.
"""

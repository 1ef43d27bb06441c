"""`python -m bot` is `hotseat`."""

from bot.cli import main

main()

"""What the simulated candidates of the speed measurements say: nine answers of about 60 words."""

from __future__ import annotations

from itertools import cycle, islice

SIXTY_WORDS: tuple[str, ...] = (
    "I would first ask how many conversations arrive on a normal day and in the busiest hour, what "
    "a wrong refund costs the shop, and which actions the agent may take alone. I assume customers "
    "are signed in, the help pages are in three languages, and a support team takes over at "
    "office hours. Voice is out of scope.",
    "The gateway checks the session and strips card numbers, then a small model routes the message "
    "to help or to orders. Help questions search the articles with keywords and vectors, and the "
    "answer quotes the passage it used. Order questions call typed tools, at most four in a turn, "
    "and past that we stop and hand over.",
    "I would use the small model for routing and rewriting, and the strong one only for answers "
    "that mix policy with an order. A turn costs about three thousand tokens in and two hundred "
    "out, so roughly one cent, and caching the fixed prefix halves that. With thirty thousand "
    "conversations we stay near six hundred dollars a day.",
    "Two hundred real conversations with known outcomes become the test set, a fifth of it "
    "attacks. Every change of prompt or model runs against it, and a release stops when the "
    "refund errors rise at all. A judge model grades tone and grounding, and two people label "
    "forty of the same answers each month, so that we can trust it.",
    "Everything that the customer writes and everything in a help page is data, never an "
    "instruction. The order service takes the customer id from the session and not from the "
    "model, so no prompt can open another person's order. A refund needs a click on a button with "
    "the amount, and our code checks the limit again.",
    "We trace every turn with its tool calls, tokens and versions, and show resolution, handover "
    "and cost per conversation by language. An alert fires when refunds in an hour exceed twice "
    "their usual level, and a switch turns all writing actions off while answers go on. A new "
    "prompt goes to five percent of traffic first, and can be rolled back.",
    "If the order service times out, we do not know whether the refund happened, so we ask it "
    "by the idempotency key before telling the customer anything. Retries use the same key, with "
    "growing pauses, three at most. When it stays down, the agent says so, opens a ticket and "
    "goes on answering questions from the help pages, which need none.",
    "An index over the help pages is rebuilt when an editor publishes, within five minutes, and "
    "each passage carries its version and language. If nothing relevant is found, the agent says "
    "that it does not know, asks one question back, and then offers a person. I prefer that to a "
    "confident guess, since the shop must honour what it says.",
    "State lives in a small table keyed by conversation: the last turns, the open draft and its "
    "status. It is written before the answer goes out, so a restarted worker continues where the "
    "other one stopped. The prompt gets the last six turns and a summary of the older ones, which "
    "keeps the tokens of a long conversation bounded.",
)


def answer(turn: int, seed: int = 0) -> str:
    """An answer of about 60 words; no two of an interview are the same text."""
    words = SIXTY_WORDS[(turn + seed) % len(SIXTY_WORDS)].split()
    words[-1] = f"{words[-1].rstrip('.')} {turn}."
    return " ".join(words)


def words_of(count: int) -> str:
    """The first `count` words of all answers in a row, begun again where they end."""
    everything = " ".join(SIXTY_WORDS).split()
    return " ".join(islice(cycle(everything), count))

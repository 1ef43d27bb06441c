"""The words and phrases that the end of an answer is read from, as data for `cues.py`.

Everything is written as `cues.words` leaves it: lower case, plain apostrophes, no punctuation.
"""

from __future__ import annotations

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILLERS = _set("um umm uhm uh uhh er erm hm hmm mm mmm ah eh")
"""Sounds of somebody who is looking for the next word."""

OPENERS = FILLERS | _set("okay ok so well and then now but yeah yes alright right actually also oh")
"""Words that come before a sentence without being part of it."""

PREPOSITIONS = _set(
    """of with from to for in on at by into onto between via per through about without within
    across against under toward towards including except than during behind among"""
)

DANGLING = PREPOSITIONS | _set(
    """as a an the my your our their its his every another other such both either neither
    and or but nor because since so although if when while unless until whereas whether
    which who whose where what why how
    is are was were am be been being have has had do does did will would can could should may
    might must cannot isn't aren't wasn't don't doesn't won't can't
    i we they he she i'm we're they're it's that's there's let's i'd we'd i'll we'll it'll i've
    we've you're what's
    then also maybe basically actually probably perhaps just very quite even plus versus not
    say like namely essentially mostly usually"""
)
"""Words that no finished sentence ends with."""

DANGLING_PAIRS = frozenset(
    {
        ("you", "know"),
        ("i", "mean"),
        ("even", "though"),
        ("sort", "of"),
        ("kind", "of"),
        ("for", "example"),
        ("for", "instance"),
        ("such", "as"),
        ("not", "done"),
        ("not", "finished"),
        ("done", "yet"),
        ("finished", "yet"),
        ("in", "terms"),
        ("the", "first"),
        ("the", "next"),
        ("how", "many"),
        ("how", "much"),
    }
)
"""Two last words that announce more."""

FINISHED_PAIRS = frozenset(
    tuple(pair.split())
    for pair in re.split(
        r",\s*",
        """so on, as well, or so, or not, rather not, probably not, maybe not, perhaps not,
        hopefully not, definitely not, certainly not, absolutely not, course not, guess not,
        why not, early on, later on, then on, now on, go on, goes on, going on, carry on,
        turned on, switched on, log in, logs in, logged in, sign in, signs in, signed in, opt in,
        opts in, opted in, check in, kick in, kicks in, come in, comes in, plug in, fill in,
        zoom in, built in, stand by, fall through, falls through""",
    )
)
"""Two last words that are whole though the last is no last word of a sentence otherwise."""

FINISHED_ASIDE = re.compile(
    r"[\w']+ [\w']+, (i (think|guess|suppose),? )?"
    r"(maybe|probably|perhaps|mostly|actually|basically|usually|essentially)[.!]?$"
)
"""A word set off by a comma qualifies what was said."""

AS_AS = re.compile(
    r"\bas [\w']+ as( [\w']+){1,3} (can|could|do|does|did|is|are|was|were|have|had|would|will)$"
)
"""A comparison: "as fast as we can"."""

RELATIVE = _set("what which who whom whose where how that")
"""Words that open a clause which may end in a verb or preposition of its own."""

CONJOINING = _set(
    """is was are were be think thinks thought say says said know knows knew mean means believe
    guess assume suppose see sees saw make makes ensure ensures sure so such such hope find found
    show shows showed clear case told notice noticed agreed"""
)
"""Words after which "that" opens a whole sentence rather than describes a thing."""

DETERMINERS = _set("the a an my our your their its his her this these those each every all any")

COPULAS = _set("is are was were")

LINKING = COPULAS | _set("be been am do does did have has had")
"""Verbs that end such a clause ("what we had", "how bad it was"); others announce a verb."""

CLAUSE_BREAKS = _set("and but or because so if when while although since then")

CLEFT = re.compile(
    r"^what( [\w']+)* (\w+[^e]ed|happens|matters|means|does|do|did|had|have|want|need|said|done"
    r"|mean|think|use|see|get) (is|are|was|were)$"
)
""" "What we did was", "what happens is": the substance is still to come."""

ELLIPSIS = re.compile(
    r"^(i|we|you|they|it|he|she|that|there)"
    r" (do|does|did|is|are|was|were|can|could|would|will|should|might|have|has|had)$"
)
"""A whole sentence that leaves out what the question said: "I would." """

BARE_NUMBER = _set(
    """two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty
    fifty sixty seventy eighty ninety hundred thousand million billion"""
)
"""Figures that "thousand" or a unit may follow."""

ONE_HAND = re.compile(r"\bone hand\b(?!.*\b(other hand|but|so|however|though|whereas|while)\b)")
"""One side of a comparison, without the other and without what follows from it."""

ITEM = re.compile(
    r"^(and |so |then |well |the |number |on |my |our )*"
    r"(first|second|third|fourth|fifth|sixth|firstly|secondly|thirdly|fourthly|fifthly|one|two"
    r"|three|four|another|other)\b"
)
"""The beginning of an item of a list."""

FINITE = _set(
    """is are was were am be will would can could should may might must have has had do does did
    isn't aren't wasn't weren't don't doesn't didn't won't can't cannot couldn't shouldn't wouldn't
    i'm we're they're it's that's there's i'd we'd they'd i'll we'll it'll they'll i've we've you're
    use uses used need needs needed go goes went get gets got read reads write writes wrote store
    stores stored take takes took make makes made keep keeps kept give gives gave send sends sent
    run runs ran scale scales handle handles return returns returned become becomes follow follows
    depend depends cost costs work works worked fail fails hold holds held limit limits live lives
    add adds added serve serves expire expires leave leaves left move moves moved show shows showed
    want wants learned decided built build builds expect think thought prefer chose choose"""
)
"""Verbs that make a sentence of a row of words; common ones will do."""

PRONOUNS = _set("i we they you he she it")
SUBJECTS = PRONOUNS | _set("there this that")

SUBORDINATE = _set("if when while although though unless once after before until whenever assuming")
"""Openers of a clause that another one has to follow."""

YES_NO = _set(
    """yes no yeah yep yup nope nah sure right correct exactly absolutely definitely okay ok
    certainly maybe partly not"""
)

AUXILIARIES = _set(
    """do does did is are was were can could should shall may might will would have has am isn't
    aren't don't doesn't didn't can't couldn't shouldn't won't wouldn't"""
)

AGREEING = FILLERS | _set(
    """yes yeah yep yup sure okay ok certainly absolutely definitely right alright gladly of course
    i can could would do thing so then well"""
)
"""Words of somebody who agrees to say something and has not begun to."""

BACKCHANNEL = FILLERS | _set(
    """mhm mmhm huh aha okay ok right yeah yes yep yup sure cool great nice true alright good
    exactly of course got it i see makes make sense that's fine fair enough thanks thank you oh
    perfect understood question interesting"""
)
"""Words of a listener; a remark of nothing else leaves the floor where it is."""

GO_ON = re.compile(r"^(sorry |no |please |yeah |okay |oh )*(go on|go ahead|continue|carry on)$")
"""The candidate gives the floor back."""

_A_WHILE = r"(seconds?|sec|moment|minutes?|min|time|bit|while|couple)(?! of| one)"
_LET_ME = r"(let me|lemme) (just )?(quickly )?"
_I_WANT_TO = r"i (have|need|want|would like) to (just )?(quickly )?|i'd like to (just )?(quickly )?"
_TO_THINK = r"(think|reflect|(gather|collect) my thoughts)(?! that (the|it|this|we|they|our|a)\b)"
_WHAT_FOR = (
    r"( (about|for|through|on|how|what|which|whether|if|please|this|that|it|first|again|here"
    r"|quickly|a|one|so|out|properly|to|where)( [\w']+){0,9})?"
)
_ASIDE = r"( (please|here|first|again|now|for (this|that|it)|about (this|that|it)))*"


def _at_the_end(alternatives: tuple[str, ...], tail: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(alternatives)}){tail}$")


THINKING = _at_the_end(
    (
        rf"({_LET_ME}|let's |let us |(can|could|may) i (just )?|{_I_WANT_TO}){_TO_THINK}",
        rf"{_LET_ME}(see|consider|recall|remember|recap|work (it|this|that) out)",
        rf"{_LET_ME}(draw|sketch|write|calculate|compute|count|note|jot|read)"
        r"( (?!about|to|from|in|per)[\w']+){0,6}",
        r"(let's|let us) see",
        rf"(give me|gimme) (just )?(a|one|two|some|another|few)( [\w']+)? {_A_WHILE}",
        rf"(can|could|may) i (please )?(have|take|get) (a|one|some)( [\w']+)? {_A_WHILE}",
        rf"((i|i'll) (just )?need|i'd like|let me (take|have)|i'll take) (just )?"
        rf"(a|one|some|another)( little| short| quick| few)? {_A_WHILE}",
        rf"wait (a|one) {_A_WHILE}",
    ),
    _WHAT_FOR,
)
"""The candidate asks for time, or to draw or write, at the end of what they said."""

THINKING_CLAUSE = re.compile(
    rf"^((just )?(a|one) {_A_WHILE}|(need|just) (a|one) {_A_WHILE}"
    rf"|(hold on|hang on|bear with me)( (just )?(a|one) {_A_WHILE})?"
    rf"|i('m| am) (still )?(just )?thinking){_ASIDE}$|\b(hold on|hang on|bear with me)$"
)
"""The same where it is a clause of its own: within a sentence it may be a figure or a verb."""

OCCUPIED = re.compile(
    r"\b(i'll|i will|i'm going to|i am going to) (just |quickly )*"
    r"(draw|sketch|write|calculate|compute|count|note|jot|read)"
    rf"( (this|that|it))?( (down|out|up))?{_ASIDE}$"
)
"""They do something that takes a while; with any other object it is part of the design."""

OCCUPIED_CLAUSE = re.compile(
    rf"^(({_I_WANT_TO}|(let's|let us) )(see|consider|recall|remember|recap|work (it|this|that) out)"
    r"( [\w']+){0,2}|where was i|how (do|should|can|shall) i (put|say) (this|it|that)"
    r"|what('s| is) the (right )?word)$"
)
"""They look for something, in a clause of its own of at most `OCCUPIED_WORDS`."""

OCCUPIED_WORDS = 5

ASKS_HOW_LONG = re.compile(r"^(how (long|fast|often|old|much|many)|when|what('s| is) the)\b")
"""The interviewer asks for something that "one minute" can be the answer to."""

_SO_FAR = (
    r"( (now|here|then|really|basically|i think|i guess|for now|so far|from me|for this|yes))*"
)

EXPLICIT_END = _at_the_end(
    (
        r"(that's|that is|that was|that would be|that'd be) "
        r"(basically |pretty much |about |really |roughly )?"
        r"(it|all|everything|my (answer|design|approach|story|proposal)|what i did"
        r"|(what|how) (i'd|i would) do( it)?|all i (have|know|can think of)|the end"
        r"|the whole (thing|story))",
        r"i('m| am) (all )?(done|finished|ready)( with (this|that|it|the \w+))?",
        r"i('ve| have) finished",
        r"(i'll|i will|let me|let's|we can) (stop|leave it|pause) (here|there|at that)",
        r"(that|this) (covers|answers) (it|that|everything|the [\w' ]{1,30}|your question)",
        r"(does|did|do|would|is|was) (that|this|it|any of that|what i said) (make|answer|sound|help"
        r"|cover|work for you|ok|okay|right|enough|clear|fine|good|what you)( [\w']+){0,5}",
        r"you know what i mean|if that makes sense",
        r"what do you think( (about|of) [\w']+( [\w']+)?)?",
        r"(over|back) to you|your turn|please continue",
        r"let's move on|(can|could|shall) we move on|next question please|i give up",
        r"can't think of (anything|more)( else)?",
    ),
    _SO_FAR,
)
"""The candidate hands the floor over in so many words."""

SENTENCE_END = re.compile(
    r"^((sorry |please |no |you can )*(go on|go ahead|continue|carry on)"
    r"|(the )?next (question|one|topic)( please)?"
    r"|(is there )?any(thing| other| more)?( questions| else)( [\w']+){0,5})$"
)
"""The same where it is a sentence of its own: within one it is part of the design."""

NOT_KNOWN = re.compile(r"\b(i (don't|do not|really don't|wouldn't) know|no idea|no clue)$")
"""The end of an answer, or the beginning of a guess."""

WHOLE_END = re.compile(
    r"^(pass|skip( it| this| that)?( please)?|ready|hello|hi|hey|thank you|thanks|sorry|pardon"
    r"|what|repeat( that)?( please)?|yes please|no thanks|nothing|no more|none|done|finished|wait"
    r"|stop)$"
)
"""The same where it is all that was said."""

ANNOUNCEMENT = re.compile(
    r"\b(let me|let's|i'll|i will|i'm going to|i am going to|i want to|i would like to|i'd like to"
    r"|i would|i'd|we can|maybe i should) (now |just |quickly |first |also |briefly |maybe )*"
    r"(start|begin|move on|go (back|deeper|through|over|into)|talk|explain|walk|look|list|describe"
    r"|estimate|clarify|back up|rephrase|correct|fix|restart|split|come back|zoom|focus|continue)"
    r"( [\w']+){0,7}$"
)
"""A sentence that is whole and yet says that the substance is still to come."""

COUNTED = re.compile(
    r"\b(two|three|four|five|six|2|3|4|5|6|a few|several|a couple of)( [\w']+)? "
    r"(things|reasons|options|parts|steps|ways|points|approaches|problems|stages|pieces)\b"
)
"""A list is announced."""

NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "a couple of": 2} | {
    str(n): n for n in range(2, 7)
}

ORDINALS: tuple[frozenset[str], ...] = (
    _set("first firstly"),
    _set("second secondly other"),
    _set("third thirdly"),
    _set("fourth fourthly"),
    _set("fifth fifthly"),
    _set("sixth sixthly"),
)
LAST_ITEM = _set("finally lastly last")

ADDRESSED = re.compile(
    r"^(how (many|much|often|big|large|long|fast|strict|far|important|old|fresh)"
    r"|what('s| is| are| was| kind| sort| type| does| about| do you| did you| would you| should)"
    r"|which|who|whose|when (is|are|will)|where (is|are)|can you|could you|would you|do you)\b"
)
"""Openings of a question that waits for the interviewer's answer."""

REQUEST = re.compile(
    r"^((can|could) you (please )?(?!hear|see)[\w']+|(would|will) you (please )?"
    r"(walk|talk|take|tell|explain|describe|sketch|draw|compare|show|give|say|go|start)\b)"
)
"""A question in form that asks for a talk: a yes only opens the answer to it."""

ASKS_FOR_ANY = re.compile(r"^(do you have|have you got|is there|are there) any")
"""A yes announces what was asked for."""

ASKS_FOR_MORE = re.compile(r"\b(why|(and|or) (how|which|who|where|when|what))\b")
"""More than a yes or a no is asked for."""

RHETORICAL = re.compile(
    r"^((does|would|will|can|could) (it|that|this|they) (work|scale|fit|hold|happen|matter)"
    r"(?! for you)|what (happens|if|would happen|could go wrong|can go wrong|do we|can we|could we"
    r"|would we|would i|do i|should we|else)|how (do|does|would|can|could|should|will|to)|why"
    r"|where (do|would|could|should)|when (do|would|should)|who (would|does))\b"
)
"""Openings of a question that people ask themselves while they think aloud."""

OPEN_QUESTION = re.compile(
    r"\b(tell me (about|more)|walk me|talk me|describe|explain|design|how would you|how did you"
    r"|how do you|what would you|what did you|why|take me through|in detail|give me an example"
    r"|sketch|what happened|compare)\b"
)
"""The interviewer asks for an answer of several sentences."""

QUESTION_WORD = re.compile(r"^(what|how|why|which|who|whose|when|where)\b")

FACT_QUESTION = re.compile(
    r"^(how (many|much|often|long|big|large|fast)|which|who|when|where|what (number|percentage"
    r"|fraction|size|rate|latency|name))\b"
)
"""The interviewer asks for a figure or a name."""

"""How an interviewer must not talk, whatever the subject: praise, grades, markup, its own works.

Patterns are English, as the packs are. They look at clauses that state something: "that is good"
praises, "is that good enough?" asks.
"""

from __future__ import annotations

import re
import unicodedata

_LEAD = (
    r"(?:^|[.!?;:,—–(]\s*|\s-\s)(?:(?:ok|okay|alright|so|well|and|but|yes|yeah|yep|right|now|"
    r"honestly|"
    r"wow|oh|ah|hm+|thanks|thank you|sure|i (?:think|must say|would say|have to say)|indeed|"
    r"actually)"
    r"\b[,!.]?\s*)*"
)
_GOOD = (
    r"(?:great|good|nice|excellent|perfect|amazing|awesome|fantastic|brilliant|wonderful|superb"
    r"|lovely|outstanding|impressive|terrific|solid|strong|smart|clever|neat|elegant|thoughtful"
    r"|insightful|sensible|reasonable|sound|wise|thorough|fair|interesting|fascinating|valid"
    r"|compelling|helpful|useful|spot on|well thought out|well[- ]reasoned|exactly what)"
)
_VERY = (
    r"(?:an? |the |some )?(?:really |very |quite |pretty |rather |so |such an? |particularly |"
    r"absolutely |certainly |truly |genuinely |fairly |remarkably )*"
)
_THING = (
    r"(?:point|answer|question|idea|start|thinking|thought|thoughts|job|work|stuff|call|choice|"
    r"approach|design|plan|catch|one|move|observation|insight|instinct|example|breakdown|summary|"
    r"overview|explanation|story|setup|detail|details|structure|progress|distinction|reasoning|way)"
)

_PRAISE = re.compile(
    "|".join(
        (
            rf"{_LEAD}{_VERY}{_GOOD}(?:\s*[.!,—–:;]|\s+-|\s+{_THING}\b|$)",
            rf"{_LEAD}(?:that|this|it|what you (?:said|describe|drew)|your (?:\w+ ){{1,3}}?)"
            rf"(?:'s|\s+is|\s+was|\s+sounds?|\s+seems?|\s+looks?)\s+(?:like )?{_VERY}{_GOOD}\b"
            rf"(?!\s+enough (?:to|for)\b)",
            rf"{_LEAD}(?:that|this|it|which)\s+(?:all\s+|certainly\s+|"
            rf"really\s+)?makes?\s+(?:a lot of\s+|"
            rf"good\s+|perfect\s+|total\s+)?sense\b",
            rf"{_LEAD}makes sense\b|{_LEAD}(?:sounds?|looks?|seems?)\s+(?:like )?{_VERY}{_GOOD}\b",
            rf"{_LEAD}{_VERY}{_GOOD}\s+(?:of you|that you|to (?:start|begin|think|look|ask|"
            rf"mention))\b",
            r"\bi\s+(?:really\s+|do\s+|particularly\s+|very much\s+)*(?:like|love|admire|enjoyed|"
            r"appreciate|am impressed|agree)\b",
            r"\bi'm\s+(?:\w+\s+)?impressed\b|\bimpressive\b|\bkudos\b|\bcongrat\w*|\bbravo\b",
            r"\b(?:well|nicely|neatly|clearly|beautifully)\s+(?:done|put|said|thought|reasoned|"
            r"structured|explained|argued)\b",
            r"\byou(?:'ve|\s+have)?\s+(?:clearly|obviously|certainly|really)\s+(?:know|thought|"
            r"understand|have|done|put|considered)\b",
            r"\b(?:takes courage|keep it up|keep going like|you're doing (?:well|great)|"
            r"good for you|"
            r"you are doing (?:well|great)|spot on|top notch|first[- ]rate|much better|"
            r"way better)\b",
            rf"\b(?:with|of|for|on)\s+(?:such\s+)?(?:an?|that|this|your)\s+{_GOOD}\s+{_THING}\b",
            rf"\b(?:such an?|what an?)\s+(?:\w+ly\s+)?{_GOOD}\b",
        )
    ),
    re.IGNORECASE,
)

_GRADES = re.compile(
    "|".join(
        (
            rf"{_LEAD}(?:that|this|it|you|you're|your\s+\w+)(?:'s|'re|\s+is|\s+are|\s+was|"
            rf"\s+were)?\s+"
            r"(?:(?:not|still|a bit|rather|quite|also|all|just|\w+ly)\s+)*(?:correct|right|wrong|"
            r"incorrect|true|false|mistaken|"
            r"on the right track|off track|close|almost there|incomplete|insufficient|weak|"
            r"too (?:vague|thin|shallow|general)|not enough|enough for me)(?:\s*[.!,;:]|\s+but|"
            r"\s+about|"
            r"\s+that|$)",
            rf"{_LEAD}(?:correct|exactly|precisely|wrong|incorrect|right you are|not quite|"
            rf"not exactly|"
            r"close|almost|nearly|absolutely|definitely|agreed|quite right)\s*(?:[.!,—–]|but\b|$)",
            r"\b(?:\d+|three|four|five|two|one|nine|ten|eight|seven|six)\s*(?:/\s*\d+|out of\s+"
            r"(?:\d+|five|ten|four))",
            r"\byou(?:'ve|\s+have)?\s+(?:also\s+|just\s+)?(?:missed|forgot|forgotten|overlooked|"
            r"passed|"
            r"failed|nailed|aced|covered (?:all|every|most|the)|left out|skipped|neglected|earned|"
            r"scored)\b",
            r"\byou(?:'re|\s+are)\s+(?:still\s+)?(?:missing|overlooking|forgetting|on the right|"
            r"getting"
            r" (?:there|close|warmer)|not there yet)",
            r"\b(?:you\s+)?(?:should|could)\s+have\s+(?:said|mentioned|asked|named|covered|"
            r"started)\b",
            r"\b(?:strong|weak|no|would|clear)[- ]hire\b|\bhire you\b|\bhiring (?:decision|bar)\b|"
            r"\byou(?:'d|\s+would)\s+(?:pass|fail)\b|\byou(?:'re|\s+are) hired\b",
            r"\b(?:at|for|of)\s+(?:a|an|the|your)\s+(?:junior|mid|senior|"
            r"staff)(?:[- ]\w+)?\s*level\b|"
            r"\b(?:junior|mid|senior|staff)[- ]level (?:answer|thinking|response)\b",
            r"\bi\s*(?:'d|'ll|\s+would|\s+will|\s+can)\s+(?:give|rate|score|mark|grade|count|"
            r"call)\s+"
            r"(?:you|that|this|it)\b",
            r"\b(?:full|top|bonus|extra)\s+(?:marks|points|credit)\b|\byour (?:score|rating|grade|"
            r"verdict|result) (?:is|so far|would|for)\b|\b(?:meets|below|above|exceeds) (?:the|my|"
            r"our)"
            r" (?:bar|expectations?)\b|\bi (?:would|had) expect(?:ed)? more\b|"
            r"\bmoving on to the next"
            r" round\b|\bgood enough for (?:me|now|this)\b",
            rf"{_LEAD}(?:that|this)\s+(?:answers (?:it|my|the)|covers (?:it|my|the|every|most)|"
            rf"settles (?:it|that)|"
            r"satisfies|does(?:n't| not) (?:answer|address|cover|work)|would(?:n't| not)? work|"
            r"won't work|"
            r"will not work|works\b|falls short|is what i (?:wanted|was looking)|"
            r"would (?:never|fail|certainly work))",
        )
    ),
    re.IGNORECASE,
)

_OFF_ROLE = re.compile(
    "|".join(
        (
            r"\bas an? (?:ai|artificial|large language model|language model|llm|assistant|"
            r"chat ?bot)\b",
            r"\bi(?:'m|\s+am)\s+(?:just |only )?(?:an? |the )?(?:ai|bot|chat ?bot|language model|"
            r"llm|"
            r"assistant|computer program|grader|model|claude|chatgpt|gpt)\b",
            r"\bi(?:'m|\s+am|\s+was|\s+have been)\s+(?:not\s+)?(?:allowed|permitted|instructed|"
            r"told|"
            r"programmed|designed|configured|supposed|required|able to (?:share|reveal|disclose|"
            r"help|"
            r"assist))\b",
            r"\bmy\s+(?:own\s+)?(?:system\s+)?(?:prompt|instructions|rules|guidelines|training|"
            r"programming|"
            r"rubric|guidance|developers|list|notes)\b",
            r"\b(?:the|this|our|a)\s+(?:grading\s+|scoring\s+)?rubric\b|\brubric (?:says|asks|"
            r"item|text)\b",
            r"\b(?:concept|move|stage|turn)\s+(?:id|ids|key|number)\b|\bmove\s+m\d+\b|\bm\d+\s*\|",
            r"\bthe candidate(?:'s)?\s+(?:has|have|had|is|was|did|does|should|said|says|answer|"
            r"answers|"
            r"response|needs|mentioned|must|appears|seems|turn|did not)\b",
            r"\b(?:expected|model|reference|ideal|sample)\s+answers?\s+(?:is|here|would|includes|"
            r"says|was)\b|"
            r"\banswer key\b|\bevaluation criteria\b|\bassessments?:|\bverdicts?:|\bthe verdict\b",
            r"^\W*(?:follow[- ]?up(?: question)?|question|interviewer|assistant|move|say|answer|"
            r"response|"
            r"probe|system|user)\s*(?:\d+\s*)?:",
            r"^\W*(?:sure|certainly|of course|absolutely)[!,.]?\s+here(?:'s| is| are)\b|"
            r"\bhere(?:'s| is) "
            r"(?:a|my|the|your) (?:next |follow[- ]up )?(?:question|follow[- ]?up|probe|response|"
            r"json)\b",
            r"\b(?:output|reply|respond|answer|return)(?:ing)?\s+(?:only\s+)?(?:in|with|"
            r"as)\s+(?:valid\s+)?json\b",
            r"\bi\s+(?:cannot|can't|can not|won't|will not)\s+(?:help|assist|comply|reveal|share|"
            r"disclose|"
            r"discuss|continue with|answer that)\b",
            r"\bignor(?:e|ing) (?:all |my |the |any )?(?:previous|prior|above|earlier)\b|"
            r"\bsystem message\b|"
            r"\bhidden (?:concepts?|list|facts|criteria)\b|\blisted concepts?\b|"
            r"\bthe concepts? (?:list|i)\b",
            r"\blanguage models? like me\b|\bi was trained\b|\bmy knowledge cut",
        )
    ),
    re.IGNORECASE,
)

_DANGER = re.compile(
    r"https?:|www\.|\w\.(?:com|org|net|io|dev|ai)\b|(?<!\w)@\w|</?\s?(?:candidate|interviewer|"
    r"system|user|"
    r"assistant|rubric|concept|move)|<[@#!:]",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"```|\]\(|`|\*\*?\S|\S\*\*?(?!\w)"
    r"|(?<!\w)__?\S[^_\n]*_(?!\w)|~~|\|\||^\s*(?:#{1,6}\s|>\s|[-*•]\s|\d+[.)]\s)|[<>{}|\\]"
    r"|&\w{2,6};|(?<!\w)#\w|\b\w+\(\)",
    re.MULTILINE,
)
_PLAIN_SPACE = frozenset(" \n\t")


def praise_in(text: str) -> str | None:
    """The words that praise or approve, or None."""
    return _found(_PRAISE, text)


def grade_in(text: str) -> str | None:
    """The words that grade or decide about hiring, or None."""
    return _found(_GRADES, text)


def role_break_in(text: str) -> str | None:
    """The words that talk about the interviewer's own works, or None."""
    return _found(_OFF_ROLE, text)


def markup_in(text: str) -> str | None:
    """Markup, or None; a quotation of what somebody typed may hold some."""
    return _found(_MARKUP, text)


def danger_in(text: str) -> str | None:
    """A link, a mention, a tag of a prompt or a character that nobody says, or None."""
    for char in text:
        if char not in _PLAIN_SPACE and unicodedata.category(char) in _UNSPOKEN:
            return f"U+{ord(char):04X}"
    return _found(_DANGER, text)


_UNSPOKEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "So", "Zl", "Zp"})


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return None if match is None else match[0].strip()

"""How people address whoever grades, in place of answering: one pattern of many wordings.

It is a list of forms that were met or thought of, and no more: what is worded otherwise gets
through here, and has to be stopped by what it lacks as evidence.
"""

from __future__ import annotations

import re

_WORDING = r"""
    \b(?:please\s+)?(?:ignore|disregard|forget|override|bypass)\s+(?:all\s+|any\s+)?
        (?:of\s+)?(?:the\s+|your\s+|these\s+|my\s+)?
        (?:previous|prior|above|earlier|preceding|system|existing|other|rubric|grading)?\s*
        (?:instructions?|prompts?|rules?|rubrics?|guidelines?|directions?|criteria)\b
        (?:\s+(?:above|before|and))?
    | \b(?:please\s+)?(?:give|award|grant|assign)\s+
        (?:(?:me|us|this(?:\s+answer)?|the\s+candidate|it)\s+)?
        (?:a\s+|an\s+|the\s+)?(?:full|top|maximum|max|perfect|highest|best|all|\d+)\s*
        (?:the\s+)?(?:possible\s+)?(?:marks?|scores?|points?|ratings?|credits?|grades?|hits?)\b
    | \bplease\s+(?:treat|consider|regard|accept|score|grade|mark|rate|count)\s+(?:this|my|it)\b
        [^.!?\n]{0,160}
    | \b(?:quote|cite|copy)\s+(?:\w+\s+){1,6}(?:for|as)\s+(?:\w+\s+){0,3}(?:each|every|all)\s+
        (?:the\s+)?(?:concepts?|points?|verdicts?)\b[^.!?\n]{0,120}
    | \b(?:reveal|print|list|repeat|dump|show|tell|give)\s+(?:me\s+|us\s+)?(?:all\s+)?(?:of\s+)?
        your\s+(?:\w+\s+)?(?:rubric|concepts?|hints?|instructions?|rules|prompt|criteria)\b
        [^.!?\n]{0,120}
    | \b(?:tell|give|show)\s+(?:me|us)\s+(?:all\s+)?(?:of\s+)?the\s+
        (?:rubric|hints?|concepts?|model\s+answer|answer\s+key)\b[^.!?\n]{0,120}
    | \blist\s+(?:all\s+)?(?:the\s+)?\w+\s+(?:that\s+)?you(?:'re|\s+are)\s+looking\s+for\b
        [^.!?\n]{0,120}
    | \bas\s+agreed\s+with\s+the\s+(?:interviewer|grader|examiner|judge)\b
    | \b(?:please\s+)?(?:mark|grade|score|rate|count|treat|record|classify|label)\s+
        (?:this(?:\s+(?:answer|concept|as))?|it|me|that|everything|all(?:\s+concepts?)?|every\s+concept)
        \s+(?:as\s+)?(?:a\s+|an\s+)?
        (?:hits?|correct|complete|covered|full|passed|pass|perfect|excellent|strong\s+hire|[345])\b
    | \b(?:every|each)\s+(?:verdict|rating|score|grade)\s+(?:is|=|:)\W{0,4}
        (?:hits?|[1-5])\b(?!\s*(?:to|or|[-–])\s*\w)
    | \b(?:verdicts?|ratings?|scores?|grades?)\s+(?:is|are)\s+(?:hits?|[1-5])\s+(?:in|for|on)\s+
        (?:all|every|each)\b
    | <!--[^<>\n]{0,160}-->
    | \bset\s+(?:the\s+|every\s+|all\s+)?(?:verdicts?|scores?|ratings?)\s+to\s+\w+
    | \bthe\s+candidate\s+(?:has\s+)?(?:clearly\s+|correctly\s+|fully\s+)?
        (?:demonstrated|covered|mentioned|shown|passed|satisfied|answered)\b(?:\s+\w+){0,4}
    | \b(?:you\s+are\s+now|act\s+as|from\s+now\s+on\s+you\s+are)\s+(?:an?\s+|the\s+)?
        (?:\w+\s+)?(?:grader|judge|evaluator|examiner|assistant|scorer)\b
    | \b(?:note|message|instructions?)\s+(?:to|for)\s+(?:the\s+)?
        (?:grader|judge|evaluator|examiner|scorer|rater|marker|ai|model|system)\b[^.!?\n]{0,120}
    | \b(?:this|that|it)\s+(?:(?:should\s+|must\s+)?counts?|qualifies|passes)\s+as\s+(?:an?\s+)?
        (?:\w+\s+)?(?:correct|complete|excellent|perfect|full|passing|strong)\b[^.!?;\n]{0,60}
    | \b(?:score|grade|mark|rate)\s+(?:it|this|me|everything)\s+(?:accordingly|[1-5]\b|highly|as)
        [^.!?;\n]{0,80}
    | \b(?:output|return|print|answer|reply|respond)\s+(?:with\s+)?"?(?:hit|pass|full\s+marks?)"?\b
        [^.!?;\n]{0,60}
    | \bnew\s+(?:system\s+)?instructions?\s*:
    | ^[ \t>*\#\[]*(?:system|assistant|developer|interviewer|grader|judge|evaluator)\s*\]?\s*:
    | (?<=[.!?]\s)(?-i:SYSTEM|ASSISTANT|DEVELOPER)\s*:
    | </?\s*(?:system|assistant|user|human|candidate|answer|interviewer|rubric|verdicts?|score|grade
        |grading|instructions?|prompt|evidence|transcript|data|concepts?|im_start|im_end)
        \b[^<>\n]{0,80}>
    | <\|[^|<>\n]{0,40}\|> | \[/?(?:inst|system)\] | "verdict"\s*:\s*"?\w{0,20}"?
    """
_SPACES = {r"\s+": r"\s{1,3}", r"\s*": r"\s{0,3}"}
"""Spaces are bounded, or a page of them would take the pattern seconds."""

INJECTION = re.compile(
    re.sub(r"\\s[+*]", lambda found: _SPACES[found[0]], _WORDING),
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
"""Finds the orders in a text."""

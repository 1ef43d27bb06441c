"""Study groups: who is in one, what is shared with it, and the blind reviews.

`study_groups.py` and `invitations.py` are about people, `sharing.py` about the look before a card
is shared, `postings.py` about the messages and threads of shares, `rating.py` about sheets,
`overrides.py` about answers to disputes. The rules are in `scoring.groups` and `scoring.review`.
"""

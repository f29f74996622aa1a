"""What nobody has measured, and why: rows that say so."""

from __future__ import annotations

MISSING = {
    "accents of real people": "no recordings with speakers' consent; synthetic voices are no accents",
    "speech impairments, stuttering": "no recordings with speakers' consent",
    "skin tone of real people": "a few faces; their relit versions show light, not people",
    "real head scarves, veils, turbans": "no recordings; a drawn scarf shows only what it covers",
    "eye conditions (strabismus, nystagmus), blindness": "no recordings; findings in gaze never count by themselves",
    "paralysis of the face, tics": "no recordings; no expression is rated under the default policy",
    "age, sex and group against human grades": "the graded answers name no speaker; a job's impact report has its own",
}

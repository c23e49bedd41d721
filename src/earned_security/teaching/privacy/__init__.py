"""Data protection: what a course holds on one person, a copy of it for them, and deleting it.

``identity`` says who is meant, ``holdings`` finds what there is, ``contents`` and ``gradebook`` part what is theirs
from what is others', ``export`` copies and ``deletion`` deletes. Nothing here knows what another room writes: whatever
lies in the course's folder is looked at by its name and its contents.
"""

"""Durable work: jobs of steps that take ids, done whole although the machine dies, and tried again when they fail.

Rooms declare their jobs; the root puts them together in one worker. Effects in the record's database happen once:
each step says its key in the transaction of its effect (`once`).
"""

from trellis.jobs.effects import is_done, once
from trellis.jobs.failures import JobFailed
from trellis.jobs.outbox import ask, asked_for, oldest_asked
from trellis.jobs.places import Place
from trellis.jobs.steps import Asked, Backoff, Every, Job, Line, Step, Task
from trellis.jobs.worker import Worker
from trellis.jobs.worklist import Listed, Worklist

__all__ = [
    "Asked",
    "Backoff",
    "Every",
    "Job",
    "JobFailed",
    "Line",
    "Listed",
    "Place",
    "Step",
    "Task",
    "Worker",
    "Worklist",
    "ask",
    "asked_for",
    "is_done",
    "oldest_asked",
    "once",
]

"""Work that outlives a request: a queue in the database, workers, and what is done every so many minutes.

    from liantu.web.jobs import Context, job

    @job("atlas.check_upload")
    def check_upload(context: Context, upload: int) -> dict | None:
        for done, row in enumerate(rows):
            context.progress(done, len(rows), "Checking")
        with context.commit() as result:  # one transaction with the job's end
            store(...)
            result["problems"] = 3

`actions.enqueue` puts it into the queue. A function may be called again after its worker died, so it writes
only inside `commit`. Modules named `jobs` anywhere in an app are found by themselves; the engine is imported
inside the functions, since the web process reads these modules too.
"""

from liantu.web.jobs.registry import CancelledError, Context, job

__all__ = ["CancelledError", "Context", "job"]

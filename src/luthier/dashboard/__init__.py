"""Dashboard: pages for people, the rows as HTML. They read; what changes a job is an operation, as for AWS clients."""

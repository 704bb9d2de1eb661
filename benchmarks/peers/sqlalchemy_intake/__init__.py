"""FastAPI + SQLAlchemy's asynchronous ORM, one transaction for each request: the usual way to keep a report."""

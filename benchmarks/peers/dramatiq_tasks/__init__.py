"""FastAPI + Dramatiq on RabbitMQ: processes of threads, nothing in the middle that the work does not need."""

"""FastAPI + Celery on RabbitMQ: prefork, late acknowledgement, no results kept."""

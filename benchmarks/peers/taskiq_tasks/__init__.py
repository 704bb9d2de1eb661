"""FastAPI + TaskIQ on RabbitMQ: asynchronous workers, acknowledged when the attempt is recorded."""

"""The same work done with what is usual today, each as its documentation advises, tuned; they run in `.venv-bench`."""

"""What several destinations share: the case as JSON or by a template, and rules of what an answer means. Pure."""

"""What several destinations share: the case as JSON, and the same read strictly, for those who play them."""

"""Operations by the API: what the console can do, asked for by programs with a person's key."""

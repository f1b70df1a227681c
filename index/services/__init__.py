"""Takes tables of services; gives cards, and tables of cards."""

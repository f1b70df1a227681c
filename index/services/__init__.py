"""Takes tables of services, as spreadsheets really save them; gives cards, or every fault by row.
Gives cards as tables and maps again, which can be taken back in."""

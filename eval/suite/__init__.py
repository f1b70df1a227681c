"""Takes the files of `eval/cases`; gives cases, checked against the guides with file and line.
Takes them to spreadsheets and back, and drafts of new ones from the journal."""

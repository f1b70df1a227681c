"""Takes the files of `eval/cases`; gives cases, and takes them to and from spreadsheets."""

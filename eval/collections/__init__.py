"""Takes files of labelled questions, each with who wrote them and how; gives items to ask.
Practice fits and trains, dev chooses, test is told and never looked at one by one."""

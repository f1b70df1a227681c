"""Takes data that nobody here wrote; gives how well and how fast the bot finds and reads in them.
Each measure is a module, and a command of `bussola eval benchmark`."""

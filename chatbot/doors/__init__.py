"""Takes what other programs ask, each in its own manner; gives what the bot answers, unchanged.
llama-index, OpenAI's protocol and MCP in; a language model, where one is set, out.
"""

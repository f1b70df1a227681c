"""The addresses outside that guides lead to, looked at on request: slowly, politely, and never an
address of a private network.
"""

"""Takes every request before the routes do; gives them those they may have, refuses what is too
large, too frequent or malformed. `protection` has the order.
"""

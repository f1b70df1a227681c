"""Takes every request before the routes do; refuses what is too large, too frequent or malformed.
`protection` has the order.
"""

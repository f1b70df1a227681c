"""Takes sentences and the units they rest on; tells how well a check tells those that the units
say from those that they do not. Of `benchmark support` alone.
"""

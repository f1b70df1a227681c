"""Takes Markdown files; gives guides, and passages cut from them.
Nothing else decides what is cited: `publish.reuse` builds all anew when this folder changes.
"""

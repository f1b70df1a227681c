"""Takes documents of others (Word, OpenDocument, PDF, saved pages); gives draft guides.
What a file says is kept, what cannot be is told.

The way of a document: `intake` asks `bounded` for it, which has `reader` read it in a process of
its own: `office_file`, `web_page` and `pdf_file` each make what `pandoc` understands, `blocks`
turns that into Markdown and losses. Back home, `chapters` divides it, `nearness` and `questions`
propose what an editor would otherwise look for, `draft` writes the guide.
"""

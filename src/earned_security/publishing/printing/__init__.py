"""The book on paper and as an EPUB: one build of Sphinx's EPUB builder, from whose pages every PDF is made.

``epub`` gives claims, pieces and figures a form that needs no script, ``documents`` joins the built pages into the
whole book, the modules' handouts and the checklist, and ``browser`` has Chromium draw and print.
"""
